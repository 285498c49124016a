package com.posthog.aigateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One quick pass over the JSON of one event of a stream: which of a few keys are there, and how much text it carries.
/// It does not know depth or validity; what matters is parsed properly once this says that it is there.
final class Skim {

    private enum Wanted {
        USAGE("usage"),
        ERROR("error"),
        FINISH_REASON("finish_reason"),
        CONTENT("content"),
        ARGUMENTS("arguments"),
        REASONING_CONTENT("reasoning_content"),
        REFUSAL("refusal"),
        DELTA("delta"),
        TEXT("text"),
        THINKING("thinking"),
        PARTIAL_JSON("partial_json"),
        TOOL_CALLS("tool_calls"),
        OTHER("");

        private final String key;

        Wanted(String key) {
            this.key = key;
        }

        static Wanted of(byte[] bytes, int from, int to) {
            if (to - from >= BY_LENGTH.size()) {
                return OTHER;
            }
            for (var wanted : BY_LENGTH.get(to - from)) {
                if (wanted.is(bytes, from)) {
                    return wanted;
                }
            }
            return OTHER;
        }

        /// The length is the same already.
        private boolean is(byte[] bytes, int from) {
            for (int i = 0; i < key.length(); i++) {
                if (bytes[from + i] != key.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /// Every key of every event is looked up: most are told apart by their length alone.
    private static final List<List<Wanted>> BY_LENGTH = byLength();

    private static List<List<Wanted>> byLength() {
        var keys = Arrays.stream(Wanted.values())
                .filter(wanted -> wanted != Wanted.OTHER)
                .toList();
        int longest =
                keys.stream().mapToInt(wanted -> wanted.key.length()).max().orElse(0);
        return IntStream.rangeClosed(0, longest)
                .mapToObj(length -> keys.stream()
                        .filter(wanted -> wanted.key.length() == length)
                        .toList())
                .toList();
    }

    private boolean usage;
    private boolean error;
    private boolean toolCalls;
    private int textBytes;
    private @Nullable String finishReason;

    static Skim of(byte[] json, int length) {
        var skim = new Skim();
        skim.read(json, length);
        return skim;
    }

    private void read(byte[] json, int length) {
        var key = Wanted.OTHER;
        int at = 0;
        while (at < length) {
            byte one = json[at++];
            if (one != '"') {
                continue;
            }
            int start = at;
            at = closingQuote(json, start, length);
            int next = skipBlanks(json, at + 1, length);
            if (next < length && json[next] == ':') {
                key = Wanted.of(json, start, at);
                at = skipBlanks(json, next + 1, length);
                note(key, json, at, length);
            } else {
                string(key, json, start, Math.min(at, length));
                key = Wanted.OTHER;
                at++;
            }
        }
    }

    private void note(Wanted key, byte[] json, int value, int length) {
        boolean filled = value < length && json[value] != 'n';
        switch (key) {
            case USAGE -> usage |= filled;
            case ERROR -> error |= filled;
            case TOOL_CALLS -> toolCalls |= filled;
            case FINISH_REASON,
                    CONTENT,
                    ARGUMENTS,
                    REASONING_CONTENT,
                    REFUSAL,
                    DELTA,
                    TEXT,
                    THINKING,
                    PARTIAL_JSON,
                    OTHER -> {}
        }
    }

    private void string(Wanted key, byte[] json, int start, int end) {
        switch (key) {
            case FINISH_REASON -> finishReason = new String(json, start, end - start, StandardCharsets.UTF_8);
            case CONTENT, ARGUMENTS, REASONING_CONTENT, REFUSAL, DELTA, TEXT, THINKING, PARTIAL_JSON ->
                textBytes += end - start;
            case USAGE, ERROR, TOOL_CALLS, OTHER -> {}
        }
    }

    private static int closingQuote(byte[] json, int from, int length) {
        int at = from;
        while (at < length && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    private static int skipBlanks(byte[] json, int from, int length) {
        int at = from;
        while (at < length && (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
            at++;
        }
        return at;
    }

    boolean hasUsage() {
        return usage;
    }

    boolean hasError() {
        return error;
    }

    boolean hasToolCalls() {
        return toolCalls;
    }

    /// Bytes of text, arguments and thinking that the event adds.
    int textBytes() {
        return textBytes;
    }

    @Nullable
    String finishReason() {
        return finishReason;
    }
}
