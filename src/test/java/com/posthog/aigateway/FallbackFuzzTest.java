package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.provider.fit.TargetKind;
import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.Fallback;
import com.posthog.aigateway.testing.JsonMaker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whatever is asked: a fallback target is left out, or gets all that was said but what the tables name.
class FallbackFuzzTest {

    private static final long SEED = 20_261_128;
    private static final int CALLS = 20_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /// All that may be missing at a target, wherever it stood: written here once more.
    private static final Set<String> MAY_BE_MISSING = Set.of(
            "model",
            "stream",
            "metadata",
            "service_tier",
            "speed",
            "cache_control",
            "eager_input_streaming",
            "disable_parallel_tool_use",
            "effort",
            "output_config",
            "context_management",
            "edits",
            "scope",
            "ttl",
            "mcp_servers",
            "store",
            "safety_identifier",
            "prompt_cache_options",
            "include_obfuscation",
            "stream_options",
            "client_metadata",
            "annotations",
            "previous_response_id",
            "tool_choice");

    /// Members that most calls have, as text.
    private static final Map<Family, List<String>> USUAL = new EnumMap<>(Map.of(
            Family.ANTHROPIC,
            List.of(
                    "\"max_tokens\":%d",
                    "\"top_p\":0.%d0",
                    "\"stop_sequences\":[\"%d\"]",
                    "\"metadata\":{\"user_id\":%d}",
                    "\"service_tier\":\"auto\"",
                    "\"speed\":\"standard\"",
                    "\"mcp_servers\":[]",
                    "\"cache_control\":{\"type\":\"ephemeral\",\"scope\":\"%d\"}",
                    "\"output_config\":{\"effort\":\"high\"}",
                    "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":%d}",
                    "\"tool_choice\":{\"disable_parallel_tool_use\":false}",
                    "\"context_management\":{\"edits\":[{\"type\":\"clear_thinking_20251015\",\"keep\":%d}]}",
                    "\"tools\":[{\"name\":\"t\",\"eager_input_streaming\":true,\"input_schema\":@}]",
                    "\"messages\":[{\"role\":\"user\",\"content\":\"%d\"},{\"role\":\"assistant\",\"content\":"
                            + "[{\"type\":\"tool_use\",\"id\":\"%d\",\"name\":\"t\",\"input\":@}]}]",
                    "\"system\":[{\"type\":\"text\",\"text\":\"%d\"}]"),
            Family.OPENAI,
            List.of(
                    "\"temperature\":0.%d0",
                    "\"metadata\":@",
                    "\"service_tier\":\"flex\"",
                    "\"store\":false",
                    "\"safety_identifier\":\"%d\"",
                    "\"prompt_cache_options\":@",
                    "\"tool_choice\":@",
                    "\"stream_options\":{\"include_obfuscation\":false}",
                    "\"top_p\":1.%d",
                    "\"user\":\"%d\"")));

    private static String body(Chance chance, Family family) {
        var json = new JsonMaker(chance);
        var members = new ArrayList<String>();
        members.add("\"model\":\"m\"");
        if (chance.onceIn(2)) {
            members.add("\"stream\":true");
        }
        var usual = new ArrayList<>(USUAL.get(family));
        chance.shuffle(usual);
        for (var member : usual.subList(0, chance.below(usual.size()))) {
            members.add(
                    member.replace("%d", Integer.toString(chance.below(1000))).replace("@", json.object(3)));
        }
        if (chance.onceIn(3)) {
            members.add(json.member(
                    "\"" + chance.of("x", "messages", "tools", "thinking", "input", "ä") + "\"", json.value(4)));
        }
        chance.shuffle(members);
        return json.object(members);
    }

    @Test
    void saysAllButWhatTheTablesName() throws IOException {
        var kept = new EnumMap<TargetKind, Integer>(TargetKind.class);
        var chance = new Chance(SEED);
        for (int i = 0; i < CALLS; i++) {
            var kind = chance.of(TargetKind.values());
            var endpoint = kind.name().matches("OPENAI.*|AZURE.*") ? Endpoint.CHAT_COMPLETIONS : Endpoint.MESSAGES;
            var sent = body(chance, endpoint.shape().family());
            if (fit(kind, chance, endpoint, sent) instanceof Fit.As fit) {
                kept.merge(kind, 1, Integer::sum);
                var said = JSON.readTree(fit.body());
                missing(JSON.readTree(sent), said, "body", "case " + i + " at " + kind + ": " + sent);
            }
        }
        System.out.println(CALLS + " made calls, kept: " + kept);
        assertThat(kept.keySet()).hasSize(TargetKind.values().length);
        assertThat(kept.values()).allMatch(count -> count > CALLS / 50);
    }

    @Test
    void neverThrowsWhateverIsSent() {
        var chance = new Chance(SEED + 1);
        int asked = 0;
        for (int i = 0; i < CALLS; i++) {
            var made = RequestMaker.of("case " + i, chance);
            var family = made.endpoint().shape().family();
            var bytes = chance.onceIn(3)
                    ? chance.damaged(body(chance, family).getBytes(UTF_8))
                    : made.body().length == 0 ? "{}".getBytes(UTF_8) : made.body();
            var text = new String(bytes, UTF_8);
            if (isAdmitted(text)) {
                asked++;
                assertThat(fit(chance.of(TargetKind.values()), chance, made.endpoint(), text))
                        .isNotNull();
            }
        }
        assertThat(asked).isGreaterThan(CALLS / 2);
    }

    /// Others are refused at the door.
    private static boolean isAdmitted(String text) {
        try {
            return Body.of(text.getBytes(UTF_8)) != null;
        } catch (Refusal refused) {
            return false;
        }
    }

    private static Fit fit(TargetKind kind, Chance chance, Endpoint endpoint, String body) {
        var headers = Headers.of(
                "anthropic-version",
                chance.of("2023-06-01", "2026-10-21", "2023-06-01"),
                "anthropic-beta",
                chance.of("", "a, b,", "files-api-2025-04-14", "context-1m-2025-08-07"));
        return new Fallback(kind, chance.of("claude-opus-5-5", "claude-sonnet-4-5")).fit(endpoint, headers, body);
    }

    private static void missing(JsonNode sent, JsonNode said, String name, String what) {
        if (sent.isObject() && said.isObject()) {
            sent.properties().forEach(member -> {
                var there = said.get(member.getKey());
                if (there == null) {
                    assertThat(MAY_BE_MISSING).as(what).contains(member.getKey());
                } else if (!member.getKey().equals("model") && !member.getKey().equals("include_usage")) {
                    missing(member.getValue(), there, member.getKey(), what);
                }
            });
        } else if (sent.isArray() && said.isArray() && sent.size() == said.size()) {
            for (int i = 0; i < sent.size(); i++) {
                missing(sent.get(i), said.get(i), name, what);
            }
        } else if (!name.equals("stream_options")) {
            assertThat(said).as(what).isEqualTo(sent);
        }
    }
}
