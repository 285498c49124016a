package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.JsonMaker;
import com.posthog.aigateway.testing.Proof;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is read off answers, fed with made and damaged bytes, and compared with a slow and plain way where there is
/// one.
class StreamFuzzTest {

    private static final int CASES = Proof.cases(5_000, 160_000);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> WORDS = List.of(
            "data",
            "data:",
            "data: ",
            "event",
            "event: x",
            "id: 1",
            ":",
            ": ",
            " ",
            "x",
            "ä",
            "😀",
            "\r",
            "\n",
            "\r\n",
            "\n\n",
            "\r\r",
            "\r\n\r\n",
            "\uFEFF",
            "\0",
            "{\"a\":1}",
            "[DONE]",
            "retry");

    /// What taps and skims look for, and what looks like it.
    private static final List<String> NAMES = List.of(
            "id",
            "model",
            "usage",
            "error",
            "choices",
            "delta",
            "content",
            "finish_reason",
            "tool_calls",
            "type",
            "message",
            "response",
            "stop_reason",
            "service_tier",
            "output",
            "status",
            "text",
            "thinking",
            "arguments",
            "prompt_tokens",
            "completion_tokens",
            "input_tokens",
            "output_tokens",
            "iterations",
            "tool_usage",
            "x");

    private static final List<String> TYPES = List.of(
            "message_start",
            "message_delta",
            "message_stop",
            "content_block_delta",
            "ping",
            "error",
            "response.created",
            "response.completed",
            "response.failed",
            "response.output_text.delta",
            "x");

    @Test
    void findsTheEventsThatPlainSplittingFinds() {
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var text = new StringBuilder();
            for (int i = chance.below(40); i > 0; i--) {
                text.append(chance.of(WORDS));
            }
            var stream = text.toString().getBytes(UTF_8);
            var cuts = chance.cuts(chance.below(8), stream.length);

            var events = Frames.of(stream, cuts);

            if (!events.equals(Frames.simply(text.toString()))) {
                assertThat(events).as("input %d: %s", number, text).isEqualTo(Frames.simply(text.toString()));
            }
        }
        Proof.tell("framer: " + CASES + " inputs");
    }

    /// An object of the members that matter, which are of any kind.
    private static String object(Chance chance, JsonMaker json, int depth) {
        var members = new ArrayList<String>();
        for (int i = chance.below(6); i > 0; i--) {
            var name = chance.of(NAMES);
            var value = name.equals("type") && chance.onceIn(2)
                    ? "\"" + chance.of(TYPES) + "\""
                    : depth > 0 && chance.onceIn(2) ? object(chance, json, depth - 1) : json.value(1);
            members.add(json.member(json.name(name), value));
        }
        return json.object(members);
    }

    @Test
    void tapsReadWhateverComes() {
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var json = new JsonMaker(chance);
            var shape = chance.of(Shape.values());
            var stream = new StringBuilder();
            for (int i = 1 + chance.below(3); i > 0; i--) {
                var name = chance.onceIn(2) ? "event: " + chance.of(TYPES) + "\n" : "";
                var data = object(chance, json, 3).replaceAll("[\r\n]", " ");
                stream.append(name).append("data: ").append(data).append("\n\n");
            }
            var bytes = stream.toString().getBytes(UTF_8);

            Read.events(shape, chance.onceIn(2) ? chance.damaged(bytes) : bytes);
            var whole = object(chance, json, 3).getBytes(UTF_8);
            Read.whole(shape, chance.onceIn(2) ? chance.damaged(whole) : whole);
        }
        Proof.tell("taps: " + CASES + " inputs, each streamed and whole");
    }

    @Test
    void readsTheUsageThatATreeHas() throws IOException {
        int known = 0;
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var json = new JsonMaker(chance);
            var usage = json.object(List.of(
                    json.member("\"prompt_tokens\"", chance.of("7", "0", "123456", json.value(0))),
                    json.member("\"completion_tokens\"", chance.of("9", "-1", "1.5", "null", json.value(0)))));
            var chunk = json.object(List.of(
                    json.member("\"x\"", json.value(2)),
                    json.member("\"usage\"", chance.onceIn(4) ? json.value(1) : usage),
                    json.member("\"choices\"", chance.of("[]", "[{}]"))));
            var bytes = chunk.getBytes(UTF_8);

            var read = Read.whole(Shape.OPENAI_CHAT, bytes).usage();

            var tree = JSON.readTree(bytes).path("usage");
            var in = tree.path("prompt_tokens");
            boolean sound = tree.has("prompt_tokens") && isCount(in) && isCount(tree.path("completion_tokens"));
            assertThat(read != null).as("input %d: %s", number, chunk).isEqualTo(sound);
            if (read != null) {
                assertThat(read.input()).isEqualTo(in.asLong());
                assertThat(read.output())
                        .isEqualTo(tree.path("completion_tokens").asLong());
                known++;
            }
        }
        assertThat(known).isGreaterThan(CASES / 20);
        Proof.tell("usage against a tree: " + CASES + " inputs, " + known + " with usage");
    }

    private static boolean isCount(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0);
    }

    @Test
    void skimsTheKeysThatAParserFinds() throws IOException {
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var members = new ArrayList<String>();
            var json = new JsonMaker(chance);
            for (int i = chance.below(6); i > 0; i--) {
                var value = chance.onceIn(3) ? "null" : json.value(3);
                members.add(json.member("\"" + chance.of(NAMES) + "\"", value));
            }
            var bytes = json.object(members).getBytes(UTF_8);

            var skim = Skim.of(bytes, bytes.length);

            var filled = filledKeys(bytes);
            assertThat(Map.of("usage", skim.hasUsage(), "error", skim.hasError(), "tool_calls", skim.hasToolCalls()))
                    .as("input %d: %s", number, new String(bytes, UTF_8))
                    .isEqualTo(Map.of(
                            "usage", filled.contains("usage"),
                            "error", filled.contains("error"),
                            "tool_calls", filled.contains("tool_calls")));
            var damaged = chance.damaged(bytes);
            Skim.of(damaged, damaged.length);
        }
        Proof.tell("skim: " + CASES + " inputs, each also damaged");
    }

    private static Set<String> filledKeys(byte[] json) throws IOException {
        var keys = new HashSet<String>();
        try (var parser = JSON.createParser(json)) {
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    var name = parser.currentName();
                    if (parser.nextToken() != JsonToken.VALUE_NULL) {
                        keys.add(name);
                    }
                }
            }
        }
        return keys;
    }

    @Test
    void sievesTheSmallMembersWhateverThePieces() throws IOException {
        for (int number = 0; number < CASES / 4; number++) {
            var chance = Proof.chance(number);
            var json = new JsonMaker(chance);
            var small = new HashMap<String, JsonNode>();
            var members = new ArrayList<String>();
            for (int i = 0; i < chance.below(6); i++) {
                var name = "m" + i;
                boolean large = chance.onceIn(10);
                var value = large ? "[\"" + "x,}".repeat(30_000) + "\"]" : json.value(3);
                members.add(json.member("\"" + name + "\"", value));
                if (!large) {
                    small.put(name, JSON.readTree(value));
                }
            }
            var bytes = (json.blanks() + json.object(members) + json.blanks()).getBytes(UTF_8);

            var kept = JSON.readTree(sieved(bytes, chance.cuts(chance.below(5), bytes.length)));

            var found = new HashMap<String, JsonNode>();
            kept.properties().forEach(member -> found.put(member.getKey(), member.getValue()));
            assertThat(found).as("input %d", number).isEqualTo(small);
            sieved(chance.damaged(bytes));
        }
        Proof.tell("sieve: " + CASES / 4 + " inputs, each also damaged");
    }

    private static byte[] sieved(byte[] bytes, int... cuts) {
        var sieve = new Sieve();
        int from = 0;
        for (int cut : cuts) {
            sieve.feed(bytes, from, cut);
            from = cut;
        }
        sieve.feed(bytes, from, bytes.length);
        return sieve.json();
    }

    @Test
    void picksTheMembersThatATreeHas() throws IOException {
        int whole = 0;
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var json = new JsonMaker(chance);
            var bytes = object(chance, json, 3).getBytes(UTF_8);
            if (chance.onceIn(2)) {
                bytes = chance.damaged(bytes);
            }

            var picked = Picked.from(bytes, bytes.length, Set.copyOf(NAMES));
            Picked.within("message", bytes, bytes.length, Set.copyOf(NAMES));
            boolean isWhole = Picked.isWhole(bytes, bytes.length);

            try {
                var tree = JSON.readTree(bytes);
                var expected = new HashMap<String, JsonNode>();
                tree.properties().forEach(member -> {
                    if (NAMES.contains(member.getKey())) {
                        expected.put(member.getKey(), member.getValue());
                    }
                });
                assertThat(picked.members()).as("input %d", number).isEqualTo(expected);
                assertThat(isWhole).isEqualTo(bytes.length > 0);
                whole++;
            } catch (JsonProcessingException damaged) {
                assertThat(isWhole && bytes[0] == '{').as("input %d", number).isFalse();
            }
        }
        assertThat(whole).isGreaterThan(CASES / 3);
        Proof.tell("picked: " + CASES + " inputs, " + whole + " whole");
    }
}
