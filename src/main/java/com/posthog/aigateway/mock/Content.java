package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Family;
import java.util.ArrayList;
import java.util.List;

/// What an answer says, whatever its shape: some words, or one call of a tool.
sealed interface Content {
    int USUAL_WORDS = 20;
    int PIECE = 8;

    int tokens();

    /// How many events of a stream carry it.
    int events();

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

        @Override
        public int events() {
            return words.size();
        }

        /// A text that is no prose comes in small pieces.
        static Text of(String whole, int limit) {
            var pieces = pieces(whole);
            return new Text(List.copyOf(pieces.subList(0, Math.min(pieces.size(), limit))), limit < pieces.size());
        }

        String whole() {
            return String.join("", words);
        }
    }

    /// A call whose arguments are JSON, or a free text.
    record ToolCall(String name, String arguments, boolean free) implements Content {
        static ToolCall of(String name, String arguments, boolean free) {
            if (!free && Json.object(arguments.getBytes(UTF_8)).isEmpty()) {
                throw new IllegalArgumentException(
                        "directive 'tool' must be like tool=name:{\"a\":1}: '" + name + ":" + arguments + "'");
            }
            return new ToolCall(name, arguments, free);
        }

        @Override
        public int tokens() {
            return Math.ceilDiv(name.length() + arguments.length(), 4);
        }

        @Override
        public int events() {
            return fragments().size();
        }

        List<String> fragments() {
            return pieces(arguments);
        }
    }

    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        for (int from = 0; from < text.length(); from += PIECE) {
            pieces.add(text.substring(from, Math.min(text.length(), from + PIECE)));
        }
        return pieces;
    }

    static Content of(Asked asked, Directives directives) {
        var tool = asked.wantedTool(directives.tool());
        if (tool.hasNonNull("name")) {
            var schema = tool.path(asked.family() == Family.OPENAI ? "parameters" : "input_schema");
            var arguments = directives.toolArguments().isEmpty()
                    ? Sample.object(schema).toString()
                    : directives.toolArguments();
            boolean free = asked.shape() == Resource.RESPONSES
                    && tool.path("type").asText().equals("custom");
            return ToolCall.of(tool.path("name").asText(), arguments, free);
        }
        int limit = asked.outputLimit().orElse(Integer.MAX_VALUE);
        var schema = asked.wantedSchema();
        return schema.isObject()
                ? Text.of(Sample.object(schema).toString(), limit)
                : Text.of(directives.wordsOr(USUAL_WORDS), limit);
    }
}
