package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.mock.Received;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.UsageTable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every recorded answer of the real providers, through a real gateway on real sockets: the caller gets the provider's
/// bytes, and the receipt has the usage that was read off the recording by other means. What passes otherwise does so
/// by a rule ([FixtureRule]).
///
/// One gateway serves all of them, as it does in life; each test looks only at its own call.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FixturesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KEPT_BACK = Pattern.compile("strict-transport-security|via|cf-.*|date|server");

    private record Asked(Recording recording, String request, HttpResponse<byte[]> answer, Receipt receipt) {}

    private @Nullable Rig rig;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path folder) {
        rig = Rig.start(folder);
    }

    @AfterAll
    void stop() {
        client.close();
        rig().close();
    }

    private Rig rig() {
        return Optional.ofNullable(rig).orElseThrow();
    }

    static List<String> recordings() throws IOException {
        return Recording.names();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void passesAsItsRuleSays(String name) throws Exception {
        var recording = Recording.named(name);
        own(recording);

        var asked = ask(recording, recording.request());

        switch (FixtureRule.of(name)) {
            case PASSES -> {
                assertPassed(asked);
                assertUsage(asked, Map.of());
                assertCharged(asked);
            }
            case IS_READ_OTHERWISE -> {
                assertPassed(asked);
                assertUsage(asked, FixtureRule.READ_OTHERWISE);
                assertCharged(asked);
            }
            case COSTS_NOTHING -> {
                assertPassed(asked);
                assertUsage(asked, Map.of());
                assertFree(asked);
            }
            case OUR_ACCOUNTS_FAULT -> assertToldInOurWords(asked);
            case ENDS_TOO_EARLY -> assertFollowedByOurError(asked);
            case FAILS_IN_THE_STREAM -> assertFailedInTheStream(asked);
        }
    }

    @Test
    void knowsEveryRecordingThatItExcepts() throws IOException {
        Recording.named("anthropic-messages/json-plain");

        var names = Recording.names();

        assertThat(names).containsAll(FixtureRule.EXCEPTIONS.keySet());
        assertThat(names)
                .filteredOn(name -> name.startsWith("anthropic-messages/"))
                .hasSizeGreaterThanOrEqualTo(73);
        assertThat(names).filteredOn(name -> name.startsWith("openai-chat/")).hasSizeGreaterThanOrEqualTo(45);
        assertThat(names)
                .filteredOn(name -> name.startsWith("openai-responses/"))
                .hasSizeGreaterThanOrEqualTo(59);
    }

    /// What the recorded call asks for again, or goes on with, was stored for this very caller.
    private void own(Recording recording) throws IOException {
        var previous = JSON.readTree(recording.request()).path("previous_response_id");
        var id = recording.storedId().or(() -> Optional.ofNullable(previous.textValue()));
        id.ifPresent(stored -> rig().gateway
                .journal()
                .own(stored, new Owner("dev", "openai", Instant.now().plus(Duration.ofDays(1)))));
    }

    private Asked ask(Recording recording, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(rig().uri() + recording.target()))
                .header("Authorization", "Bearer " + Rig.KEY)
                .header("x-mock", "fixture=" + recording.name());
        recording.requestHeaders().forEach(request::header);
        boolean bare = recording.method().equals("GET");
        request.method(
                recording.method(),
                bare ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Asked(recording, bare ? "" : body, answer, receipt(answer));
    }

    private Receipt receipt(HttpResponse<byte[]> answer) {
        var id = UUID.fromString(
                answer.headers().firstValue("x-posthog-request-id").orElseThrow());
        return Eventually.get(() -> rig().gateway.journal().receipt(id), Optional::isPresent)
                .orElseThrow();
    }

    /// The provider got the caller's bytes, but for the model's name and the wish for usage.
    private void assertAskedUnchanged(Asked asked) throws IOException {
        var received = received(asked.recording()).orElseThrow();
        assertThat(new String(received.body(), UTF_8)).isEqualTo(Spliced.like(received, asked.request()));
        assertThat(received.path() + (received.query().isEmpty() ? "" : "?" + received.query()))
                .isEqualTo(asked.recording().target());
        assertThat(received.method()).isEqualTo(asked.recording().method());
    }

    private Optional<Received> received(Recording recording) {
        return rig().mock.received().stream()
                .filter(one -> one.header("x-mock").equals(Optional.of("fixture=" + recording.name())))
                .reduce((_, last) -> last);
    }

    private void assertPassed(Asked asked) throws IOException {
        assertAskedUnchanged(asked);
        var recording = asked.recording();
        var answer = asked.answer();
        assertThat(answer.statusCode())
                .as(() -> new String(answer.body(), UTF_8))
                .isEqualTo(recording.status());
        assertThat(answer.body()).isEqualTo(recording.answer());
        assertHeadersPassed(asked);
        var receipt = asked.receipt();
        assertThat(receipt.status()).isEqualTo(recording.status());
        assertThat(receipt.ending()).isEqualTo(recording.status() < 400 ? Ending.COMPLETE : Ending.FAILED);
    }

    private static void assertHeadersPassed(Asked asked) throws IOException {
        var headers = asked.answer().headers();
        asked.recording().answerHeaders().forEach((name, value) -> {
            if (!KEPT_BACK.matcher(name).matches()) {
                assertThat(headers.allValues(name)).as(name).containsExactly(value);
            }
        });
        assertThat(headers.map().keySet())
                .noneMatch(name -> name.startsWith("cf-") || name.equals("via"))
                .doesNotContain("set-cookie", "strict-transport-security", "openai-organization");
    }

    private static void assertUsage(Asked asked, Map<String, Long> otherwise) {
        var expected = asked.recording().expected();
        var family = asked.recording().family();
        var receipt = asked.receipt();
        var counts = new TreeMap<>(UsageTable.expected(family, expected));
        counts.putAll(otherwise);
        assertThat(UsageTable.read(family, receipt.reading().usage())).isEqualTo(counts);
        if (expected.path("model").isTextual()) {
            assertThat(receipt.reading().model())
                    .isEqualTo(expected.path("model").textValue());
        }
    }

    private static void assertCharged(Asked asked) {
        var receipt = asked.receipt();
        boolean known = asked.recording().expected().path("usage").isObject();
        boolean charged = asked.recording().status() < 400;
        assertThat(receipt.cost().total().nanos() > 0).isEqualTo(charged);
        assertThat(receipt.cost().estimated()).isEqualTo(charged && !known);
        boolean told = charged && known && !asked.recording().streamed();
        assertThat(asked.answer().headers().firstValue("x-posthog-cost-usd"))
                .isEqualTo(told ? Optional.of(receipt.cost().total().toString()) : Optional.empty());
    }

    private static void assertFree(Asked asked) {
        assertThat(asked.receipt().cost().total().nanos()).isZero();
        assertThat(asked.answer().headers().firstValue("x-posthog-cost-usd")).isEmpty();
    }

    private static void assertToldInOurWords(Asked asked) throws IOException {
        var text = new String(asked.answer().body(), UTF_8);
        var theirs =
                JSON.readTree(asked.recording().answer()).at("/error/message").asText();
        boolean rejected = asked.recording().status() == 401;
        assertThat(asked.answer().statusCode()).isEqualTo(rejected ? 502 : 503);
        assertThat(text)
                .contains(rejected ? "rejected this gateway's own key" : "has used up what it may spend")
                .doesNotContain(theirs);
        assertThat(asked.receipt().ending()).isEqualTo(Ending.FAILED);
        assertThat(asked.receipt().cost().total().nanos()).isZero();
    }

    private static void assertFollowedByOurError(Asked asked) throws IOException {
        var theirs = asked.recording().answer();
        var answer = asked.answer().body();
        assertThat(Arrays.copyOf(answer, theirs.length)).isEqualTo(theirs);
        var ours = new String(answer, theirs.length, answer.length - theirs.length, UTF_8);
        assertThat(ours)
                .startsWith(asked.recording().family() == Family.ANTHROPIC ? "event: error\ndata: {" : "data: {")
                .endsWith("}\n\n")
                .contains("the provider's stream ended without its last event");
        assertThat(asked.receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(asked.receipt().status()).isEqualTo(200);
        assertEstimated(asked.receipt());
    }

    private static void assertFailedInTheStream(Asked asked) throws IOException {
        assertThat(asked.answer().statusCode()).isEqualTo(200);
        assertThat(asked.answer().body()).isEqualTo(asked.recording().answer());
        assertThat(asked.receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(asked.receipt().error()).matches("overloaded_error|server_error|insufficient_quota");
        assertThat(asked.receipt().reading().usage()).isNull();
        assertEstimated(asked.receipt());
    }

    private static void assertEstimated(Receipt receipt) {
        assertThat(receipt.cost().estimated()).isTrue();
        assertThat(receipt.cost().total().nanos()).isPositive();
    }
}
