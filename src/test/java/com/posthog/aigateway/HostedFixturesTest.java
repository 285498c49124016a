package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.Message;
import com.posthog.aigateway.testing.RecordingProvider;
import com.posthog.aigateway.testing.UsageTable;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every recorded answer of Azure and of Bedrock, through a real gateway on real sockets: the caller gets it in the
/// dialect in which he asked, and the receipt has the usage that was read off the recording by other means.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostedFixturesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern OF_THE_WAY = Pattern.compile(
            "strict-transport-security|date|content-type|content-length|transfer-encoding|x-amzn-errortype");

    private static final int TRIES = 5;

    /// The ways that the recordings were made on: each is a gateway of its own, whose first provider speaks so.
    private static final Map<String, String> WAYS = Map.of(
            "azure", "azure: { family: openai, wire: azure, url: \"%s\", key: ours }",
            "deployment",
                    "azure: { family: openai, wire: azure-deployment, api_version: 2024-02-01, url: \"%s\", key: ours }",
            "invoke", "bedrock: { family: anthropic, wire: bedrock-invoke, url: \"%s\", auth: { bearer: ours } }",
            "mantle", "bedrock-openai: { family: openai, wire: bedrock-mantle, url: \"%s\", auth: { bearer: ours } }");

    private record Asked(HostedRecording recording, Message got, HttpResponse<byte[]> answer, Receipt receipt) {}

    private final RecordingProvider provider = new RecordingProvider();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Rig> rigs = new TreeMap<>();

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        for (var way : WAYS.entrySet()) {
            var place = Files.createDirectories(folder.resolve(way.getKey()));
            Files.writeString(
                    place.resolve("providers.yaml"), catalogue(way.getValue().formatted(provider.uri())));
            rigs.put(way.getKey(), Rig.start(place, "catalogue: providers.yaml"));
        }
    }

    /// The models of the sample, of whose providers only this one has a key.
    private static String catalogue(String only) throws IOException {
        var sample = Files.readString(Path.of("providers.yaml"));
        var providers = new StringBuilder("providers:\n  " + only + "\n");
        Map.of(
                        "anthropic", "anthropic",
                        "openai", "openai",
                        "azure", "openai",
                        "bedrock", "anthropic",
                        "bedrock-mantle", "anthropic",
                        "bedrock-openai", "openai")
                .forEach((id, family) -> {
                    if (!only.startsWith(id + ":")) {
                        providers.append(
                                "  " + id + ": { family: " + family + ", url: \"https://nowhere.invalid\" }\n");
                    }
                });
        return providers + sample.substring(sample.indexOf("\nlines:"));
    }

    @AfterAll
    void stop() throws IOException {
        rigs.values().forEach(Rig::close);
        client.close();
        provider.close();
    }

    static List<String> recordings() throws IOException {
        return HostedRecording.names();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void passesAsItsRuleSays(String name) throws Exception {
        var asked = ask(HostedRecording.named(name));

        assertAsked(asked);
        switch (HostedRule.of(name)) {
            case PASSES -> {
                assertTold(asked);
                assertUsage(asked);
                assertCharged(asked);
            }
            case COUNTS -> {
                assertTold(asked);
                assertThat(asked.receipt().cost().total().nanos()).isZero();
            }
            case OUR_ACCOUNTS_FAULT -> assertToldInOurWords(asked);
            case FAILS_IN_THE_STREAM -> {
                assertThat(asked.answer().statusCode()).isEqualTo(200);
                assertThat(text(asked)).isEqualTo(new String(asked.recording().told(), UTF_8));
                assertThat(asked.receipt().error()).matches("overloaded_error|rate_limit_error|api_error");
                assertIncomplete(asked);
            }
            case BREAKS -> {
                var told = new String(asked.recording().told(), UTF_8);
                assertThat(text(asked))
                        .startsWith(told + "event: error\ndata: {")
                        .contains("broke off");
                assertThat(told).contains("content_block_delta");
                assertIncomplete(asked);
            }
        }
    }

    @Test
    void knowsEveryRecordingThatItExcepts() throws IOException {
        HostedRecording.named("azure-openai/error-401");

        var names = HostedRecording.names();

        assertThat(names).containsAll(HostedRule.EXCEPTIONS.keySet()).hasSizeGreaterThanOrEqualTo(83);
    }

    private Rig rig(HostedRecording recording) {
        var way = switch (recording.name().split("/", 2)[0]) {
            case "azure-openai" -> recording.byDeployment() ? "deployment" : "azure";
            case "bedrock-anthropic" -> "invoke";
            default -> "mantle";
        };
        return Optional.ofNullable(rigs.get(way)).orElseThrow();
    }

    private Asked ask(HostedRecording recording) throws Exception {
        provider.prepare(recording.name(), recording.wire());
        var rig = rig(recording);
        var request = HttpRequest.newBuilder(URI.create(rig.uri() + recording.path()))
                .header("Authorization", "Bearer " + Rig.KEY)
                .header("Content-Type", "application/json")
                .header("anthropic-beta", "context-1m-2025-08-07")
                .header(RecordingProvider.CASE, recording.name())
                .POST(HttpRequest.BodyPublishers.ofString(recording.request().toString()));
        var answer = answer(request.build());
        var id = UUID.fromString(
                answer.headers().firstValue("x-posthog-request-id").orElseThrow());
        var receipt = Eventually.get(() -> rig.gateway.journal().receipt(id), Optional::isPresent)
                .orElseThrow();
        var got = provider.take(recording.name());
        provider.forget(recording.name());
        return new Asked(recording, got, answer, receipt);
    }

    /// A stream that breaks ends the connection; what came before is read all the same. The client itself sometimes
    /// gives
    /// up on such an answer before its reader has it, and then is asked to ask again.
    private HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return client.send(request, _ -> new Lenient());
            } catch (IOException broken) {
                if (tries == TRIES) {
                    throw broken;
                }
            }
        }
    }

    private static String text(Asked asked) {
        return new String(asked.answer().body(), UTF_8);
    }

    /// The provider was asked as the recorded one was, but for what names our account and our target.
    private static void assertAsked(Asked asked) throws IOException {
        var recording = asked.recording();
        var sent = asked.receipt().attempts().getLast().model();
        var model = URLEncoder.encode(sent, UTF_8);
        var target = asked.got().start().split(" ", 3)[1];
        if (recording.family() == Family.ANTHROPIC) {
            var how = recording.counts()
                    ? "count-tokens"
                    : recording.recording().streamed() ? "invoke-with-response-stream" : "invoke";
            var named = recording.counts() ? model.replaceFirst("^(us|global)\\.", "") : model;
            assertThat(target).isEqualTo("/model/" + named + "/" + how);
            assertThat(asked.got().first("anthropic-beta")).isEmpty();
            assertInvoked(asked);
        } else if (recording.name().startsWith("azure")) {
            assertThat(asked.got().first("api-key")).isEqualTo("ours");
            var path = recording.path().substring("/v1".length());
            assertThat(target)
                    .isEqualTo(
                            recording.byDeployment()
                                    ? "/openai/deployments/" + model + path + "?api-version=2024-02-01"
                                    : "/openai/v1" + path);
            assertBody(asked, sent);
        } else {
            assertThat(target).isEqualTo("/openai" + recording.path());
            assertBody(asked, sent);
        }
    }

    private static void assertBody(Asked asked, String sent) throws IOException {
        var expected = asked.recording().request().put("model", sent);
        assertThat(JSON.readTree(asked.got().body())).isEqualTo(expected);
    }

    private static void assertInvoked(Asked asked) throws IOException {
        JsonNode body = JSON.readTree(asked.got().body());
        if (asked.recording().counts()) {
            body = JSON.readTree(body.at("/input/invokeModel/body").binaryValue());
        }
        var expected = asked.recording().request();
        expected.remove(List.of("model", "stream"));
        if (!expected.has("anthropic_version")) {
            expected.put("anthropic_version", "bedrock-2023-05-31");
        }
        if (!expected.has("anthropic_beta")) {
            expected.putArray("anthropic_beta").add("context-1m-2025-08-07");
        }
        if (asked.recording().counts() && !expected.has("max_tokens")) {
            expected.put("max_tokens", 4096);
        }
        assertThat((ObjectNode) body).isEqualTo(expected);
    }

    private static void assertTold(Asked asked) throws IOException {
        var recording = asked.recording();
        assertThat(asked.answer().statusCode()).as(() -> text(asked)).isEqualTo(recording.toldStatus());
        assertThat(text(asked)).isEqualTo(new String(recording.told(), UTF_8));
        assertHeaders(asked);
        boolean good = recording.recording().status() < 400;
        assertThat(asked.receipt().ending()).isEqualTo(good ? Ending.COMPLETE : Ending.FAILED);
    }

    private static void assertHeaders(Asked asked) throws IOException {
        var headers = asked.answer().headers();
        var recorded = asked.recording().recording().answerHeaders();
        recorded.forEach((name, value) -> {
            if (!OF_THE_WAY.matcher(name).matches()) {
                assertThat(headers.allValues(name)).as(name).containsExactly(value);
            }
        });
        if (asked.recording().family() == Family.ANTHROPIC && recorded.containsKey("x-amzn-requestid")) {
            assertThat(headers.firstValue("request-id")).contains(recorded.get("x-amzn-requestid"));
        }
        if (asked.recording().isBinary()) {
            assertThat(headers.firstValue("content-type")).contains("text/event-stream; charset=utf-8");
        }
    }

    private static void assertUsage(Asked asked) {
        var expected = asked.recording().recording().expected();
        var family = asked.recording().family();
        var reading = asked.receipt().reading();
        assertThat(UsageTable.read(family, reading.usage())).isEqualTo(UsageTable.expected(family, expected));
        if (expected.path("model").isTextual()) {
            assertThat(reading.model()).isEqualTo(expected.path("model").textValue());
        }
    }

    private static void assertCharged(Asked asked) {
        var recording = asked.recording().recording();
        boolean known = recording.expected().path("usage").isObject();
        boolean charged = recording.status() < 400;
        assertThat(asked.receipt().cost().total().nanos() > 0).isEqualTo(charged);
        assertThat(asked.receipt().cost().estimated()).isEqualTo(charged && !known);
        boolean told = charged && known && !recording.streamed();
        assertThat(asked.answer().headers().firstValue("x-posthog-cost-usd"))
                .isEqualTo(told ? Optional.of(asked.receipt().cost().total().toString()) : Optional.empty());
    }

    private static void assertToldInOurWords(Asked asked) {
        assertThat(asked.answer().statusCode()).isEqualTo(502);
        assertThat(text(asked))
                .contains("rejected this gateway's own key")
                .doesNotContain("arn:aws", "Access denied due to");
        assertThat(asked.receipt().cost().total().nanos()).isZero();
    }

    private static void assertIncomplete(Asked asked) {
        assertThat(asked.receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(asked.receipt().reading().usage()).isNull();
        assertThat(asked.receipt().cost().estimated()).isTrue();
        assertThat(asked.receipt().cost().total().nanos()).isPositive();
    }
}
