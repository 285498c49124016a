package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.mock.MockProvider;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.RawHttp;
import com.posthog.aigateway.testing.RawHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A word of its own is put into every place that a stranger, a caller, a provider or an operator can write to.
/// Afterwards
/// none of them stands in a log, a metric or an answer of ours, and in an event only where it belongs.
@Timeout(120)
class SecretsTest {

    /// Each word names its place: `cnry-prompt-9f3b`.
    private static final Pattern WORD = Pattern.compile("cnry-([a-z_]+)-9f3b");

    private static final String KEY = word("caller_key");
    private static final String HEADERS = """
            Cookie: session=%s
            User-Agent: tool/%s
            X-Custom: %s
            X-Request-Id: %s
            Idempotency-Key: %s
            traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
            tracestate: a=%s
            baggage: userId=%s
            X-Forwarded-For: %s
            Referer: http://x/%s
            X-PostHog-Property-Plan: %s
            X-PostHog-Flag-Fast: %s
            X-PostHog-Properties: {"team_name":"%s"}
            X-PostHog-Distinct-Id: %s
            X-PostHog-Trace-Id: %s
            X-PostHog-Session-Id: %s
            """.formatted(
                    word("cookie"),
                    word("agent"),
                    word("custom"),
                    word("request_id"),
                    word("idempotency"),
                    word("tracestate"),
                    word("baggage"),
                    word("forwarded"),
                    word("referer"),
                    word("property"),
                    word("flag"),
                    word("properties"),
                    word("distinct_id"),
                    word("trace_id"),
                    word("session_id"))
            .replace("\n", "\r\n");
    private static final String MEMBERS =
            """
            "messages":[{"role":"user","content":"%s"}],"user":"%s","metadata":{"user_id":"%s"},
            "tools":[{"type":"function","function":{"name":"f","description":"%s","parameters":{}}}],
            "unknown_member":"%s"}""".formatted(word("prompt"), word("user"), word("metadata"), word("tools"), word("unknown"));

    /// Where in an event a word belongs. What stands nowhere here may stand nowhere there.
    private static final Map<String, Set<String>> BELONGS = Map.ofEntries(
            Map.entry("prompt", Set.of("$ai_input")),
            Map.entry("tools", Set.of("$ai_tools")),
            Map.entry("provider_error", Set.of("$ai_error")),
            Map.entry("property", Set.of("plan")),
            Map.entry("flag", Set.of("$feature/fast")),
            Map.entry("properties", Set.of("team_name")),
            Map.entry("distinct_id", Set.of("distinct_id")),
            Map.entry("trace_id", Set.of("$ai_trace_id")),
            Map.entry("session_id", Set.of("$ai_session_id", "$session_id")));

    @TempDir
    Path folder;

    private final List<Answer> ours = new ArrayList<>();

    private static String word(String place) {
        return "cnry-" + place + "-9f3b";
    }

    @Test
    void staysWhereItWasPut() throws Exception {
        try (var mock = MockProvider.start(0, null);
                var sink = Sink.start(0);
                var faulty = new FakeUpstream(SecretsTest::fail);
                var child = ChildGateway.start(settings(), environment(mock, sink, faulty))) {
            callWell(child);
            callBadly(child);
            breakOff(child);
            Eventually.get(() -> sink.events().size(), size -> size == 5);

            var metrics = metrics(child);
            var log = String.join("\n", child.lines());

            assertThat(words(log)).as("in the log").isEmpty();
            assertThat(words(metrics)).as("in the metrics").isEmpty();
            assertThat(ours)
                    .isNotEmpty()
                    .allSatisfy(answer -> assertThat(words(answer.headers() + answer.body()))
                            .as("in answer " + answer.status() + ": " + answer.headers() + answer.body())
                            .isEmpty());
            assertThat(strays(sink.events()))
                    .as("in events, where they do not belong")
                    .isEmpty();
            assertThat(words(sink.events().toString())).as("in events").containsAll(BELONGS.keySet());
            assertThat(log.lines()
                            .filter(line -> line.contains("WARN") || line.contains("ERROR") || line.contains("\tat ")))
                    .as("what a stranger can bring into the log")
                    .isEmpty();
        }
    }

    private Path settings() throws IOException {
        return Files.writeString(folder.resolve("gateway.yaml"), "server: { head: 2s, body: 2s }");
    }

    private Map<String, String> environment(MockProvider mock, Sink sink, FakeUpstream faulty) {
        var environment = Rig.environment(folder, mock, sink);
        environment.put("AIGATEWAY_DEV_KEY_SHA256", Rig.sha256(KEY));
        environment.put("OPENAI_API_KEY", word("openai_key"));
        environment.put("ANTHROPIC_API_KEY", word("anthropic_key"));
        environment.put("POSTHOG_PROJECT_TOKEN", "phc_" + word("token"));
        environment.put("AIGATEWAY_ADMIN_TOKEN", word("admin_token"));
        environment.put("AIGATEWAY_ANTHROPIC_URL", faulty.uri().toString());
        return environment;
    }

    /// A provider that fails in many ways, with a word in each.
    private static void fail(FakeUpstream.Peer peer) throws IOException {
        for (var line = peer.readLine(); !line.isEmpty(); line = peer.readLine()) {
            int status = line.contains("401") ? 401 : line.contains("400") ? 400 : 500;
            var body = "{\"type\":\"error\",\"error\":{\"type\":\"x\",\"message\":\""
                    + word(status == 401 ? "account_error" : "provider_error") + "\"}}";
            peer.send("HTTP/1.1 " + status + " Odd " + word("phrase") + "\r\nX-Odd: " + word("provider_header")
                    + "\r\nSet-Cookie: " + word("provider_cookie")
                    + "\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body);
        }
    }

    private void callWell(ChildGateway child) throws IOException {
        for (var stream : List.of("false", "true")) {
            var body = "{\"model\":\"gpt-5-mini\",\"stream\":" + stream + "," + MEMBERS;
            assertThat(ask(child, "/v1/chat/completions?q=" + word("query"), "Authorization: Bearer " + KEY, body)
                            .status())
                    .isEqualTo(200);
        }
        // What a provider says of its own account is never passed on, and what it says of the call is the caller's.
        var claude = "{\"model\":\"claude-fable-5-2\",\"max_tokens\":5," + MEMBERS;
        ask(child, "/v1/messages?x=400", "x-api-key: " + KEY, claude);
        ask(child, "/v1/messages?x=500", "x-api-key: " + KEY, claude);
        ours.add(ask(child, "/v1/messages?x=401", "x-api-key: " + KEY, claude));
        ours.add(ask(
                child, "/v1/messages?q=" + word("query"), "x-api-key: " + KEY, "{\"model\":\"gpt-5-mini\"," + MEMBERS));
        ours.add(ask(child, "/v1/chat/completions", "Authorization: Bearer " + KEY, "{\"model\":7," + MEMBERS));
        ours.add(ask(child, "/v1/chat/completions", "Authorization: Bearer " + KEY, "no json " + word("no_json")));
        ours.add(ask(
                child,
                "/v1/chat/completions",
                "Authorization: Bearer " + KEY,
                "{\"model\":\"a\",\"model\":\"b\"," + MEMBERS));
    }

    private void callBadly(ChildGateway child) throws IOException {
        var body = "{\"model\":\"gpt-5-mini\"," + MEMBERS;
        ours.add(ask(child, "/v1/chat/completions", "Authorization: Bearer " + word("wrong_key"), body));
        ours.add(ask(child, "/v1/messages", "x-api-key: " + word("wrong_key"), body));
        ours.add(ask(child, "/v1/messages", "Authorization: Basic " + word("wrong_key"), body));
        ours.add(ask(child, "/v1/messages", "Authorization: " + word("wrong_key"), body));
        ours.add(ask(
                child, "/v1/messages", "Authorization: Bearer " + KEY + "\r\nx-api-key: " + word("second_key"), body));
        ours.add(ask(child, "/v1/" + word("path"), "Authorization: Bearer " + KEY, body));
        ours.add(ask(child, "/" + word("product") + "/v1/nothing", "Authorization: Bearer " + KEY, body));
        ours.add(ask(child, "/v1/chat/completions", word("no_colon"), body));
        ours.add(ask(child, "/v1/chat/completions", word("control") + ": \u0001" + word("control"), body));
        ours.add(ask(child, "/v1/chat/completions", "Transfer-Encoding: " + word("coding"), body));
        ours.add(ask(child, "/v1/chat/completions?a=%zz" + word("query"), "X: y", body));
        ours.add(ask(child, "/v1/%zz" + word("path"), "X: y", body));
        ours.add(ask(child, "http://" + word("target"), "X: y", body));
        ours.add(ask(child, "/v1/chat/completions", "Content-Length: " + word("length"), body));
        ours.add(ask(child, "/v1/chat/completions", "X-Huge: " + word("huge").repeat(2_000), body));
    }

    private static Answer ask(ChildGateway child, String target, String header, String body) throws IOException {
        try (var http = new RawHttp(child.uri().getPort())) {
            return http.send("POST " + target + " HTTP/1.1\r\nHost: h\r\n" + header + "\r\n" + HEADERS
                            + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                    .answer();
        }
    }

    /// What strangers do most: nothing of it is worth a line.
    private static void breakOff(ChildGateway child) throws IOException {
        var head = "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + KEY + "\r\n";
        for (var begun : List.of(
                "",
                "\u0016\u0003\u0001",
                "GET / HT",
                head,
                head + "Content-Length: 100\r\n\r\n",
                head + "Content-Length: 100\r\n\r\n{\"x\":",
                head + "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
                head + "Transfer-Encoding: chunked\r\n\r\nzz" + word("chunk"))) {
            for (boolean reset : new boolean[] {false, true}) {
                try (var http = new RawHttp(child.uri().getPort())) {
                    http.send(begun);
                    if (reset) {
                        http.resetWhenClosed();
                    } else {
                        http.finish().next(false);
                    }
                }
            }
        }
    }

    private static String metrics(ChildGateway child) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(child.adminUri() + "/metrics"))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    private static Set<String> words(String text) {
        var found = new TreeSet<String>();
        var matcher = WORD.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    /// The properties in which a word stands that has no business there.
    private static Map<String, Set<String>> strays(List<JsonNode> events) {
        var strays = new TreeMap<String, Set<String>>();
        for (var event : events) {
            collect(event, strays);
        }
        return strays;
    }

    private static void collect(JsonNode node, Map<String, Set<String>> strays) {
        for (var member : node.properties()) {
            if (member.getKey().equals("properties") || member.getKey().equals("$set")) {
                collect(member.getValue(), strays);
                continue;
            }
            for (var word : words(member.getKey() + member.getValue())) {
                if (!BELONGS.getOrDefault(word, Set.of()).contains(member.getKey())) {
                    strays.computeIfAbsent(word, _ -> new TreeSet<>()).add(member.getKey());
                }
            }
        }
    }
}
