package com.posthog.aigateway.mock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the mock would charge: a nano-dollar for a token that went in, a thousand for one that came out, twice as much
/// at the tier `priority`, and a million for a token of a step beside the totals.
class BillTest {

    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private Path file = Path.of("bill");
    private Bill bill = Bill.open(Path.of("/dev/null"), NOON, (_, _) -> Money.ZERO);
    private MockProvider mock = MockProvider.start(0);

    @BeforeEach
    void open() {
        mock.close();
        bill.close();
        file = folder.resolve("bill");
        bill = Bill.open(file, NOON, (_, usage) -> {
            long times = "priority".equals(usage.terms().serviceTier()) ? 2 : 1;
            long steps = usage.iterations().stream()
                    .mapToLong(step -> step.input() + step.output())
                    .sum();
            return new Money(times * (usage.input() + 1_000 * usage.output()) + 1_000_000 * steps);
        });
        mock = MockProvider.start(0, null, bill);
    }

    @AfterEach
    void close() {
        mock.close();
        bill.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            words=5                 | 5012
            words=5,reasoning=70    | 75012
            words=5,reasoning=900   | 100012
            words=5,server-input=40 | 5052
            words=5,tier=priority   | 10024
            words=5,no-usage        | 5012
            words=5,silent          | 5012
            words=5,status=529      | 0
            """)
    void chargesAllThatWasUsed(String directives, long nanos) throws IOException {
        var twelveTokens = "{\"model\":\"gpt-\", \"user\":\"one\", \"max_tokens\":100}";
        Wire.open(mock.port(), "/v1/chat/completions", twelveTokens, directives).close();

        var line = Eventually.get(this::lines, BillTest::isOver).getLast();

        assertThat(line.path("nanos").asLong()).isEqualTo(nanos);
        assertThat(line.path("mark").asText()).isEqualTo("one");
    }

    @Test
    void chargesAStepBesideTheTotals() {
        post(
                "/v1/messages",
                "{\"model\":\"mock-words=1,compaction=20\",\"max_tokens\":9,\"metadata\":{\"user_id\":\"two\"}}");

        assertThat(lines().getLast().path("nanos").asLong()).isGreaterThan(22_000_000);
        assertThat(lines().getLast().path("mark").asText()).isEqualTo("two");
    }

    @Test
    void hasALineBeforeTheFirstByteAndOneThatHolds() {
        post("/v1/chat/completions", "{\"model\":\"mock-words=5\",\"stream\":true}");

        assertThat(lines()).extracting(line -> line.path("final").asBoolean()).containsExactly(false, true);
        assertThat(lines()).extracting(line -> line.path("nanos").asLong()).isSorted();
        assertThat(lines().getFirst().path("nanos").asLong()).isBetween(1L, 999L);
        assertThat(lines()).extracting(line -> line.path("n").asLong()).containsOnly(1L);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cut,after=4,words=50                       | 3
            truncate,after=4,words=50                  | 3
            status=500,after=4,words=50                | 3
            """)
    void chargesWhatWasMadeUntilTheEnd(String directives, long words) {
        post("/v1/chat/completions", "{\"model\":\"mock-" + directives + "\",\"stream\":true}");

        assertThat(lines().getLast().path("nanos").asLong() / 1_000).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"late=0s, 50", "late=2s, 2000"})
    void chargesSomeMoreWhereTheCallerLeaves(String late, long atMost) throws IOException {
        var body = "{\"model\":\"mock-words=9999,chunk-gap=1ms," + late + "\",\"stream\":true}";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), mock.port())) {
            var head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\nContent-Length: ";
            socket.getOutputStream().write((head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().readNBytes(500)).hasSize(500);
        }

        var line = Eventually.get(this::lines, BillTest::isOver).getLast();

        long words = line.path("nanos").asLong() / 1_000;
        assertThat(words).isBetween(atMost == 50 ? 1L : 2_000L, atMost == 50 ? 1_999L : 4_000L);
    }

    private void post(String path, String body) {
        try {
            var _ = Wire.post(mock.uri(), path, body, "Authorization", "Bearer sk-test");
        } catch (RuntimeException | AssertionError cut) {
            // The answer is not what is looked at here.
        }
    }

    private static boolean isOver(List<JsonNode> lines) {
        return !lines.isEmpty() && lines.getLast().path("final").asBoolean();
    }

    private List<JsonNode> lines() {
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> (JsonNode) Json.object(line))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
