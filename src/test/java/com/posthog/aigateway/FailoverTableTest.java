package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.RawHttp;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way in which a primary can fail, in each shape, streamed and not: who answers, and with what.
class FailoverTableTest {

    /// A failure of the primary, or what looks like one.
    ///
    /// @param why the attempt was followed by another; empty where none follows
    /// @param streamed null: whether or not
    /// @param paths on which it is played
    record Row(String play, String why, @Nullable Boolean streamed, List<String> paths) {

        static Row moves(String play, String why) {
            return new Row(play, why, null, ALL);
        }

        static Row stays(String play) {
            return new Row(play, "", null, ALL);
        }

        static Row movesInStream(String play, String why) {
            return new Row(play, why, true, ALL);
        }

        static Row staysInStream(String play) {
            return new Row(play, "", true, ALL);
        }

        Row on(String... those) {
            return new Row(play, why, streamed, List.of(those));
        }

        boolean moves() {
            return !why.isEmpty();
        }

        /// 0 where the primary does not begin with an error.
        int status() {
            return play.startsWith("status=") || play.startsWith("page=")
                    ? Integer.parseInt(play.substring(play.indexOf('=') + 1).split(";", 2)[0])
                    : 0;
        }

        private String part(int number) {
            var parts = play.split(";", 3);
            return parts.length > number ? parts[number] : "";
        }

        String errorBody(ToldAnswers primary) {
            return play.startsWith("page=") ? primary.pageBody() : primary.errorBody(status(), part(1), part(2));
        }

        /// True where the caller must not see what the provider said.
        boolean isOurs() {
            return List.of("key_rejected", "quota").contains(why);
        }
    }

    private static final List<String> ALL = List.of(FailoverRig.CHAT, FailoverRig.RESPONSES, FailoverRig.MESSAGES);
    private static final String[] OPENAI = {FailoverRig.CHAT, FailoverRig.RESPONSES};

    /// Where what a model refuses, or a filter holds back, is an answer, and where a model that is missing is one.
    private static List<Row> answers() {
        return List.of(
                Row.stays("status=400;content_filter"),
                Row.stays("status=400;content_policy_violation"),
                new Row("refusal", "", false, ALL),
                Row.staysInStream("refusal-first"),
                Row.staysInStream("refusal-late"),
                Row.staysInStream("error-first=content_filter"),
                Row.staysInStream("preamble-error=content_filter"),
                Row.staysInStream("preamble-error=content_policy_violation"),
                Row.stays("status=404").on(OPENAI),
                Row.stays("status=404;previous_response_not_found").on(OPENAI),
                Row.stays("page=404"),
                Row.moves("status=404;model_not_found", "model_missing"),
                Row.moves("status=404;DeploymentNotFound", "model_missing").on(OPENAI),
                Row.moves("status=404", "model_missing").on(FailoverRig.MESSAGES));
    }

    private static List<Row> requests() {
        return List.of(
                Row.stays("status=400"),
                Row.stays("page=400"),
                Row.stays("status=400;context_length_exceeded"),
                // Of the words for an account that may spend no more, as a caller might say them himself.
                Row.stays("status=400;;messages.0: insufficient_quota is no role"),
                Row.stays("status=405"),
                Row.stays("status=408"),
                Row.stays("status=409"),
                Row.stays("status=413"),
                Row.stays("status=422"),
                Row.staysInStream("preamble-error=invalid_request_error"),
                Row.staysInStream("preamble-event=invalid_prompt").on(FailoverRig.RESPONSES));
    }

    private static List<Row> providers() {
        return List.of(
                Row.moves("status=500", "provider_error"),
                Row.moves("status=501", "provider_error"),
                Row.moves("status=502", "provider_error"),
                Row.moves("status=503", "provider_error"),
                Row.moves("status=504", "provider_error"),
                Row.moves("status=520", "provider_error"),
                Row.moves("status=521", "provider_error"),
                Row.moves("status=522", "provider_error"),
                Row.moves("status=523", "provider_error"),
                Row.moves("status=524", "provider_error"),
                Row.moves("status=529", "provider_error"),
                Row.moves("page=503", "provider_error"),
                Row.moves("status=429", "rate_limited"),
                Row.moves("page=429", "rate_limited"),
                Row.moves("close", "broken"),
                Row.moves("reset", "broken"),
                new Row("truncate", "broken", false, ALL));
    }

    private static List<Row> accounts() {
        return List.of(
                Row.moves("status=401", "key_rejected"),
                Row.moves("status=403", "key_rejected"),
                Row.moves("page=403", "key_rejected"),
                Row.moves("status=402", "quota"),
                Row.moves("page=402", "quota"),
                Row.moves("status=429;insufficient_quota", "quota"),
                Row.moves("status=429;billing_not_active", "quota"),
                Row.moves("status=429;billing_hard_limit_reached", "quota"),
                Row.moves("status=429;enforced_spend_limit_reached", "quota"),
                Row.moves("status=400;enforced_spend_limit_reached", "quota"),
                Row.moves("status=400;contract_spend_limit_reached", "quota"),
                Row.moves("status=400;billing_hard_limit_reached", "quota"),
                Row.moves("status=400;billing_not_active", "quota"),
                Row.moves("status=400;billing_error", "quota"),
                Row.moves(
                        "status=400;;Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.",
                        "quota"),
                Row.moves("status=400;;You have reached your specified API usage limits.", "quota"),
                Row.moves("status=429;;You will regain access on 2026-12-01 at 00:00 UTC.", "quota"),
                Row.movesInStream("error-first=insufficient_quota", "quota"),
                Row.movesInStream("error-first=billing_error", "quota"),
                Row.movesInStream("preamble-error=authentication_error", "key_rejected"),
                Row.movesInStream("preamble-error=permission_error", "key_rejected"));
    }

    private static List<Row> streams() {
        return List.of(
                Row.movesInStream("error-first=server_error", "error_in_stream"),
                Row.movesInStream("error-first=overloaded_error", "error_in_stream"),
                Row.movesInStream("error-first=rate_limit_exceeded", "rate_limited"),
                Row.movesInStream("preamble-error=api_error", "error_in_stream"),
                Row.movesInStream("preamble-event=server_error", "error_in_stream")
                        .on(FailoverRig.RESPONSES),
                Row.movesInStream("nothing-end", "error_in_stream"),
                Row.movesInStream("nothing-cut", "error_in_stream"),
                Row.movesInStream("preamble-end", "error_in_stream"),
                Row.movesInStream("preamble-cut", "error_in_stream"),
                Row.movesInStream("preamble-half", "error_in_stream"),
                Row.staysInStream("preamble-long=server_error"),
                Row.staysInStream("content-error=server_error"),
                Row.staysInStream("content-error=insufficient_quota"),
                Row.staysInStream("content-event=server_error").on(FailoverRig.RESPONSES),
                Row.staysInStream("content-cut"));
    }

    static List<Row> rows() {
        return Stream.of(answers(), requests(), providers(), accounts(), streams())
                .flatMap(List::stream)
                .toList();
    }

    record Case(Row row, String path, boolean stream, String fallback) {

        @Override
        public String toString() {
            return path + (stream ? " streamed, " : " whole, ") + row.play() + ", then " + fallback;
        }

        private ToldAnswers primary() {
            return new ToldAnswers("primary", path.substring("/v1".length()));
        }
    }

    /// What comes of the second attempt; where there is none, one would go well.
    private static final List<String> FALLBACKS = List.of("ok", "status=500", "status=400", "status=429", "close");

    /// All of them once for each reason; the other rows of the same reason, with what differs most.
    private static List<String> fallbacks(Row row, Set<String> reasons) {
        return FALLBACKS.subList(0, !row.moves() ? 1 : reasons.add(row.why()) ? FALLBACKS.size() : 3);
    }

    static Stream<Case> cases() {
        var cases = new ArrayList<Case>();
        var reasons = new HashSet<String>();
        for (var row : rows()) {
            var fallbacks = fallbacks(row, reasons);
            for (var path : row.paths()) {
                for (boolean stream : row.streamed() == null ? List.of(false, true) : List.of(row.streamed())) {
                    for (var fallback : fallbacks) {
                        cases.add(new Case(row, path, stream, fallback));
                    }
                }
            }
        }
        return cases.stream();
    }

    @TempDir
    static Path home;

    /// What a breaker counts, and how long a provider wants to be left alone, is over by then.
    private static final FailoverTowns<Town> TOWNS = new FailoverTowns<>(Town::open, Duration.ofMinutes(2));

    /// A gateway between its two providers.
    private record Town(PlayedProvider primary, PlayedProvider fallback, FailoverRig rig) implements Closeable {

        static Town open(Path folder, FakeClock clock) throws IOException {
            var primary = new PlayedProvider("primary");
            var fallback = new PlayedProvider("fallback");
            return new Town(primary, fallback, FailoverRig.start(folder, primary.uri(), fallback.uri(), clock));
        }

        @Override
        public void close() throws IOException {
            rig.close();
            primary.close();
            fallback.close();
        }
    }

    @BeforeEach
    void begin() throws IOException {
        TOWNS.begin(home);
    }

    @AfterAll
    static void tell() throws IOException {
        TOWNS.close();
        System.out.println("failover: " + TOWNS.cases() + " cases of the table");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answersAsTheTableSays(Case it) throws IOException {
        int before = TOWNS.here().primary().asked();
        int beforeElsewhere = TOWNS.here().fallback().asked();

        var head = ask(it);

        var receipt = TOWNS.here().rig().receipt(head);
        assertThat(receipt.attempts())
                .extracting(Attempt::next)
                .first()
                .isEqualTo(it.row().moves() ? it.row().why() : null);
        assertThat(TOWNS.here().fallback().asked() - beforeElsewhere)
                .isEqualTo(it.row().moves() ? 1 : 0);
        assertThat(TOWNS.here().primary().asked() - before).isEqualTo(1);
        if (it.row().play().startsWith("refusal")) {
            assertThat(receipt.ending()).isEqualTo(Ending.COMPLETE);
        }
        if (it.row().moves() && it.fallback().equals("ok")) {
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("x-posthog-provider")).startsWith("second-");
            assertThat(head.header("x-posthog-attempts")).isEqualTo("2");
            assertThat(head.body()).contains("m-fallback").doesNotContain("primary");
            assertThat(receipt.ending()).isEqualTo(Ending.COMPLETE);
        } else {
            assertPrimarysOwn(it, head);
        }
    }

    private static RawHttp.Answer ask(Case it) throws IOException {
        try (var caller = new RawHttp(TOWNS.here().rig().gateway.port())) {
            caller.send(FailoverRig.request(
                    it.path(),
                    FailoverRig.body(it.path(), it.stream(), ""),
                    "x-primary: " + it.row().play(),
                    "x-fallback: " + it.fallback()));
            var head = caller.head();
            return new RawHttp.Answer(head.status(), head.headers(), caller.rest(head));
        }
    }

    private static void assertPrimarysOwn(Case it, RawHttp.Answer answer) {
        var row = it.row();
        assertThat(answer.body()).doesNotContain("says fallback").doesNotContain("m-fallback");
        if (row.isOurs()) {
            assertThat(answer.status()).isEqualTo(row.why().equals("quota") ? 503 : 502);
            assertThat(answer.body()).doesNotContain("says primary").doesNotContain("went wrong");
        } else if (row.status() > 0) {
            assertThat(answer.status()).isEqualTo(row.status());
            assertThat(answer.body()).isEqualTo(row.errorBody(it.primary()));
            assertThat(answer.header("retry-after"))
                    .isEqualTo(row.status() == 429 || row.status() == 529 || row.status() == 503 ? "7" : "");
        } else if (row.play().equals("refusal")) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(it.primary().refusedBody());
        } else if (it.stream() && !List.of("close", "reset").contains(row.play())) {
            assertThat(answer.status()).isEqualTo(200);
            assertPrimarysEvents(it, Chunked.read(answer.body()));
        } else {
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("broke off");
        }
    }

    /// Not one event more or less than the primary sent; where they have no end, one of ours that says so.
    private static void assertPrimarysEvents(Case it, String got) {
        var sent = it.primary().events(it.row().play());
        if (it.row().play().matches(".*-(end|cut|half)")) {
            var whole = sent.substring(0, sent.lastIndexOf("\n\n") + (sent.isEmpty() ? 1 : 2));
            assertThat(got).startsWith(whole);
            assertThat(got.substring(whole.length())).contains("error").doesNotContain("words of");
        } else {
            assertThat(got).isEqualTo(sent);
        }
    }
}
