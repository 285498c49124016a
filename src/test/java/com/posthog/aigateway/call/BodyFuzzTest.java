package com.posthog.aigateway.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.JsonMaker;
import com.posthog.aigateway.testing.Proof;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Any body, whole and damaged, compared with a tree that another parser made of its text.
class BodyFuzzTest {

    private static final int CASES = Proof.cases(6_000, 200_000);

    private static final List<String> KNOWN = List.of(
            "model",
            "stream",
            "stream_options",
            "metadata",
            "store",
            "background",
            "previous_response_id",
            "conversation");
    private static final Set<String> ONCE = Set.of("model", "stream", "previous_response_id", "conversation");
    private static final List<String> OTHERS = List.of("messages", "x", "models", "Model", "model ", "");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNumberLength(10_000).build())
            .build());

    /// What a plain reading finds.
    ///
    /// @param members the last of each name
    private record Plain(Map<String, JsonNode> members, boolean doubled) {}

    @Test
    void knowsTheMembersThatATreeHas() throws IOException {
        int read = 0;
        int refused = 0;
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var bytes = body(chance);
            if (chance.onceIn(3)) {
                bytes = chance.damaged(bytes);
            }
            var body = read(bytes);
            var plain = plain(bytes);

            if (plain != null) {
                assertThat(body == null)
                        .as("input %d: %s", number, new String(bytes, UTF_8))
                        .isEqualTo(plain.doubled());
            }
            if (body == null) {
                refused++;
            } else if (plain != null) {
                compare(body, plain, number);
                read++;
            }
        }
        assertThat(read).isGreaterThan(CASES / 3);
        assertThat(refused).isGreaterThan(CASES / 20);
        Proof.tell("body: " + CASES + " inputs, " + read + " read, " + refused + " refused");
    }

    private static byte[] body(Chance chance) {
        var json = new JsonMaker(chance);
        var members = new ArrayList<String>();
        for (int i = chance.below(6); i > 0; i--) {
            var name = chance.onceIn(2) ? chance.of(KNOWN) : chance.of(OTHERS);
            members.add(json.member(json.name(name), json.value(3)));
        }
        return (json.blanks() + json.object(members) + json.blanks()).getBytes(UTF_8);
    }

    private static @Nullable Body read(byte[] bytes) {
        try {
            return Body.of(bytes);
        } catch (Refusal refusal) {
            assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
            return null;
        }
    }

    /// Null where the text is none in UTF-8, or no JSON object.
    private static @Nullable Plain plain(byte[] bytes) throws IOException {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException other) {
            return null;
        }
        var members = new HashMap<String, JsonNode>();
        boolean doubled = false;
        try (var parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                doubled |= members.put(name, JSON.readTree(parser)) != null && ONCE.contains(name);
            }
            return parser.nextToken() == null ? new Plain(members, doubled) : null;
        } catch (IOException noJson) {
            return null;
        }
    }

    private static void compare(Body body, Plain plain, int number) throws IOException {
        for (var name : KNOWN) {
            var expected = plain.members().get(name);
            var member = body.member(name).orElse(null);
            assertThat(member == null).as("input %d, %s", number, name).isEqualTo(expected == null);
            if (member != null && expected != null) {
                var span = new String(body.bytes(), member.start(), member.end() - member.start(), UTF_8);
                assertThat(span).isEqualTo(span.strip());
                assertThat(JSON.readTree(span)).as("input %d, %s", number, name).isEqualTo(expected);
                assertThat(member.text()).isEqualTo(expected.textValue());
                assertThat(body.isTrue(name)).isEqualTo(expected.isBoolean() && expected.booleanValue());
                assertThat(body.isFalse(name)).isEqualTo(expected.isBoolean() && !expected.booleanValue());
            }
        }
        assertThat(new String(body.bytes(), 0, body.firstMember(), UTF_8).strip())
                .isEqualTo("{");
    }
}
