package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.List;

/// Takes events as PostHog's capture does, keeps them, and refuses them when it is told to.
public final class Sink implements AutoCloseable {
    private static final byte[] FLAGS =
            "{\"flags\":{},\"errorsWhileComputingFlags\":false,\"requestId\":\"00000000-0000-4000-8000-000000000000\"}"
                    .getBytes(UTF_8);

    private final Kept kept = new Kept();
    private final Capture capture = new Capture(kept);
    private final WebServer server;
    private Failure failure = Failure.NONE;

    private Sink(int port) {
        server = Loopback.serve(port, new Lines(), this::handle);
    }

    /// Port 0 takes a free one; a port in use is an UncheckedIOException with a BindException in it.
    public static Sink start(int port) {
        return new Sink(port);
    }

    public int port() {
        return server.port();
    }

    public URI uri() {
        return Loopback.uri(server);
    }

    /// The last accepted events as they came, newest last.
    public List<JsonNode> events() {
        return kept.all();
    }

    public void forget() {
        kept.clear();
    }

    /// The fault takes the place of the one before it; `Failure.NONE` ends all faults.
    public synchronized void fail(Failure failure) {
        this.failure = failure;
    }

    @Override
    public void close() {
        server.stop();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        var body = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
        var path = Failure.withoutSlash(request.prologue().uriPath().rawPath());
        switch (request.prologue().method().text() + " " + path) {
            case "GET /events" -> json(response, Json.bytes(Json.array().addAll(kept.all())));
            case "DELETE /events" -> {
                kept.clear();
                response.status(Status.NO_CONTENT_204).send();
            }
            case "POST /fail" -> setFailure(body, response);
            case "POST /flags" -> json(response, FLAGS);
            default -> take(path, body, request, response);
        }
    }

    private void take(String path, byte[] body, ServerRequest request, ServerResponse response) {
        var lane = Intake.of(path);
        if (lane.isEmpty()) {
            response.status(Status.NOT_FOUND_404).send();
        } else if (!request.prologue().method().text().equals("POST")) {
            response.status(Status.METHOD_NOT_ALLOWED_405).send();
        } else if (!failed(lane.get(), path, response)) {
            answer(capture.take(lane.get(), body, request.headers()), response);
        }
    }

    private boolean failed(Intake lane, String path, ServerResponse response) {
        var hit = hit(path);
        pause(hit);
        if (hit.status() == 0) {
            return false;
        }
        hit.retryAfterHeader().ifPresent(value -> response.header(HeaderNames.RETRY_AFTER, value));
        var verdict = lane.perEventResults()
                ? Verdict.error(hit.status(), "failed_as_asked", "the sink was told to fail")
                : Verdict.text(hit.status(), "the sink was told to fail");
        answer(verdict, response);
        return true;
    }

    private synchronized Failure hit(String path) {
        if (!failure.hits(path)) {
            return Failure.NONE;
        }
        var hit = failure;
        failure = failure.once();
        return hit;
    }

    private static void pause(Failure hit) {
        try {
            Thread.sleep(hit.delay());
        } catch (InterruptedException exception) {
            throw new CloseConnectionException("stopped", exception);
        }
    }

    private static void answer(Verdict verdict, ServerResponse response) {
        response.status(Status.create(verdict.status()));
        response.header(HeaderNames.CONTENT_TYPE, verdict.contentType());
        response.send(verdict.body());
    }

    private void setFailure(byte[] body, ServerResponse response) {
        try {
            fail(Failure.parse(Json.object(body).orElseThrow(() -> new IllegalArgumentException("no JSON object"))));
            json(response, "{\"status\":1}".getBytes(UTF_8));
        } catch (IllegalArgumentException exception) {
            answer(Verdict.text(400, String.valueOf(exception.getMessage())), response);
        }
    }

    private static void json(ServerResponse response, byte[] body) {
        response.header(HeaderValues.CONTENT_TYPE_JSON);
        response.send(body);
    }
}
