package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.Proof;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Good messages with a few bytes changed: each is answered or closed in time, none is a fault of ours, and never more
/// calls reach the provider than were sent.
@Timeout(240)
class MutatedMessagesTest {

    private static final int AT_ONCE = 16;
    private static final Duration IN_TIME = Duration.ofSeconds(5);
    private static final String POST =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Rig.KEY + "\r\n";
    private static final String JSON = "{\"model\":\"gpt-5-mini\",\"messages\":[]}";
    private static final String HEX = Integer.toHexString(JSON.length());
    private static final List<String> GOOD = List.of(
            POST + "Content-Length: " + JSON.length() + "\r\n\r\n" + JSON,
            POST + "Transfer-Encoding: chunked\r\n\r\n" + HEX + "\r\n" + JSON + "\r\n0\r\n\r\n",
            POST + "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\n" + JSON.substring(0, 5) + "\r\n"
                    + Integer.toHexString(JSON.length() - 5) + "\r\n" + JSON.substring(5) + "\r\n0\r\nX: y\r\n\r\n",
            POST + "Expect: 100-continue\r\nContent-Length: " + JSON.length() + "\r\n\r\n" + JSON);
    private static final List<String> PIECES = List.of(
            "\r\n",
            "\n",
            "\r",
            "\0",
            " ",
            "\t",
            ":",
            ";",
            ",",
            "0",
            "f",
            "-",
            "+",
            "\u00ff",
            "{",
            "\r\n\r\n",
            "0\r\n\r\n",
            "Content-Length: 3\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Connection: close\r\n",
            " HTTP/1.1",
            "GET / ");

    /// What became of one message.
    private record Outcome(String message, List<Integer> statuses, Duration took) {}

    @TempDir
    Path folder;

    @Test
    void areAnsweredOrClosedInTime() throws Exception {
        int cases = Proof.cases(300, 20_000);
        var messages =
                IntStream.range(0, cases).mapToObj(MutatedMessagesTest::mutated).toList();
        try (var rig = Rig.start(folder, "server: { head: 500ms, body: 500ms, keep_alive: 2s }")) {
            var outcomes = all(messages.stream()
                    .<Callable<Outcome>>map(message -> () -> exchange(rig, message))
                    .toList());

            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(outcome.took()).isLessThan(IN_TIME))
                    .allSatisfy(outcome -> assertThat(outcome.statuses()).doesNotContain(500, 502, 503, 504));
            long good = outcomes.stream()
                    .flatMap(outcome -> outcome.statuses().stream())
                    .filter(status -> status == 200)
                    .count();
            long sent = messages.stream().mapToLong(MutatedMessagesTest::calls).sum();
            int asked = rig.mock.received().size();
            assertThat(asked).as("calls at the provider").isLessThanOrEqualTo((int) sent);
            assertThat(good).as("messages that stayed good").isPositive();
            Proof.tell("%d changed messages with %d calls in them: %d answered with 200, %d calls at the provider, "
                            .formatted(cases, sent, good, asked)
                    + "the slowest took %d ms".formatted(slowest(outcomes)));
            try (var http = rig.connect()) {
                assertThat(http.send(GOOD.getFirst()).answer().status()).isEqualTo(200);
            }
        }
    }

    private static long slowest(List<Outcome> outcomes) {
        return outcomes.stream()
                .mapToLong(outcome -> outcome.took().toMillis())
                .max()
                .orElse(0);
    }

    private static String mutated(int number) {
        var chance = Proof.chance(number);
        var text = new StringBuilder();
        int messages = 1 + chance.below(2);
        for (int i = 0; i < messages; i++) {
            text.append(GOOD.get(chance.below(GOOD.size())));
        }
        int changes = 1 + chance.below(3);
        for (int i = 0; i < changes; i++) {
            change(text, chance);
        }
        return text.toString();
    }

    private static void change(StringBuilder text, Chance chance) {
        int place = chance.below(text.length());
        int end = Math.min(text.length(), place + 1 + chance.below(6));
        switch (chance.below(6)) {
            case 0 -> text.delete(place, end);
            case 1 -> text.insert(place, PIECES.get(chance.below(PIECES.size())));
            case 2 -> text.insert(place, text.substring(place, end));
            case 3 -> text.setCharAt(place, (char) chance.below(256));
            case 4 -> text.replace(place, end, PIECES.get(chance.below(PIECES.size())));
            default -> text.setCharAt(place, (char) (text.charAt(place) ^ (1 << chance.below(8))));
        }
    }

    /// So many calls there can be in a message at most: each needs its body.
    private static int calls(String message) {
        return message.split("\\{", -1).length - 1;
    }

    private static Outcome exchange(Rig rig, String message) throws IOException {
        long begin = System.nanoTime();
        var statuses = new ArrayList<Integer>();
        try (var http = rig.connect()) {
            http.send(message.getBytes(ISO_8859_1));
            read(http, statuses);
        }
        return new Outcome(message, statuses, Duration.ofNanos(System.nanoTime() - begin));
    }

    private static void read(RawHttp http, List<Integer> statuses) throws IOException {
        for (var answer = http.next(false); answer != null; answer = http.next(false)) {
            statuses.add(answer.status());
            if (answer.header("connection").equals("close")) {
                http.finish();
            }
        }
    }

    private static List<Outcome> all(List<Callable<Outcome>> tasks) throws Exception {
        var outcomes = new ArrayList<Outcome>();
        try (var pool = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            for (var outcome : pool.invokeAll(tasks)) {
                outcomes.add(outcome.get());
            }
        }
        return outcomes;
    }
}
