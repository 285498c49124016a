package com.posthog.aigateway.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The few members of a JSON object that are wanted, without building the rest of it.
record Picked(Map<String, JsonNode> members) {

    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build());

    static final Picked NONE = new Picked(Map.of());

    /// What can be read; [#NONE] where the bytes are no JSON object.
    static Picked from(byte[] json, int length, Set<String> wanted) {
        try (var parser = JSON.createParser(json, 0, length)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? pick(parser, wanted, null) : NONE;
        } catch (IOException broken) {
            return NONE;
        }
    }

    /// As [#from], of the object that is the value of `member`.
    static Picked within(String member, byte[] json, int length, Set<String> wanted) {
        try (var parser = JSON.createParser(json, 0, length)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? pick(parser, wanted, member) : NONE;
        } catch (IOException broken) {
            return NONE;
        }
    }

    /// False for JSON that is cut short, and for nothing; what is no JSON object, as `[DONE]`, counts as whole.
    static boolean isWhole(byte[] json, int length) {
        if (length == 0 || json[0] != '{') {
            return length > 0;
        }
        try (var parser = JSON.createParser(json, 0, length)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT;
        } catch (IOException torn) {
            return false;
        }
    }

    private static Picked pick(JsonParser parser, Set<String> wanted, @Nullable String inside) throws IOException {
        var members = new HashMap<String, JsonNode>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            var value = parser.nextToken();
            if (inside != null && inside.equals(name) && value == JsonToken.START_OBJECT) {
                return pick(parser, wanted, null);
            } else if (inside == null && wanted.contains(name)) {
                members.put(name, JSON.readTree(parser));
            } else {
                parser.skipChildren();
            }
        }
        return new Picked(members);
    }

    JsonNode node(String name) {
        return members.getOrDefault(name, MissingNode.getInstance());
    }

    /// The member's text; null when it is absent, null or empty.
    @Nullable
    String text(String name) {
        return text(node(name));
    }

    static @Nullable String text(JsonNode node) {
        return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : null;
    }
}
