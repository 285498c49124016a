package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.mock.Failure;
import com.posthog.aigateway.mock.MockProvider;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real process that is told to stop, and one that is killed, with streams open.
class LifeTest {

    private static final int STREAMS = 50;
    private static final String TOKEN = "token-of-operators";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final MockProvider mock = MockProvider.start(0);
    private final Sink sink = Sink.start(0);
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private Path settings = Path.of("gateway.yaml");

    @BeforeEach
    void write() throws IOException {
        write("100ms", "20s");
    }

    private void write(String delay, String drain) throws IOException {
        settings = Files.writeString(
                folder.resolve("gateway.yaml"),
                "admin: { token: %s }\nlifecycle: { drain_delay: %s, drain: %s }\n".formatted(TOKEN, delay, drain));
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        callers.shutdownNow();
        sink.close();
        mock.close();
    }

    @Test
    void endsEveryOpenStreamWholeWhenToldToStop() throws Exception {
        try (var gateway = ChildGateway.start(settings, environment())) {
            var answers = openStreams(gateway.uri(), "mock-words=40,chunk-gap=50ms");

            gateway.terminate();

            var bodies = new ArrayList<String>();
            for (var answer : answers) {
                try (var body = answer.body()) {
                    bodies.add(new String(body.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
            assertThat(gateway.exit()).isZero();
            assertThat(bodies).allMatch(body -> body.endsWith("data: [DONE]\n\n"));
            assertThat(receipts())
                    .hasSize(STREAMS)
                    .allMatch(receipt -> receipt.ending() == Ending.COMPLETE)
                    .allMatch(receipt -> receipt.reading().usage() != null)
                    .extracting(receipt -> receipt.intent().id().toString())
                    .containsExactlyInAnyOrderElementsOf(ids(answers));
            assertThat(sink.events())
                    .extracting(event -> event.path("uuid").asText())
                    .containsExactlyInAnyOrderElementsOf(ids(answers));
        }
    }

    @Test
    void isNotReadyAndRefusesNewCallsWhileItDrains() throws Exception {
        try (var gateway = ChildGateway.start(settings, environment())) {
            var open = openStreams(gateway.uri(), "mock-silent,after=2");
            assertThat(status(gateway.adminUri(), "/ready")).isEqualTo(200);

            gateway.terminate();

            Eventually.get(() -> status(gateway.adminUri(), "/ready"), status -> status == 503);
            var refused = Eventually.get(() -> send(gateway.uri(), "gpt-6-sol"), answer -> answer.statusCode() == 503);
            assertThat(refused.headers().firstValue("retry-after")).isPresent();
            assertThat(refused.headers().firstValue("connection")).hasValue("close");
            assertThat(status(gateway.adminUri(), "/live")).isEqualTo(200);
            var drain = drain(gateway);
            assertThat(drain.path("phase").asText()).isEqualTo("draining");
            assertThat(drain.path("running").asInt()).isEqualTo(STREAMS);
            assertThat(drain.at("/by_endpoint/POST ~1v1~1chat~1completions").asInt())
                    .isEqualTo(STREAMS);
            assertThat(drain.path("oldest_seconds").asDouble()).isPositive();
            assertThat(drain.path("seconds_left").asDouble()).isBetween(0.1, 20.0);

            gateway.terminate(); // the second signal cuts what is left

            for (var answer : open) {
                assertThat(lastWords(answer)).contains("shutting down");
            }
            assertThat(gateway.exit()).isZero();
            assertThat(receipts())
                    .filteredOn(
                            receipt -> ids(open).contains(receipt.intent().id().toString()))
                    .hasSize(STREAMS)
                    .allMatch(receipt -> receipt.ending() == Ending.INCOMPLETE);
        }
    }

    @Test
    void servesOnUntilBalancersHaveNoticedAndKeepsNoConnection() throws Exception {
        write("60s", "20s");
        try (var gateway = ChildGateway.start(settings, environment())) {
            assertThat(send(gateway.uri(), "mock-words=2").headers().firstValue("connection"))
                    .isEmpty();
            assertThat(drain(gateway).path("phase").asText()).isEqualTo("serving");
            assertThat(drain(gateway).path("seconds_left").isNull()).isTrue();

            gateway.terminate();

            Eventually.get(() -> status(gateway.adminUri(), "/ready"), status -> status == 503);
            var served = send(gateway.uri(), "mock-words=2");
            assertThat(served.statusCode()).isEqualTo(200);
            assertThat(served.headers().firstValue("connection")).hasValue("close");
            try (var body = served.body()) {
                assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                        .endsWith("data: [DONE]\n\n");
            }
            assertThat(drain(gateway).path("phase").asText()).isEqualTo("leaving");
            assertThat(drain(gateway).path("seconds_left").asDouble()).isBetween(20.0, 80.0);

            gateway.terminate(); // the second signal does not wait for balancers

            assertThat(gateway.exit()).isZero();
        }
    }

    @Test
    void cutsWhatIsLeftAtTheDeadline() throws Exception {
        write("0s", "1s");
        try (var gateway = ChildGateway.start(settings, environment())) {
            var open = openStreams(gateway.uri(), "mock-silent,after=2");

            gateway.terminate();

            for (var answer : open) {
                assertThat(lastWords(answer)).contains("data: {\"error\":").contains("shutting down");
            }
            assertThat(gateway.exit()).isZero();
            assertThat(receipts())
                    .hasSize(STREAMS)
                    .allMatch(receipt -> receipt.ending() == Ending.INCOMPLETE)
                    .extracting(receipt -> receipt.intent().id().toString())
                    .containsExactlyInAnyOrderElementsOf(ids(open));
        }
    }

    @Test
    void keepsTheAdminPortUntilTheLastEventIsDelivered() throws Exception {
        sink.fail(Failure.of(503, Failure.ALWAYS));
        try (var gateway = ChildGateway.start(settings, environment())) {
            try (var answer = send(gateway.uri(), "mock-words=2").body()) {
                assertThat(answer.readAllBytes()).isNotEmpty();
            }
            gateway.terminate();

            Eventually.get(() -> drain(gateway).path("phase").asText(), phase -> phase.equals("closing"));
            Eventually.get(() -> refuses(gateway.uri()), refused -> refused);
            assertThat(status(gateway.adminUri(), "/live")).isEqualTo(200);
            assertThat(status(gateway.adminUri(), "/ready")).isEqualTo(503);
            sink.fail(Failure.NONE);

            assertThat(gateway.exit()).isZero();
            assertThat(refuses(gateway.adminUri())).isTrue();
            assertThat(sink.events()).hasSize(1);
        }
    }

    @Test
    void tellsThoseWhoseAnswerHasNotBegunThatItCannotWaitLonger() throws Exception {
        try (var gateway = ChildGateway.start(settings, environment())) {
            var waiting = callers.submit(() -> send(gateway.uri(), "mock-silent"));
            Eventually.get(() -> mock.received().size(), size -> size == 1);

            gateway.terminate();
            Eventually.get(() -> status(gateway.adminUri(), "/ready"), status -> status == 503);
            gateway.terminate();

            assertThat(waiting.get().statusCode()).isEqualTo(503);
            assertThat(gateway.exit()).isZero();
            assertThat(receipts()).singleElement().matches(receipt -> receipt.ending() == Ending.FAILED);
        }
    }

    @Test
    void leavesOneReceiptForEveryCallWhenKilled() throws Exception {
        List<String> ids;
        try (var gateway = ChildGateway.start(settings, environment())) {
            ids = ids(openStreams(gateway.uri(), "mock-silent,after=3"));
            gateway.kill();
        }

        try (var gateway = ChildGateway.start(settings, environment())) {
            assertThat(gateway.uri()).isNotNull();
            gateway.terminate();
            assertThat(gateway.exit()).isZero();
        }

        assertThat(receipts())
                .allMatch(receipt -> receipt.ending() == Ending.LOST)
                .allMatch(receipt ->
                        receipt.cost().estimated() && receipt.cost().total().nanos() > 0)
                .extracting(receipt -> receipt.intent().id().toString())
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(sink.events())
                .allMatch(event -> event.at("/properties/aigw_ending").asText().equals("lost"))
                .extracting(event -> event.path("uuid").asText())
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    private List<HttpResponse<InputStream>> openStreams(URI gateway, String model) throws Exception {
        var waiting = new ArrayList<Future<HttpResponse<InputStream>>>();
        for (int i = 0; i < STREAMS; i++) {
            waiting.add(callers.submit(() -> send(gateway, model)));
        }
        var open = new ArrayList<HttpResponse<InputStream>>();
        for (var one : waiting) {
            open.add(one.get());
        }
        return open;
    }

    private HttpResponse<InputStream> send(URI gateway, String model) {
        var request = HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
                .header("Authorization", "Bearer " + Rig.KEY)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"%s\",\"stream\":true,\"messages\":[]}".formatted(model)))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private int status(URI admin, String path) {
        try {
            var request = HttpRequest.newBuilder(admin.resolve(path)).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode drain(ChildGateway gateway) {
        var request = HttpRequest.newBuilder(gateway.adminUri().resolve("/drain"))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        try {
            return JSON.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean refuses(URI door) {
        try (var socket = new Socket(door.getHost(), door.getPort())) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    /// What came until the answer broke off.
    private static String lastWords(HttpResponse<InputStream> answer) {
        var words = new StringBuilder();
        var piece = new byte[4096];
        try (var body = answer.body()) {
            int count;
            while ((count = body.read(piece)) >= 0) {
                words.append(new String(piece, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException brokenOff) {
            return words.toString();
        }
        throw new AssertionError("the answer ended properly: " + words);
    }

    private static List<String> ids(List<HttpResponse<InputStream>> answers) {
        return answers.stream()
                .map(answer ->
                        answer.headers().firstValue("x-posthog-request-id").orElseThrow())
                .toList();
    }

    private List<Receipt> receipts() {
        try (var journal = Journal.openReadOnly(folder.resolve("data"), Clock.systemUTC())) {
            assertThat(journal.unfinished()).isEmpty();
            return journal.newest(10 * STREAMS);
        }
    }

    private Map<String, String> environment() {
        return Rig.environment(folder, mock, sink);
    }
}
