package com.posthog.aigateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Asks one call and reads its answer to the end, or leaves before it.
final class Caller implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(75);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock = Clock.systemUTC();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    /// @param headers besides the credential, the directives and the trace
    Outcome ask(URI gateway, Team team, String mark, Profile.Row row, Map<String, String> headers)
            throws InterruptedException {
        var request = HttpRequest.newBuilder(gateway.resolve(row.shape().path()))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + team.key())
                .header("Content-Type", "application/json")
                .header("X-PostHog-Trace-Id", mark)
                .header("x-mock", row.directives())
                .POST(HttpRequest.BodyPublishers.ofString(row.body(mark)));
        headers.forEach(request::header);
        long at = clock.millis();
        try {
            var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            long told = clock.millis();
            return read(answer, row.leaves() - (told - at), row.leaves() > 0, mark, at, told);
        } catch (ConnectException | HttpConnectTimeoutException down) {
            return new Outcome(mark, at, clock.millis(), 0, "unreachable");
        } catch (IOException broken) {
            return new Outcome(mark, at, clock.millis(), 0, "broken");
        }
    }

    private Outcome read(HttpResponse<InputStream> answer, long left, boolean leaves, String mark, long at, long told) {
        int status = answer.statusCode();
        try (var body = answer.body()) {
            if (status >= 400) {
                return new Outcome(mark, at, told, status, reason(body.readAllBytes()));
            }
            var leaving = leaves ? leave(body, left) : null;
            try {
                body.transferTo(java.io.OutputStream.nullOutputStream());
            } finally {
                if (leaving != null) {
                    leaving.interrupt();
                }
            }
        } catch (IOException ended) {
            // We left, or the answer broke off; the status was told all the same.
        }
        return new Outcome(mark, at, told, status, "");
    }

    private static Thread leave(InputStream body, long left) {
        return Thread.startVirtualThread(() -> {
            try {
                Thread.sleep(Math.max(0, left));
                body.close();
            } catch (InterruptedException | IOException over) {
                // The answer was over first.
            }
        });
    }

    private static String reason(byte[] body) {
        try {
            var error = JSON.readTree(body).path("error");
            return error.path("code").asText(error.path("type").asText("")).equals("null")
                    ? error.path("type").asText("")
                    : error.path("code").asText(error.path("type").asText(""));
        } catch (IOException noJson) {
            return new String(body, 0, Math.min(40, body.length), StandardCharsets.UTF_8);
        }
    }

    /// What `GET /v1/usage` answers to the team. IOException: nothing usable.
    JsonNode usage(URI gateway, Team team) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(gateway.resolve("/v1/usage"))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + team.key())
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("GET /v1/usage of " + team.id() + " at " + gateway + ": " + answer.statusCode() + " "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(answer.body());
    }

    /// Changes something as operators do. IOException: it was not taken.
    void operate(URI admin, String path, String json) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(admin.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + Replica.TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("POST " + path + " " + json + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    /// What an operator is shown; empty where nobody answers any more.
    Optional<String> look(URI admin, String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(admin.resolve(path))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", "Bearer " + Replica.TOKEN)
                .build();
        try {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    boolean isReady(URI admin) throws InterruptedException {
        var request = HttpRequest.newBuilder(admin.resolve("/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
