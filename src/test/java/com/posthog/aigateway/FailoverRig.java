package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.admit.Law;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A gateway whose models have two targets each, at two providers of the same dialect. The second takes a call
/// as it came, with its own name for the model; a call with `unfit` in it, it cannot serve, and one with `odd`
/// has a feature.
final class FailoverRig implements AutoCloseable {

    static final String CHAT = "/v1/chat/completions";
    static final String RESPONSES = "/v1/responses";
    static final String MESSAGES = "/v1/messages";

    final Gateway gateway;
    private final Sink sink;

    private FailoverRig(Gateway gateway, Sink sink) {
        this.gateway = gateway;
        this.sink = sink;
    }

    static FailoverRig start(Path folder, URI primary, URI fallback, Clock clock) throws IOException {
        return start(folder, primary, fallback, clock, "");
    }

    /// @param settings more lines of gateway.yaml
    static FailoverRig start(Path folder, URI primary, URI fallback, Clock clock, String settings) throws IOException {
        return open(folder, catalogue(primary, fallback), clock, settings);
    }

    /// @param catalogue of other providers and models
    static FailoverRig open(Path folder, String catalogue, Clock clock, String settings) throws IOException {
        Files.writeString(folder.resolve("providers.yaml"), catalogue);
        var callers = folder.resolve("callers.yaml");
        if (!Files.exists(callers)) {
            Files.writeString(callers, """
                    organisations: []
                    teams: [ { id: dev, products: [llm_gateway], runaway: { mode: off } } ]
                    credentials: [ { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], models: ["*"] } ]
                    """.formatted(Rig.sha256(Rig.KEY)));
        }
        var file = Files.writeString(
                folder.resolve("gateway.yaml"), "catalogue: providers.yaml\ncallers: callers.yaml\n" + settings);
        var sink = Sink.start(0);
        var variables = new HashMap<>(Map.of(
                "AIGATEWAY_PORT", "0",
                "AIGATEWAY_ADMIN_PORT", "0",
                "AIGATEWAY_ADMIN_TOKEN", "operator",
                "AIGATEWAY_DATA", folder.resolve("data").toString(),
                "KEY", "provider-key",
                "POSTHOG_HOST", sink.uri().toString()));
        var configuration = Configuration.load(file, new Environment(variables), Clock.systemUTC());
        return new FailoverRig(Wiring.open(configuration, clock, Law.NONE_BROKEN, FailoverRig::passOn), sink);
    }

    private static String catalogue(URI primary, URI fallback) {
        return """
            providers:
              anthropic: { family: anthropic, url: "%1$s", key: "${env:KEY}" }
              openai: { family: openai, url: "%1$s", key: "${env:KEY}" }
              second-anthropic: { family: anthropic, url: "%2$s", key: "${env:KEY}" }
              second-openai: { family: openai, url: "%2$s", key: "${env:KEY}" }
              bedrock: { family: anthropic, wire: bedrock-mantle, url: "%2$s", auth: { bearer: "${env:KEY}" } }
            lines: []
            models:
              - id: m
                status: active
                shapes: [openai-chat, openai-responses, openai-embeddings]
                reasons: false
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                targets: [ { provider: openai, model: m }, { provider: second-openai, model: gpt-second, price: { times: 2 } } ]
              - id: c
                status: active
                shapes: [anthropic-messages]
                reasons: false
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                targets: [ { provider: anthropic, model: c }, { provider: second-anthropic, model: claude-second, price: { times: 2 } } ]
              - id: late
                status: active
                shapes: [openai-chat, openai-responses]
                reasons: false
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                targets: [ { provider: openai, model: late, repeats_after_timeout: true }, { provider: second-openai, model: gpt-second } ]
              - id: hasty
                status: active
                shapes: [openai-chat]
                reasons: false
                preamble: 100ms
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                targets: [ { provider: openai, model: hasty }, { provider: second-openai, model: gpt-second } ]
              - id: late-c
                status: active
                shapes: [anthropic-messages]
                reasons: false
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                targets: [ { provider: anthropic, model: late-c, repeats_after_timeout: true }, { provider: second-anthropic, model: claude-second } ]
              - id: b
                status: active
                shapes: [anthropic-messages]
                reasons: false
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                targets: [ { provider: anthropic, model: b }, { provider: bedrock, model: anthropic.b } ]
              - id: alone
                status: active
                shapes: [openai-chat]
                reasons: false
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 1, output: 10 } ]
                targets: [ { provider: openai, model: alone } ]
            """.formatted(primary, fallback);
    }

    private static Fit passOn(Call call, Route route, Target target) {
        var body = new String(call.body().bytes(), UTF_8);
        Set<String> features = body.contains("odd") ? Set.of("odd") : Set.of();
        if (body.contains("unfit")) {
            return new Fit.Unfit(features, "it has no 'unfit'");
        }
        var renamed = body.replaceFirst("\"model\":\"[^\"]*\"", "\"model\":\"" + target.model() + "\"");
        return new Fit.As(features, renamed.getBytes(UTF_8), call.headers(), List.of());
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    static String body(String path, boolean stream, String more) {
        var model = path.equals(MESSAGES) ? "c" : "m";
        return "{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + stream + ",\"messages\":[]" + more + "}";
    }

    static String request(String path, String body, String... headers) {
        var request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer "
                + Rig.KEY + "\r\nContent-Length: " + body.length() + "\r\n");
        for (var header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").append(body).toString();
    }

    RawHttp.Answer ask(String path, String body, String... headers) throws IOException {
        try (var caller = new RawHttp(gateway.port())) {
            return caller.send(request(path, body, headers)).answer();
        }
    }

    /// What operators get.
    RawHttp.Answer operate(String line, String body) throws IOException {
        try (var caller = new RawHttp(gateway.adminPort())) {
            return caller.send(line + " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer operator\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .answer();
        }
    }

    /// The receipt of an answer.
    Receipt receipt(RawHttp.Answer answer) {
        var id = UUID.fromString(answer.header("x-posthog-request-id"));
        return Eventually.get(() -> gateway.journal().receipt(id), Optional::isPresent)
                .orElseThrow();
    }

    String metric(String start) throws IOException {
        try (var caller = new RawHttp(gateway.adminPort())) {
            return caller.send("GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n")
                    .answer()
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(start))
                    .reduce("", (all, line) -> all + line + "\n");
        }
    }

    @Override
    public void close() {
        gateway.close();
        sink.close();
    }
}
