package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.provider.fit.TargetKind;
import com.posthog.aigateway.testing.Fallback;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests that real clients sent: each is said to a fallback target without anything that is refused there, or is
/// left
/// out with a reason. What is refused is written here once more, from what is known of the targets.
class FallbackRecordedTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> TOP_REFUSED_BY_BEDROCK = Set.of(
            "service_tier",
            "speed",
            "inference_geo",
            "container",
            "mcp_servers",
            "fallbacks",
            "fallback_credit_token",
            "diagnostics",
            "billing_policy",
            "thread",
            "workspace_id",
            "metadata");
    private static final Set<String> TOP_REFUSED_BY_INVOKE = Set.of("model", "stream", "output_format");
    private static final Set<String> TOOL_REFUSED_BY_INVOKE = Set.of("eager_input_streaming", "strict");
    private static final List<String> SERVER_TOOLS =
            List.of("web_search", "web_fetch", "code_execution", "advisor", "tool_search_tool_bm25", "mcp_toolset");
    private static final Set<String> BLOCKS_OF_AN_ACCOUNT =
            Set.of("thinking", "redacted_thinking", "compaction", "container_upload", "server_tool_use");
    private static final List<String> BETAS_REFUSED = List.of(
            "files-api",
            "code-execution",
            "fast-mode",
            "mcp-client",
            "skills",
            "prompt-caching-scope",
            "advanced-tool-use");
    private static final List<String> BETAS_REFUSED_BY_INVOKE =
            List.of("claude-code", "interleaved-thinking", "web-search");
    private static final Set<String> TOP_OF_AN_OPENAI_ACCOUNT = Set.of(
            "previous_response_id",
            "conversation",
            "prompt",
            "background",
            "moderation",
            "client_metadata",
            "safety_identifier",
            "access_programs",
            "prompt_cache_options");

    record Recorded(String name, Endpoint endpoint, Headers headers, String body, String model) {}

    private static List<Recorded> fixtures(String group) throws IOException {
        var all = new ArrayList<Recorded>();
        try (Stream<Path> folders = Files.list(Shared.require("fixtures/" + group))) {
            for (var folder : folders.sorted().toList()) {
                var request = folder.resolve("request.json");
                if (Files.exists(request)) {
                    var body = Files.readString(request);
                    var path = JSON.readTree(folder.resolve("meta.json").toFile())
                            .path("request")
                            .path("path")
                            .asText();
                    var headers = new ArrayList<Headers.Field>();
                    JSON.readTree(folder.resolve("request-headers.json").toFile())
                            .properties()
                            .forEach(field -> headers.add(new Headers.Field(
                                    field.getKey(), field.getValue().asText())));
                    add(all, folder.getFileName().toString(), path, new Headers(headers), body);
                }
            }
        }
        return all;
    }

    private static List<Recorded> clients() throws IOException {
        Shared.require("data/clients");
        var all = new ArrayList<Recorded>();
        for (var request : RecordedRequest.all()) {
            if (!request.body().isEmpty()) {
                var headers = request.fields().stream()
                        .map(field -> new Headers.Field(field.getKey(), field.getValue()))
                        .toList();
                add(all, request.toString(), request.path(), new Headers(headers), whole(request.body()));
            }
        }
        return all;
    }

    private static void add(List<Recorded> all, String name, String path, Headers headers, String body)
            throws IOException {
        var plain = path.split("\\?", 2)[0];
        for (var endpoint : List.of(
                Endpoint.COUNT_TOKENS,
                Endpoint.MESSAGES,
                Endpoint.CHAT_COMPLETIONS,
                Endpoint.RESPONSES,
                Endpoint.EMBEDDINGS)) {
            if (plain.endsWith(endpoint.path())) {
                var model = JSON.readTree(body).path("model").asText();
                all.add(new Recorded(name, endpoint, headers, body, model));
                return;
            }
        }
    }

    /// In the recordings of clients all items of a list but the first were left out: here they are like the first.
    private static String whole(String body) throws IOException {
        var tree = (ObjectNode) JSON.readTree(body);
        tree.remove("left_out");
        fill(tree);
        return tree.toString();
    }

    private static void fill(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (int i = 1; i < array.size(); i++) {
                if (array.get(i).has("more")) {
                    array.set(i, array.get(0).deepCopy());
                }
            }
        }
        node.forEach(FallbackRecordedTest::fill);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEDROCK_INVOKE", "MANTLE", "BEDROCK_MESSAGES", "ANTHROPIC"})
    void saysMessagesWithoutWhatIsRefused(TargetKind kind) throws IOException {
        var recorded = new ArrayList<>(fixtures("anthropic-messages"));
        clients().stream()
                .filter(request ->
                        request.endpoint() == Endpoint.MESSAGES || request.endpoint() == Endpoint.COUNT_TOKENS)
                .forEach(recorded::add);

        int kept = fitted(kind, recorded);

        assertThat(kept).isGreaterThan(recorded.size() / 3).isLessThan(recorded.size());
    }

    @ParameterizedTest
    @EnumSource(names = {"AZURE_V1", "AZURE_DEPLOYMENT", "OPENAI_ON_BEDROCK", "OPENAI"})
    void saysOpenAisWithoutWhatIsRefused(TargetKind kind) throws IOException {
        var recorded = new ArrayList<>(fixtures("openai-chat"));
        recorded.addAll(fixtures("openai-responses"));
        clients().stream()
                .filter(request ->
                        request.endpoint() != Endpoint.MESSAGES && request.endpoint() != Endpoint.COUNT_TOKENS)
                .forEach(recorded::add);

        int kept = fitted(kind, recorded);

        assertThat(kept).isGreaterThan(recorded.size() / 5).isLessThan(recorded.size());
    }

    @Test
    void servesWhatClaudeCodeAsksFirst() throws IOException {
        var first = clients().stream()
                .filter(request -> request.name().startsWith("cc"))
                .filter(request -> request.endpoint() == Endpoint.MESSAGES)
                .toList();

        assertThat(first).isNotEmpty().allSatisfy(request -> {
            for (var kind : List.of(TargetKind.BEDROCK_INVOKE, TargetKind.MANTLE)) {
                assertThat(fit(kind, request)).as(request.name()).isInstanceOf(Fit.As.class);
            }
        });
    }

    private static Fit fit(TargetKind kind, Recorded request) {
        return new Fallback(kind, request.model()).fit(request.endpoint(), request.headers(), request.body());
    }

    private static int fitted(TargetKind kind, List<Recorded> recorded) throws IOException {
        var skipped = new TreeMap<String, Integer>();
        var stripped = new TreeMap<String, Integer>();
        int kept = 0;
        for (var request : recorded) {
            switch (fit(kind, request)) {
                case Fit.Unfit unfit -> {
                    assertThat(unfit.why()).isNotBlank();
                    skipped.merge(unfit.why(), 1, Integer::sum);
                }
                case Fit.As as -> {
                    kept++;
                    as.stripped().forEach(what -> stripped.merge(what, 1, Integer::sum));
                    check(kind, request, as);
                }
            }
        }
        System.out.println(kind + ": " + kept + " of " + recorded.size() + " kept; left out: " + skipped
                + "; stripped: " + stripped);
        return kept;
    }

    private static void check(TargetKind kind, Recorded request, Fit.As fit) throws IOException {
        var said = JSON.readTree(new String(fit.body(), UTF_8));
        var sent = JSON.readTree(request.body());
        switch (kind) {
            case BEDROCK_INVOKE, MANTLE, BEDROCK_MESSAGES -> checkBedrock(kind, request.name(), said, fit);
            case AZURE_V1, AZURE_DEPLOYMENT, OPENAI_ON_BEDROCK -> checkHosted(request.name(), said, fit);
            case ANTHROPIC, OPENAI -> {}
        }
        for (var block : blocks(said)) {
            assertThat(BLOCKS_OF_AN_ACCOUNT.stream().filter(name -> !name.equals("server_tool_use")))
                    .as(request.name())
                    .doesNotContain(block.path("type").asText());
            assertThat(block.toString()).as(request.name()).doesNotContain("\"file_id\"");
        }
        // What was asked, and with which tools, is the caller's own, but for hints to a cache.
        if (kind != TargetKind.OPENAI) {
            sent.findParents("prompt_cache_breakpoint")
                    .forEach(parent -> ((ObjectNode) parent).remove("prompt_cache_breakpoint"));
        }
        for (var content : List.of("messages", "system", "input", "instructions", "max_tokens", "temperature")) {
            assertThat(said.path(content)).as(request.name() + " " + content).isEqualTo(sent.path(content));
        }
        assertThat(said.path("tools").size())
                .as(request.name())
                .isEqualTo(sent.path("tools").size());
    }

    private static void checkBedrock(TargetKind kind, String name, JsonNode said, Fit.As fit) {
        boolean invoke = kind == TargetKind.BEDROCK_INVOKE;
        assertThat(said.fieldNames()).toIterable().as(name).doesNotContainAnyElementsOf(TOP_REFUSED_BY_BEDROCK);
        for (var tool : said.path("tools")) {
            assertThat(SERVER_TOOLS).as(name).noneMatch(tool.path("type").asText()::startsWith);
        }
        for (var block : blocks(said)) {
            assertThat(BLOCKS_OF_AN_ACCOUNT)
                    .as(name)
                    .doesNotContain(block.path("type").asText());
            assertThat(block.path("source").path("type").asText()).as(name).isNotEqualTo("url");
        }
        var betas = new ArrayList<String>();
        said.path("anthropic_beta").forEach(beta -> betas.add(beta.asText()));
        fit.headers().all("anthropic-beta").forEach(value -> betas.addAll(List.of(value.split(","))));
        assertThat(betas).as(name).noneMatch(beta -> BETAS_REFUSED.stream().anyMatch(beta::startsWith));
        if (invoke) {
            assertThat(said.fieldNames()).toIterable().as(name).doesNotContainAnyElementsOf(TOP_REFUSED_BY_INVOKE);
            assertThat(said.path("anthropic_version").asText()).as(name).isEqualTo("bedrock-2023-05-31");
            assertThat(said.path("output_config").has("format")).as(name).isFalse();
            assertThat(said.path("tool_choice").has("disable_parallel_tool_use"))
                    .as(name)
                    .isFalse();
            assertThat(betas)
                    .as(name)
                    .noneMatch(beta -> BETAS_REFUSED_BY_INVOKE.stream().anyMatch(beta::startsWith));
            for (var tool : said.path("tools")) {
                assertThat(tool.fieldNames()).toIterable().as(name).doesNotContainAnyElementsOf(TOOL_REFUSED_BY_INVOKE);
            }
            assertThat(fit.headers().fields())
                    .as(name)
                    .noneMatch(field -> field.name().toLowerCase(Locale.ROOT).startsWith("anthropic-"));
        } else {
            assertThat(said.path("model").asText()).as(name).isEqualTo(Fallback.NAMED_THERE);
        }
    }

    private static void checkHosted(String name, JsonNode said, Fit.As fit) {
        assertThat(said.fieldNames()).toIterable().as(name).doesNotContainAnyElementsOf(TOP_OF_AN_OPENAI_ACCOUNT);
        assertThat(said.path("service_tier").asText()).as(name).isNotIn("flex", "scale", "fast", "ultrafast");
        assertThat(said.toString())
                .as(name)
                .doesNotContain("encrypted_content\":", "vector_store_ids", "item_reference");
        assertThat(said.path("model").asText()).as(name).isEqualTo(Fallback.NAMED_THERE);
        assertThat(fit.headers().fields())
                .as(name)
                .noneMatch(field -> field.name().toLowerCase(Locale.ROOT).startsWith("openai-"));
    }

    /// At any depth of the messages or the input.
    private static List<JsonNode> blocks(JsonNode body) {
        var blocks = new ArrayList<JsonNode>();
        gather(body.path("messages"), blocks);
        gather(body.path("input"), blocks);
        return blocks;
    }

    private static void gather(JsonNode node, List<JsonNode> blocks) {
        if (node.isObject() && node.has("type")) {
            blocks.add(node);
        }
        node.forEach(inner -> gather(inner, blocks));
    }
}
