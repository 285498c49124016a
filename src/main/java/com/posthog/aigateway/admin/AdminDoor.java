package com.posthog.aigateway.admin;

import com.posthog.aigateway.admit.Operators;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Port;
import com.posthog.aigateway.dispatch.TargetDesk;
import com.posthog.aigateway.runaway.Breakers;
import com.posthog.aigateway.telemetry.Metrics;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The operators' door: `/live`, `/ready` and `/metrics` are open, `/ledger`, `/runaway`, `/targets`, `/drain` and
/// `/reload` need the admin token, everything else is forbidden.
public final class AdminDoor implements AutoCloseable {

    private final GatewaySettings.Admin settings;
    private final WebServer server;
    private final BooleanSupplier ready;
    private final Metrics metrics;
    private final LedgerPages ledger;
    private final RunawayPages runaway;
    private final TargetPages targets;
    private final ReloadPage reload;
    private final Supplier<Drain> drain;

    /// A door that is still closed.
    ///
    /// @param ready whether new calls are welcome
    public AdminDoor(
            GatewaySettings.Admin settings,
            BooleanSupplier ready,
            Metrics metrics,
            Operators operators,
            Breakers breakers,
            TargetDesk targets,
            Reloading reloading,
            Supplier<Drain> drain) {
        this.settings = settings;
        this.ready = ready;
        this.metrics = metrics;
        this.ledger = new LedgerPages(operators);
        this.runaway = new RunawayPages(breakers);
        this.targets = new TargetPages(targets);
        this.reload = new ReloadPage(reloading);
        this.drain = drain;
        this.server = WebServer.builder()
                .host(settings.host())
                .port(settings.port())
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofSeconds(1))
                .contentEncoding(encodings -> encodings.contentEncodingsDiscoverServices(false))
                .mediaContext(media -> media.mediaSupportsDiscoverServices(false))
                .featuresDiscoverServices(false)
                .routing(routing -> routing.any(this::handle))
                .build();
    }

    /// UncheckedIOException: the port cannot be used.
    public void open() {
        Port.requireFree(settings.host(), settings.port());
        server.start();
    }

    public int port() {
        return server.port();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        var method = request.prologue().method().text();
        if (isOperator(request)) {
            var path = request.prologue().uriPath().path();
            var body = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
            var page = ledger.answer(method, path, body, "operator")
                    .or(() -> runaway.answer(method, path, body, "operator"))
                    .or(() -> targets.answer(method, path, body, "operator"))
                    .or(() -> reload.answer(method, path));
            if (page.isPresent()) {
                json(response, page.get().status(), page.get().json());
                return;
            }
            if (method.equals("GET") && path.equals("/drain")) {
                json(response, Status.OK_200.code(), drain.get().json());
                return;
            }
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            answer(response, Status.FORBIDDEN_403, "forbidden", method);
            return;
        }
        switch (request.prologue().uriPath().rawPath()) {
            case "/live" -> answer(response, Status.OK_200, "live", method);
            case "/ready" -> {
                boolean open = ready.getAsBoolean();
                answer(
                        response,
                        open ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503,
                        open ? "ready" : "draining",
                        method);
            }
            case "/metrics" -> {
                response.headers().set(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
                answer(response, Status.OK_200, metrics.prometheus(), method);
            }
            default -> answer(response, Status.FORBIDDEN_403, "forbidden", method);
        }
    }

    private static void json(ServerResponse response, int status, String json) {
        response.headers().set(HeaderNames.CONTENT_TYPE, "application/json");
        response.status(status).send(json);
    }

    /// By the admin token, which nobody has where none is configured.
    private boolean isOperator(ServerRequest request) {
        var token = settings.token();
        var shown = request.headers().first(HeaderNames.AUTHORIZATION).orElse("");
        return token != null
                && MessageDigest.isEqual(
                        ("Bearer " + token.text()).getBytes(StandardCharsets.UTF_8),
                        shown.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(ServerResponse response, Status status, String text, String method) {
        response.status(status);
        if (method.equals("HEAD")) {
            response.send();
        } else {
            response.send(text + (text.endsWith("\n") ? "" : "\n"));
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
