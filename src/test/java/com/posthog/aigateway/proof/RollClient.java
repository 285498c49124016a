package com.posthog.aigateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.proof.RollCall.Kind;
import com.posthog.aigateway.proof.RollCall.Miss;
import com.posthog.aigateway.proof.RollCall.Why;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Asks as an official SDK does: keeps connections, waits as long as a refusal says, and tries again; a balancer sends
/// each try to a replica. Reads an answer to its end, and looks whether that was the end.
final class RollClient implements AutoCloseable {

    private static final int MOST_TRIES = 6;
    private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Clock clock = Clock.systemUTC();
    private final AtomicInteger streams = new AtomicInteger();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /// What one try came to: an answer, or a miss.
    private sealed interface Try {
        record Answered(RollCall call, Duration retryAfter) implements Try {}

        record Missed(Miss miss, Duration retryAfter) implements Try {}
    }

    /// What is asked.
    record Question(Team team, String mark, Profile.Row row, Kind kind) {}

    RollCall ask(Balancer balancer, Question question) throws InterruptedException {
        var misses = new ArrayList<Miss>();
        var avoided = new HashSet<Replica>();
        long at = clock.millis();
        while (misses.size() < MOST_TRIES) {
            var replica = balancer.begin(avoided);
            Try made;
            try {
                made = attempt(replica, question, at, misses);
            } finally {
                balancer.end(replica);
            }
            switch (made) {
                case Try.Answered answered -> {
                    pauseAfterLimit(answered);
                    return answered.call();
                }
                case Try.Missed missed -> {
                    misses.add(missed.miss());
                    avoided.add(replica);
                    Thread.sleep(missed.retryAfter());
                }
            }
        }
        long now = clock.millis();
        return new RollCall(question.mark(), question.kind(), at, now, now, 0, 0, "", misses, "");
    }

    /// Who met a limit asks again when he was told to, with his next call.
    private static void pauseAfterLimit(Try.Answered answered) throws InterruptedException {
        if (!answered.call().isServed()) {
            Thread.sleep(answered.retryAfter());
        }
    }

    private Try attempt(Replica replica, Question question, long at, List<Miss> misses) throws InterruptedException {
        var row = question.row();
        var request = HttpRequest.newBuilder(replica.uri().resolve(row.shape().path()))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + question.team().key())
                .header("Content-Type", "application/json")
                .header("X-PostHog-Trace-Id", question.mark())
                .header("x-mock", row.directives())
                .POST(HttpRequest.BodyPublishers.ofString(row.body(question.mark())))
                .build();
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            return read(answer, replica, question, at, misses);
        } catch (ConnectException | HttpConnectTimeoutException down) {
            return new Try.Missed(new Miss(Why.UNREACHABLE, replica.number(), false), BEFORE_ANOTHER_TRY);
        } catch (IOException reset) {
            return new Try.Missed(new Miss(Why.RESET, replica.number(), false), BEFORE_ANOTHER_TRY);
        }
    }

    private Try read(HttpResponse<InputStream> answer, Replica replica, Question question, long at, List<Miss> misses) {
        long answered = clock.millis();
        var headers = answer.headers();
        var wait = headers.firstValue("retry-after")
                .map(Long::parseLong)
                .map(Duration::ofSeconds)
                .orElse(BEFORE_ANOTHER_TRY);
        boolean counts = question.kind() == Kind.STREAM && answer.statusCode() == 200;
        streams.addAndGet(counts ? 1 : 0);
        var broken = readToEnd(answer, question.row());
        streams.addAndGet(counts ? -1 : 0);
        if (answer.statusCode() == 503) {
            boolean closes =
                    headers.firstValue("connection").filter("close"::equals).isPresent();
            return new Try.Missed(new Miss(Why.REFUSED, replica.number(), closes), wait);
        }
        return new Try.Answered(
                new RollCall(
                        question.mark(),
                        question.kind(),
                        at,
                        answered,
                        clock.millis(),
                        answer.statusCode(),
                        replica.number(),
                        headers.firstValue("x-posthog-request-id").orElse(""),
                        misses,
                        answer.statusCode() == 200 ? broken : ""),
                wait);
    }

    /// How many long streams have begun, and not ended.
    int streams() {
        return streams.get();
    }

    private static String readToEnd(HttpResponse<InputStream> answer, Profile.Row row) {
        try (var body = answer.body()) {
            var text = new String(body.readAllBytes(), UTF_8).stripTrailing();
            return isWhole(text, row) ? "" : "it ended with '" + text.substring(Math.max(0, text.length() - 60)) + "'";
        } catch (IOException e) {
            return "it broke off: " + e;
        }
    }

    private static boolean isWhole(String text, Profile.Row row) {
        if (!row.stream()) {
            return text.endsWith("}");
        }
        return switch (row.shape()) {
            case CHAT -> text.endsWith("data: [DONE]");
            case RESPONSES -> text.contains("event: response.completed") && text.endsWith("}");
            case MESSAGES -> text.contains("event: message_stop") && text.endsWith("}");
        };
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
