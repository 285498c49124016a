package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.mock.Failure;
import com.posthog.aigateway.mock.MockProvider;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while it works, and started again on the same data, several times: what the provider was
/// asked is in the books, once.
class KilledTest {

    private static final int KILLS = 3;
    private static final int CALLERS = 8;
    private static final int CALLS_BEFORE_A_KILL = 150;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What a caller asks for, and with which words.
    private record Question(String path, String body) {}

    private static final List<Question> QUESTIONS = List.of(
            new Question("/v1/chat/completions", "{\"model\":\"gpt-6-sol\",\"messages\":[]}"),
            new Question("/v1/chat/completions", "{\"model\":\"gpt-6-sol\",\"stream\":true,\"messages\":[]}"),
            new Question("/v1/responses", "{\"model\":\"gpt-6-sol\",\"input\":\"hi\"}"),
            new Question("/v1/messages", "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"messages\":[]}"),
            new Question("/v1/embeddings", "{\"model\":\"text-embedding-3-small\",\"input\":\"hi\"}"),
            new Question(
                    "/v1/responses", "{\"model\":\"mock-words=9,chunk-gap=5ms\",\"stream\":true,\"input\":\"hi\"}"));

    @TempDir
    Path folder;

    private final MockProvider mock = MockProvider.start(0);
    private final Sink sink = Sink.start(0);
    private final AtomicInteger calls = new AtomicInteger();
    private final Queue<HttpResponse<String>> answers = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        sink.close();
        mock.close();
    }

    @Test
    void hasOneReceiptForEveryCallThatTheProviderWasAsked() throws Exception {
        var settings = Files.writeString(folder.resolve("gateway.yaml"), "lifecycle: { drain_delay: 0s }\n");
        for (int kill = 0; kill < KILLS; kill++) {
            // At times, the events are still to be delivered when the end comes.
            sink.fail(kill % 2 == 1 ? Failure.of(503, Failure.ALWAYS) : Failure.NONE);
            try (var gateway = ChildGateway.start(settings, Rig.environment(folder, mock, sink))) {
                killUnderLoad(gateway);
            }
        }
        sink.fail(Failure.NONE);
        try (var gateway = ChildGateway.start(settings, Rig.environment(folder, mock, sink))) {
            assertThat(gateway.uri()).isNotNull();
            gateway.terminate();
            assertThat(gateway.exit()).isZero();
        }

        try (var journal = Journal.openReadOnly(folder.resolve("data"), Clock.systemUTC())) {
            assertThat(journal.unfinished()).isEmpty();
            var receipts = journal.newest(100_000);
            assertOneForEachAsked(receipts);
            assertOneForEachAnswer(receipts);
            assertOwnersAreKnown(journal);
            assertEventsCame(receipts);
        }
    }

    private void killUnderLoad(ChildGateway gateway) throws Exception {
        int before = mock.received().size();
        var uri = gateway.uri();
        try (var client = HttpClient.newHttpClient();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < CALLERS; i++) {
                running.add(callers.submit(() -> askUntilKilled(client, uri)));
            }
            Eventually.get(() -> mock.received().size() - before, count -> count >= CALLS_BEFORE_A_KILL);
            gateway.kill();
            for (var one : running) {
                one.get();
            }
        }
    }

    private void askUntilKilled(HttpClient client, URI gateway) {
        try {
            while (true) {
                int call = calls.getAndIncrement();
                var question = QUESTIONS.get(call % QUESTIONS.size());
                var request = HttpRequest.newBuilder(gateway.resolve(question.path()))
                        .header("Authorization", "Bearer " + Rig.KEY)
                        .header("X-PostHog-Trace-Id", "call-" + call)
                        .header("x-call", "call-" + call)
                        .POST(HttpRequest.BodyPublishers.ofString(question.body()))
                        .build();
                answers.add(client.send(request, HttpResponse.BodyHandlers.ofString()));
            }
        } catch (IOException killed) {
            // That was the last call.
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertOneForEachAsked(List<Receipt> receipts) {
        var traces = receipts.stream()
                .collect(Collectors.groupingBy(
                        receipt ->
                                Objects.requireNonNull(receipt.intent().labels().trace()),
                        Collectors.counting()));
        assertThat(traces.values()).allMatch(count -> count == 1);
        var asked = mock.received().stream()
                .map(received -> received.header("x-call"))
                .flatMap(Optional::stream)
                .toList();
        assertThat(asked).hasSizeGreaterThanOrEqualTo(KILLS * CALLS_BEFORE_A_KILL);
        assertThat(traces.keySet()).containsAll(asked);

        var lost = receipts.stream()
                .filter(receipt -> receipt.ending() == Ending.LOST)
                .toList();
        assertThat(lost)
                .hasSizeLessThanOrEqualTo(KILLS * CALLERS)
                .allMatch(receipt -> receipt.cost().estimated())
                .allMatch(receipt -> receipt.cost().total().nanos() > 0);
        assertThat(receipts)
                .filteredOn(receipt -> receipt.ending() != Ending.LOST)
                .allMatch(receipt -> receipt.ending() == Ending.COMPLETE);
        System.out.printf(
                "killed %d times: %d calls asked at the provider, %d answered, %d receipts, %d of them lost%n",
                KILLS, asked.size(), answers.size(), receipts.size(), lost.size());
    }

    private void assertOneForEachAnswer(List<Receipt> receipts) {
        var ids = receipts.stream()
                .map(receipt -> receipt.intent().id().toString())
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(ids)
                .containsAll(answers.stream()
                        .map(answer -> answer.headers()
                                .firstValue("x-posthog-request-id")
                                .orElseThrow())
                        .toList());
    }

    /// Who has learned the name of a stored answer can still ask for it.
    private void assertOwnersAreKnown(Journal journal) throws IOException {
        int stored = 0;
        for (var answer : answers) {
            if (answer.uri().getPath().equals("/v1/responses") && answer.body().startsWith("{")) {
                stored++;
                assertThat(journal.owner(JSON.readTree(answer.body()).path("id").asText()))
                        .isPresent();
            }
        }
        assertThat(stored).isPositive();
    }

    /// At least once each, and always under the same name.
    private void assertEventsCame(List<Receipt> receipts) {
        var told =
                sink.events().stream().map(event -> event.path("uuid").asText()).toList();
        assertThat(new HashSet<>(told))
                .isEqualTo(receipts.stream()
                        .map(receipt -> receipt.intent().id().toString())
                        .collect(Collectors.toSet()));
        System.out.printf(
                "events: %d came, %d of them for the second time%n", told.size(), told.size() - receipts.size());
    }
}
