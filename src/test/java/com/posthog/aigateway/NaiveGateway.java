package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.config.CallerSettings.Limit;
import com.posthog.aigateway.config.CallerSettings.Team;
import com.posthog.aigateway.config.Environment;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a budget is worth without a ledger: each process looks at what it has charged, lets the call pass, and charges
/// it when it is over. A proof of money must fail it.
final class NaiveGateway {

    private static final Pattern INPUT = Pattern.compile("\"(?:prompt|input)_tokens\":(\\d+)");
    private static final Pattern OUTPUT = Pattern.compile("\"(?:completion|output)_tokens\":(\\d+)");
    private static final long NANOS_IN = 2_000;
    private static final long NANOS_OUT = 10_000;
    private static final int PIECE = 1 << 13;

    private final Map<String, Team> teams = new HashMap<>();
    private final Map<String, AtomicLong> spent = new ConcurrentHashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI provider;

    private NaiveGateway(Configuration configuration, URI provider) {
        this.provider = provider;
        var byId = new HashMap<String, Team>();
        configuration.callers().teams().forEach(team -> byId.put(team.id(), team));
        for (var credential : configuration.callers().credentials()) {
            var team = byId.get(credential.team());
            if (credential.digest() != null && team != null) {
                teams.put(credential.digest(), team);
            }
        }
    }

    /// `serve --config FILE`
    static void main(String[] arguments) throws IOException {
        var environment = Environment.ofProcess();
        var configuration = Configuration.load(Path.of(arguments[2]), environment, Clock.systemUTC());
        var provider = URI.create(environment.variable("AIGATEWAY_OPENAI_URL").orElseThrow());
        var naive = new NaiveGateway(configuration, provider);
        var settings = configuration.settings();
        serve(settings.server().host(), settings.server().port(), naive);
        serve(settings.admin().host(), settings.admin().port(), naive);
    }

    private static void serve(String host, int port, NaiveGateway naive) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 500);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", naive::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var team = teams.get(digest(exchange.getRequestHeaders().getFirst("Authorization")));
            if (path.equals("/ready")) {
                answer(exchange, 200, "ready");
            } else if (team == null) {
                answer(exchange, 401, "{\"error\":{\"code\":\"invalid_api_key\"}}");
            } else if (path.equals("/v1/usage")) {
                answer(exchange, 200, usage(team));
            } else if (spent(team).get() >= limit(team).nanos()) {
                answer(exchange, 402, "{\"error\":{\"code\":\"budget_exceeded\"}}");
            } else {
                pass(exchange, path, team);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(HttpExchange exchange, String path, Team team) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(provider.resolve(path))
                .header("Authorization", "Bearer provider")
                .header("x-mock", String.valueOf(exchange.getRequestHeaders().getFirst("x-mock")))
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        exchange.getRequestBody().readAllBytes()))
                .build();
        var seen = new ByteArrayOutputStream();
        var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            var piece = new byte[PIECE];
            for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                seen.write(piece, 0, read);
                exchange.getResponseBody().write(piece, 0, read);
                exchange.getResponseBody().flush();
            }
        } finally {
            var text = seen.toString(UTF_8);
            spent(team).addAndGet(last(INPUT, text) * NANOS_IN + last(OUTPUT, text) * NANOS_OUT);
        }
    }

    private static long last(Pattern pattern, String text) {
        var match = pattern.matcher(text);
        long last = 0;
        while (match.find()) {
            last = Long.parseLong(match.group(1));
        }
        return last;
    }

    private AtomicLong spent(Team team) {
        return spent.computeIfAbsent(team.id(), _ -> new AtomicLong());
    }

    private static Money limit(Team team) {
        return Money.ofUsd(team.budgets().getFirst().usd());
    }

    private String usage(Team team) {
        var budget = team.budgets().getFirst();
        return "{\"budgets\":[{\"scope\":\"team\",\"id\":\"" + team.id() + "\",\"window\":\"" + budget.window()
                + "\",\"guarantee\":\"strict\",\"mode\":\"enforce\",\"limit_usd\":\"" + limit(team)
                + "\",\"spent_usd\":\"" + new Money(spent(team).get())
                + "\",\"held_usd\":\"0.000000000\",\"absent_usd\":\"0.000000000\"}],\"limits\":["
                + team.limits().stream().map(NaiveGateway::limit).collect(Collectors.joining(",")) + "]}";
    }

    /// It counts nothing.
    private static String limit(Limit limit) {
        var kind = limit.concurrent() != null
                ? "concurrent"
                : limit.tokensPerMinute() != null ? "tokens_per_minute" : "requests_per_minute";
        return "{\"scope\":\"team\",\"kind\":\"" + kind + "\",\"limit\":1,\"left\":1}";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String digest(@org.jspecify.annotations.Nullable String authorization) {
        try {
            var key = authorization == null ? "" : authorization.replaceFirst("^Bearer ", "");
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
