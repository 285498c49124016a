package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Family;
import java.util.ArrayList;
import java.util.List;

/// What an answer says, whatever its shape: some words, or one call of a tool.
sealed interface Content {
    int USUAL_WORDS = 20;

    int tokens();

    /// Words that each begin with the blank before them. One word is one token and one event.
    record Text(List<String> words, boolean cutShort) implements Content {
        private static final String[] SENTENCE = {" Hello", " from", " the", " mock", " provider."};

        static Text of(int wanted, int limit) {
            var words = new ArrayList<String>(Math.min(wanted, limit));
            for (int word = 0; word < Math.min(wanted, limit); word++) {
                words.add(word == 0 ? "Hello" : SENTENCE[word % SENTENCE.length]);
            }
            return new Text(List.copyOf(words), limit < wanted);
        }

        @Override
        public int tokens() {
            return words.size();
        }

        String whole() {
            return String.join("", words);
        }
    }

    record ToolCall(String name, String arguments) implements Content {
        private static final int FRAGMENT = 8;

        static ToolCall of(String name, JsonNode schema) {
            var arguments = Json.object();
            for (var required : schema.path("required")) {
                var property = schema.path("properties").path(required.asText());
                if (property.path("type").asText().equals("string")) {
                    arguments.put(
                            required.asText(), property.path("enum").path(0).asText("Paris"));
                }
            }
            return new ToolCall(name, arguments.toString());
        }

        @Override
        public int tokens() {
            return Math.ceilDiv(name.length() + arguments.length(), 4);
        }

        List<String> fragments() {
            var fragments = new ArrayList<String>();
            for (int from = 0; from < arguments.length(); from += FRAGMENT) {
                fragments.add(arguments.substring(from, Math.min(arguments.length(), from + FRAGMENT)));
            }
            return fragments;
        }
    }

    static Content of(Asked asked, Directives directives) {
        var tool = asked.wantedTool();
        if (tool.hasNonNull("name")) {
            var schema = tool.path(asked.family() == Family.OPENAI ? "parameters" : "input_schema");
            return ToolCall.of(tool.path("name").asText(), schema);
        }
        return Text.of(directives.wordsOr(USUAL_WORDS), asked.outputLimit().orElse(Integer.MAX_VALUE));
    }
}
