package com.posthog.aigateway.mock;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A provider that answers in every shape without thinking, and fails in every way it is asked to.
public final class MockProvider implements AutoCloseable {
    private static final HeaderName DIRECTIVES = HeaderNames.create("x-mock");
    private static final HeaderName API_KEY = HeaderNames.create("x-api-key");
    private static final HeaderName AZURE_KEY = HeaderNames.create("api-key");
    private static final Header WEBSOCKET = HeaderValues.create(HeaderNames.UPGRADE, "websocket");
    private static final String MODEL_DIRECTIVES = "mock-";

    private final Requests requests = new Requests();
    private final Lines lines = new Lines();
    private final Player player = new Player(lines);
    private final NativeErrors errors;
    private final Answers answers;
    private final @Nullable Bill bill;
    private final WebServer server;

    private MockProvider(int port, @Nullable Path fixtures, @Nullable Bill bill) {
        this.bill = bill;
        var serial = new Serial(new SecureRandom());
        errors = new NativeErrors(serial);
        answers = new Answers(serial, errors, fixtures);
        server = Loopback.serve(port, lines, this::handle);
    }

    public static MockProvider start(int port) {
        return new MockProvider(port, null, null);
    }

    /// Port 0 takes a free one; a port in use is an UncheckedIOException with a BindException in it.
    public static MockProvider start(int port, @Nullable Path fixtures) {
        return new MockProvider(port, fixtures, null);
    }

    /// As above, with a bill.
    ///
    /// @param bill where it is kept what the answers cost; null: nowhere
    public static MockProvider start(int port, @Nullable Path fixtures, @Nullable Bill bill) {
        return new MockProvider(port, fixtures, bill);
    }

    public int port() {
        return server.port();
    }

    public URI uri() {
        return Loopback.uri(server);
    }

    /// The last requests, newest last.
    public List<Received> received() {
        return requests.all();
    }

    public void forget() {
        requests.clear();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        var method = request.prologue().method().text();
        var path = request.prologue().uriPath().rawPath();
        if (path.equals("/requests")) {
            tell(method, response);
            return;
        }
        var body = request.content().hasEntity() ? request.content().as(byte[].class) : new byte[0];
        var entry = requests.add(request, body);
        var hosted = Hosted.of(path);
        var match = Resource.of(method, hosted.path());
        if (request.headers().contains(WEBSOCKET)) {
            player.play(errors.noUpgrade(), Directives.NONE, request, response, entry, Charged.NOT);
        } else if (match.isPresent()) {
            converse(match.get(), hosted, body, request, response, entry);
        } else if (method.equals("HEAD")) {
            entry.end(Received.Ending.ANSWERED);
            response.status(Status.NOT_FOUND_404).send();
        } else {
            player.play(errors.unknownPath(method, path), Directives.NONE, request, response, entry, Charged.NOT);
        }
    }

    private void converse(
            Resource.Match match,
            Hosted hosted,
            byte[] body,
            ServerRequest request,
            ServerResponse response,
            Requests.Entry entry) {
        var shape = match.resource();
        var family = shape.family(request.headers());
        if (!isKnown(request.headers())) {
            player.play(errors.unauthorized(family), Directives.NONE, request, response, entry, Charged.NOT);
            return;
        }
        var object = shape.hasBody() ? Json.object(body) : Optional.of(Json.object());
        if (object.isEmpty()) {
            var refusal = errors.badRequest(family, "We could not parse the JSON body of your request.");
            player.play(refusal, Directives.NONE, request, response, entry, Charged.NOT);
            return;
        }
        var asked = new Asked(shape, match.id(), family, hosted.body(object.get()), body.length);
        var directives = Directives.NONE;
        Answer answer;
        try {
            directives = directives(asked, request.headers());
            if (directives.fails() >= 0) {
                directives = directives.afterFailures(requests.countBefore(entry));
            }
            answer = hosted.told(answers.to(asked, directives));
        } catch (IllegalArgumentException exception) {
            answer = errors.badRequest(family, String.valueOf(exception.getMessage()));
            directives = Directives.NONE;
        }
        player.play(answer, directives, request, response, entry, Charged.of(bill, answer, directives, asked));
    }

    /// The header's directives come last, so that they win.
    private static Directives directives(Asked asked, ServerRequestHeaders headers) {
        var model = asked.model();
        var named = model.startsWith(MODEL_DIRECTIVES) ? model.substring(MODEL_DIRECTIVES.length()) : "";
        var given = headers.contains(DIRECTIVES)
                ? String.join(",", headers.get(DIRECTIVES).allValues())
                : "";
        var said = Prompt.directives(asked.turns());
        return named.isEmpty() && said.isEmpty() && given.isEmpty()
                ? Directives.NONE
                : Directives.parse(named, said, given);
    }

    private static boolean isKnown(ServerRequestHeaders headers) {
        var bearer =
                headers.first(HeaderNames.AUTHORIZATION).filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7));
        var key = bearer.or(() -> headers.first(API_KEY))
                .or(() -> headers.first(AZURE_KEY))
                .orElse("invalid");
        return !key.toLowerCase(Locale.ROOT).contains("invalid");
    }

    private void tell(String method, ServerResponse response) {
        switch (method) {
            case "GET" -> {
                response.header(HeaderValues.CONTENT_TYPE_JSON);
                response.send(requests.asJson());
            }
            case "DELETE" -> {
                requests.clear();
                response.status(Status.NO_CONTENT_204).send();
            }
            default -> response.status(Status.METHOD_NOT_ALLOWED_405).send();
        }
    }
}
