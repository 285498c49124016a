package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.Frames;
import com.posthog.aigateway.testing.RawHttp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every error of Bedrock's, wherever Bedrock stands among a model's targets: who answers, and in which words.
class FailoverBedrockTest {

    /// How Bedrock is spoken to, and in which shape.
    enum Lane {
        INVOKE("invoke", FailoverRig.MESSAGES),
        MANTLE("mantle", FailoverRig.MESSAGES),
        MANTLE_CHAT("mantle-openai", FailoverRig.CHAT),
        MANTLE_RESPONSES("mantle-openai", FailoverRig.RESPONSES);

        private final String provider;
        private final String path;

        Lane(String provider, String path) {
            this.provider = provider;
            this.path = path;
        }

        boolean isAnthropic() {
            return path.equals(FailoverRig.MESSAGES);
        }
    }

    /// Where it stands.
    enum Place {
        ALONE,
        /// The model's own provider; the next is well.
        OWN,
        /// The same, and the next is not well either.
        OWN_IN_NEED,
        /// The next one, while the model's own answers 529.
        BEHIND;

        private String model(Lane lane) {
            var word = this == OWN_IN_NEED ? "own" : name().toLowerCase(Locale.ROOT);
            return lane.provider + "-" + word;
        }
    }

    /// An error as AWS answers it.
    ///
    /// @param status of AWS's answer
    /// @param seen the status that a caller of Anthropic's gets
    /// @param type in Anthropic's words
    /// @param why another target is asked; empty: none is
    record AwsFault(String name, int status, int seen, String type, String why) {

        boolean moves() {
            return !why.isEmpty();
        }

        boolean isOurs() {
            return why.equals("key_rejected");
        }

        /// OpenAI's own house has no 529.
        int seenIn(Lane lane) {
            return lane.isAnthropic() || seen != 529 ? seen : 503;
        }

        String bodyIn(Lane lane) {
            return lane.isAnthropic()
                    ? "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + WORDS
                            + "\"},\"request_id\":\"req-aws\"}"
                    : "{\"error\":{\"message\":\"" + WORDS + "\",\"type\":\"" + (seen < 500 ? type : "server_error")
                            + "\",\"param\":null,\"code\":" + (seen == 429 ? "\"rate_limit_exceeded\"" : "null") + "}}";
        }
    }

    private static final String WORDS = "no, says arn:aws:bedrock";

    private static final List<AwsFault> FAULTS = List.of(
            new AwsFault("ThrottlingException", 429, 429, "rate_limit_error", "rate_limited"),
            new AwsFault("ThrottlingException", 400, 429, "rate_limit_error", "rate_limited"),
            new AwsFault("TooManyRequestsException", 429, 429, "rate_limit_error", "rate_limited"),
            new AwsFault("ServiceQuotaExceededException", 400, 429, "rate_limit_error", "rate_limited"),
            new AwsFault("ModelNotReadyException", 429, 529, "overloaded_error", "provider_error"),
            new AwsFault("ModelTimeoutException", 408, 529, "overloaded_error", "provider_error"),
            new AwsFault("ServiceUnavailableException", 503, 529, "overloaded_error", "provider_error"),
            new AwsFault("InternalServerException", 500, 500, "api_error", "provider_error"),
            new AwsFault("ModelErrorException", 424, 500, "api_error", "provider_error"),
            new AwsFault("ModelStreamErrorException", 424, 500, "api_error", "provider_error"),
            new AwsFault("ValidationException", 400, 400, "invalid_request_error", ""),
            new AwsFault("ResourceNotFoundException", 404, 404, "not_found_error", "model_missing"),
            new AwsFault("AccessDeniedException", 403, 403, "permission_error", "key_rejected"),
            new AwsFault("UnrecognizedClientException", 403, 403, "permission_error", "key_rejected"),
            new AwsFault("InvalidSignatureException", 403, 403, "permission_error", "key_rejected"),
            new AwsFault("ExpiredTokenException", 400, 403, "permission_error", "key_rejected"),
            new AwsFault("IncompleteSignatureException", 400, 403, "permission_error", "key_rejected"),
            new AwsFault("MissingAuthenticationTokenException", 400, 403, "permission_error", "key_rejected"),
            new AwsFault("UnheardOfException", 400, 400, "invalid_request_error", ""),
            new AwsFault("UnheardOfException", 502, 502, "api_error", "provider_error"));

    /// Errors without a name, in the envelope of the family whose shape mantle speaks.
    private static final List<AwsFault> SPOKEN = List.of(
            new AwsFault("", 400, 400, "invalid_request_error", ""),
            new AwsFault("", 401, 401, "authentication_error", "key_rejected"),
            new AwsFault("", 403, 403, "permission_error", "key_rejected"),
            new AwsFault("", 404, 404, "not_found_error", "model_missing"),
            new AwsFault("", 413, 413, "request_too_large", ""),
            new AwsFault("", 429, 429, "rate_limit_error", "rate_limited"),
            new AwsFault("", 500, 500, "api_error", "provider_error"),
            new AwsFault("", 503, 529, "overloaded_error", "provider_error"),
            new AwsFault("", 529, 529, "overloaded_error", "provider_error"));

    /// How an error is said.
    enum Form {
        NAMED("\r\nx-amzn-ErrorType: %s", "{\"message\":\"" + WORDS + "\"}"),
        /// With a place behind the name, and with IAM's capital letter.
        PLACED(
                "\r\nx-amzn-ErrorType: %s:http://internal.amazon.com/coral/com.amazon.bedrock/",
                "{\"Message\":\"" + WORDS + "\"}"),
        SPOKEN("", "");

        private final String header;
        private final String body;

        Form(String header, String body) {
            this.header = header;
            this.body = body;
        }
    }

    record Answered(AwsFault fault, Lane lane, boolean stream, Place place, Form form) {

        @Override
        public String toString() {
            return lane.provider + " at " + lane.path + (stream ? " streamed, " : " whole, ") + place + ", "
                    + fault.status() + " " + fault.name() + " " + form;
        }

        String wire() {
            var body = form == Form.SPOKEN ? fault.bodyIn(lane) : form.body;
            return "HTTP/1.1 " + fault.status() + " No\r\nConnection: close\r\nContent-Type: application/json\r\n"
                    + "x-amzn-RequestId: req-aws" + form.header.formatted(fault.name())
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        }
    }

    static Stream<Answered> answers() {
        var answers = new ArrayList<Answered>();
        for (var lane : Lane.values()) {
            for (boolean stream : List.of(false, true)) {
                for (var place : Place.values()) {
                    FAULTS.forEach(fault -> answers.add(new Answered(fault, lane, stream, place, Form.NAMED)));
                    if (lane != Lane.INVOKE) {
                        SPOKEN.forEach(fault -> answers.add(new Answered(fault, lane, stream, place, Form.SPOKEN)));
                    }
                }
                FAULTS.forEach(fault -> answers.add(new Answered(fault, lane, stream, Place.ALONE, Form.PLACED)));
            }
        }
        return answers.stream();
    }

    /// How far a stream has come when it fails.
    enum Until {
        NOTHING(""),
        MESSAGE_START(TOLD.preamble()),
        CONTENT(TOLD.preamble() + TOLD.content());

        private final String events;

        Until(String events) {
            this.events = events;
        }
    }

    private static final ToldAnswers TOLD = new ToldAnswers("aws", "/messages");

    /// How InvokeModel's binary stream fails.
    ///
    /// @param last what comes after the events
    /// @param type of the error, in Anthropic's words; empty: AWS says none, and the caller hears ours
    /// @param why another target is asked as long as there was no content; empty: none is
    record Failure(String name, byte[] last, String type, String why) {

        static Failure exception(String name, String type, String why) {
            return new Failure(name, Frames.of(Frames.exception(name, WORDS)), type, why);
        }

        static Failure error(String code, String type, String why) {
            return new Failure("error " + code, Frames.of(Frames.error(code, WORDS)), type, why);
        }

        boolean isOurs() {
            return why.equals("key_rejected");
        }

        /// What the caller is told by an event.
        String words() {
            return isOurs()
                    ? "the provider rejected this gateway's own key; its operators must mend that, a retry will not help"
                    : WORDS;
        }

        static List<Failure> all() {
            var one = Frames.of(Frames.chunk("{\"type\":\"content_block_stop\",\"index\":0}"));
            var spoilt = one.clone();
            spoilt[one.length - 1] ^= 1;
            var misled = one.clone();
            misled[3] ^= 1;
            return List.of(
                    exception("throttlingException", "rate_limit_error", "rate_limited"),
                    exception("serviceUnavailableException", "overloaded_error", "error_in_stream"),
                    exception("modelTimeoutException", "overloaded_error", "error_in_stream"),
                    exception("modelNotReadyException", "overloaded_error", "error_in_stream"),
                    exception("modelStreamErrorException", "api_error", "error_in_stream"),
                    exception("internalServerException", "api_error", "error_in_stream"),
                    exception("validationException", "invalid_request_error", ""),
                    exception("accessDeniedException", "permission_error", "key_rejected"),
                    error("ExpiredTokenException", "permission_error", "key_rejected"),
                    error("InternalFailure", "api_error", "error_in_stream"),
                    error("ThrottlingException", "rate_limit_error", "rate_limited"),
                    new Failure("a bad sum of a message", spoilt, "", "error_in_stream"),
                    new Failure("a bad sum of a length", misled, "", "error_in_stream"),
                    new Failure("a message cut short", Arrays.copyOf(one, one.length - 5), "", "error_in_stream"),
                    new Failure("a length cut short", Arrays.copyOf(one, 7), "", "error_in_stream"),
                    new Failure("an end too early", new byte[0], "", "error_in_stream"));
        }
    }

    record Streamed(Failure failure, Until until, Place place) {

        @Override
        public String toString() {
            return place + ", " + failure.name() + " after " + until;
        }

        boolean moves() {
            return !failure.why().isEmpty() && until != Until.CONTENT;
        }

        String wire() {
            var frames = new StringBuilder();
            for (var event : until.events.split("\n\n", -1)) {
                // Bedrock sends no pings.
                if (!event.isEmpty() && !event.startsWith("event: ping")) {
                    frames.append(text(Frames.of(Frames.chunk(event.substring(event.indexOf('{'))))));
                }
            }
            return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/vnd.amazon.eventstream\r\n"
                    + "x-amzn-RequestId: req-aws\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ToldAnswers.piece(frames + text(failure.last())) + "0\r\n\r\n";
        }

        private static String text(byte[] bytes) {
            return new String(bytes, ISO_8859_1);
        }

        String events() {
            return until.events.replace("event: ping\ndata: {\"type\":\"ping\"}\n\n", "");
        }

        String errorEvent() {
            return "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"" + failure.type()
                    + "\",\"message\":\"" + failure.words() + "\"},\"request_id\":\"req-aws\"}\n\n";
        }
    }

    static Stream<Streamed> streams() {
        var streams = new ArrayList<Streamed>();
        for (var failure : Failure.all()) {
            for (var until : Until.values()) {
                for (var place : Place.values()) {
                    streams.add(new Streamed(failure, until, place));
                }
            }
        }
        return streams.stream();
    }

    @TempDir
    static Path home;

    /// What a breaker counts, and that a model is missing somewhere, is forgotten by then.
    private static final FailoverTowns<Town> TOWNS = new FailoverTowns<>(Town::open, Duration.ofMinutes(6));

    /// A gateway between Bedrock and the families' own houses.
    ///
    /// @param answer Bedrock's next
    private record Town(
            FakeUpstream bedrock,
            AtomicReference<String> answer,
            PlayedProvider primary,
            PlayedProvider second,
            FailoverRig rig)
            implements Closeable {

        static Town open(Path folder, FakeClock clock) throws IOException {
            var answer = new AtomicReference<>("");
            var bedrock = new FakeUpstream(peer -> {
                peer.readRequest();
                peer.send(answer.get());
            });
            var primary = new PlayedProvider("primary", () -> "status=529");
            var second = new PlayedProvider("second");
            var catalogue = catalogue(bedrock, primary, second);
            return new Town(bedrock, answer, primary, second, FailoverRig.open(folder, catalogue, clock, ""));
        }

        @Override
        public void close() throws IOException {
            rig.close();
            bedrock.close();
            primary.close();
            second.close();
        }
    }

    private static String catalogue(FakeUpstream bedrock, PlayedProvider primary, PlayedProvider second) {
        var models = new StringBuilder();
        for (var provider : List.of("invoke", "mantle", "mantle-openai")) {
            boolean openai = provider.endsWith("openai");
            var house = openai ? "openai" : "anthropic";
            var shapes = openai ? "openai-chat, openai-responses" : "anthropic-messages";
            var there = "{ provider: " + provider + ", model: bedrock.m }";
            models.append(model(provider + "-alone", shapes, there))
                    .append(model(provider + "-own", shapes, there + ", { provider: second-" + house + ", model: s }"))
                    .append(model(provider + "-behind", shapes, "{ provider: " + house + ", model: p }, " + there));
        }
        return """
                providers:
                  invoke: { family: anthropic, wire: bedrock-invoke, url: "%1$s", auth: { bearer: "${env:KEY}" } }
                  mantle: { family: anthropic, wire: bedrock-mantle, url: "%1$s", auth: { bearer: "${env:KEY}" } }
                  mantle-openai: { family: openai, wire: bedrock-mantle, url: "%1$s", auth: { bearer: "${env:KEY}" } }
                  anthropic: { family: anthropic, url: "%2$s", key: "${env:KEY}" }
                  openai: { family: openai, url: "%2$s", key: "${env:KEY}" }
                  second-anthropic: { family: anthropic, url: "%3$s", key: "${env:KEY}" }
                  second-openai: { family: openai, url: "%3$s", key: "${env:KEY}" }
                lines: []
                models:
                %4$s""".formatted(bedrock.uri(), primary.uri(), second.uri(), models);
    }

    private static String model(String id, String shapes, String targets) {
        return """
                  - id: %s
                    status: active
                    shapes: [%s]
                    reasons: false
                    limits: { context: 100000, output: 1000 }
                    prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                    targets: [ %s ]
                """.formatted(id, shapes, targets);
    }

    @BeforeEach
    void begin() throws IOException {
        TOWNS.begin(home);
    }

    @AfterAll
    static void tell() throws IOException {
        TOWNS.close();
        System.out.println("failover: " + TOWNS.cases() + " cases of Bedrock's errors");
    }

    private static RawHttp.Answer ask(Lane lane, Place place, boolean stream, String answer) throws IOException {
        TOWNS.here().answer().set(answer);
        var body = FailoverRig.body(lane.path, stream, "")
                .replaceFirst("\"model\":\"[^\"]*\"", "\"model\":\"" + place.model(lane) + "\"");
        var play = place == Place.OWN_IN_NEED ? "status=500" : "ok";
        try (var caller = new RawHttp(TOWNS.here().rig().gateway.port())) {
            caller.send(FailoverRig.request(lane.path, body, "x-second: " + play));
            var head = caller.head();
            var rest = caller.rest(head);
            boolean counted = head.headers().containsKey("content-length");
            return new RawHttp.Answer(head.status(), head.headers(), counted ? rest : Chunked.read(rest));
        }
    }

    private static void assertAttempts(RawHttp.Answer answer, Place place, String why, Ending ending) {
        var receipt = TOWNS.here().rig().receipt(answer);
        var next = receipt.attempts().stream().map(Attempt::next).toList();
        switch (place) {
            case ALONE -> assertThat(next).containsOnlyNulls().hasSize(1);
            case OWN, OWN_IN_NEED -> {
                assertThat(next).hasSize(why.isEmpty() ? 1 : 2);
                assertThat(next.getFirst()).isEqualTo(why.isEmpty() ? null : why);
            }
            case BEHIND -> assertThat(next).containsExactly("provider_error", null);
        }
        assertThat(receipt.ending()).isEqualTo(ending);
    }

    private static void assertSecondAnswers(RawHttp.Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("x-posthog-provider")).startsWith("second-");
        assertThat(answer.body()).contains("m-second").doesNotContain("m-aws", "says");
    }

    private static void assertOurAccountsFault(RawHttp.Answer answer, Lane lane) {
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body())
                .contains("rejected this gateway's own key", lane.isAnthropic() ? "api_error" : "provider_error")
                .doesNotContain("arn:aws");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void passesOnAnErrorOrLeavesItBehind(Answered it) throws IOException {
        int before = TOWNS.here().bedrock().accepted();

        var answer = ask(it.lane(), it.place(), it.stream(), it.wire());

        assertThat(TOWNS.here().bedrock().accepted() - before).isEqualTo(1);
        if (it.place() == Place.OWN && it.fault().moves()) {
            assertSecondAnswers(answer);
        } else if (it.place() == Place.BEHIND) {
            var primary = new ToldAnswers("primary", it.lane().path.substring("/v1".length()));
            assertThat(answer.status()).isEqualTo(529);
            assertThat(answer.body()).isEqualTo(primary.errorBody(529, "", ""));
            assertThat(answer.header("retry-after")).isEqualTo("7");
        } else if (it.fault().isOurs()) {
            assertOurAccountsFault(answer, it.lane());
        } else {
            assertThat(answer.status()).isEqualTo(it.fault().seenIn(it.lane()));
            assertThat(answer.body()).isEqualTo(it.fault().bodyIn(it.lane()));
            assertThat(answer.header("content-type")).isEqualTo("application/json");
            assertThat(answer.header(it.lane().isAnthropic() ? "request-id" : "x-request-id"))
                    .isEqualTo("req-aws");
        }
        boolean well = answer.status() == 200;
        assertThat(well).isEqualTo(it.place() == Place.OWN && it.fault().moves());
        assertAttempts(answer, it.place(), it.fault().why(), well ? Ending.COMPLETE : Ending.FAILED);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void endsAStreamThatFailsOrBeginsAnother(Streamed it) throws IOException {
        var answer = ask(Lane.INVOKE, it.place(), true, it.wire());

        var why = it.moves() ? it.failure().why() : "";
        if (it.place() == Place.OWN && it.moves()) {
            assertSecondAnswers(answer);
            assertAttempts(answer, it.place(), why, Ending.COMPLETE);
            return;
        }
        if (it.place() == Place.OWN_IN_NEED && it.moves() && it.failure().isOurs()) {
            assertOurAccountsFault(answer, Lane.INVOKE);
            assertAttempts(answer, it.place(), why, Ending.FAILED);
            return;
        }
        // Where nobody else is left to be asked, nothing is held back: also behind a primary that said why not.
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("text/event-stream");
        assertThat(answer.header("request-id")).isEqualTo("req-aws");
        var got = answer.body();
        if (it.failure().type().isEmpty()) {
            assertThat(got).startsWith(it.events() + "event: error\ndata: {");
            assertThat(got.substring(it.events().length()))
                    .contains("overloaded_error", "the provider's stream")
                    .containsOnlyOnce("event: ");
        } else {
            assertThat(got).isEqualTo(it.events() + it.errorEvent());
        }
        assertAttempts(answer, it.place(), why, Ending.INCOMPLETE);
    }
}
