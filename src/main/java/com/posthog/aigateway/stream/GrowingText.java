package com.posthog.aigateway.stream;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A text that comes in pieces, in the escapes in which they came: an item's or a part's own.
final class GrowingText {

    private enum Kind {
        OUTPUT_TEXT("output_text", "response.output_text", "text"),
        REFUSAL("refusal", "response.refusal", "refusal"),
        REASONING("reasoning_text", "response.reasoning_text", "text"),
        SUMMARY("summary_text", "response.reasoning_summary_text", "text"),
        FUNCTION("function_call", "response.function_call_arguments", "arguments"),
        CUSTOM_TOOL("custom_tool_call", "response.custom_tool_call_input", "input"),
        MCP("mcp_call", "response.mcp_call_arguments", "arguments"),
        CODE("code_interpreter_call", "response.code_interpreter_call_code", "code");

        private final String owner;
        private final String member;
        private final String delta;
        private final String done;

        Kind(String owner, String events, String member) {
            this.owner = owner;
            this.member = member;
            this.delta = events + ".delta";
            this.done = events + ".done";
        }
    }

    private final Kind kind;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder logprobs = new StringBuilder();
    private boolean done;

    private GrowingText(Kind kind, String begin) {
        this.kind = kind;
        text.append(begin);
    }

    /// Null for an item or a part that has no text of its own, or of a kind that is not known.
    static @Nullable GrowingText in(RawObject owner) {
        var type = owner.word("type");
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.owner.equals(type))
                .findFirst()
                .map(kind -> new GrowingText(kind, owner.word(kind.member)))
                .orElse(null);
    }

    void event(String type, RawObject data) {
        if (type.equals(kind.delta)) {
            text.append(data.word("delta"));
            addLogprobs(data);
        } else if (type.equals(kind.done)) {
            done = true;
            text.setLength(0);
            text.append(data.word(kind.member));
            logprobs.setLength(0);
            addLogprobs(data);
        }
    }

    private void addLogprobs(RawObject data) {
        var list = data.members().getOrDefault("logprobs", "").strip();
        var inner = list.startsWith("[") ? list.substring(1, list.length() - 1).strip() : "";
        if (!inner.isEmpty()) {
            logprobs.append(logprobs.isEmpty() ? "" : ",").append(inner);
        }
    }

    /// Tells the whole text, unless that was told; then it answers false.
    boolean end(Map<String, String> place, NumberedEvents events) {
        if (done) {
            return false;
        }
        var members = new HashMap<>(place);
        members.put(kind.member, RawObject.quoted(text.toString()));
        if (kind == Kind.OUTPUT_TEXT) {
            members.put("logprobs", "[" + logprobs + "]");
        }
        events.add(kind.done, members);
        return true;
    }

    /// The owner with the text so far.
    RawObject into(RawObject owner) {
        var filled = owner.with(kind.member, RawObject.quoted(text.toString()));
        return logprobs.isEmpty() ? filled : filled.with("logprobs", "[" + logprobs + "]");
    }
}
