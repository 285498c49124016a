package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Family;
import java.util.OptionalInt;

/// What a client asked for: the id in its path and the few members of its body that decide the answer.
record Asked(Resource shape, String id, Family family, ObjectNode body, int bytes) {
    private static final String[] KNOWN = {
        "gpt-", "o1", "o3", "o4", "chat-", "claude-", "text-embedding-", "codex", "computer-use", "mock-"
    };

    String model() {
        return body.path("model").asText("");
    }

    boolean knowsModel() {
        for (var prefix : KNOWN) {
            if (model().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    boolean stream() {
        return body.path("stream").asBoolean(false);
    }

    boolean inBackground() {
        return body.path("background").asBoolean(false);
    }

    /// A chat stream tells its usage only to those who ask; the other shapes always do.
    boolean includesUsage() {
        return body.path("stream_options").path("include_usage").asBoolean(false);
    }

    boolean obfuscates() {
        return body.path("stream_options").path("include_obfuscation").asBoolean(true);
    }

    int inputTokens() {
        return Math.ceilDiv(bytes, 4);
    }

    OptionalInt outputLimit() {
        var limit = switch (shape) {
            case CHAT ->
                body.path("max_completion_tokens").isInt()
                        ? body.path("max_completion_tokens")
                        : body.path("max_tokens");
            case RESPONSES -> body.path("max_output_tokens");
            default -> body.path("max_tokens");
        };
        return limit.isInt() ? OptionalInt.of(Math.max(1, limit.intValue())) : OptionalInt.empty();
    }

    /// The first function tool, unless the client forbids tools or has just answered a tool call.
    JsonNode wantedTool() {
        var choice = body.path("tool_choice");
        boolean forbidden = "none".equals(choice.asText())
                || "none".equals(choice.path("type").asText());
        if (!forbidden && !endsWithToolResult()) {
            for (var tool : body.path("tools")) {
                if (tool.path("type").asText("custom").equals(family == Family.OPENAI ? "function" : "custom")) {
                    return shape == Resource.CHAT ? tool.path("function") : tool;
                }
            }
        }
        return body.path("no tool");
    }

    private boolean endsWithToolResult() {
        var turns = body.path(shape == Resource.RESPONSES ? "input" : "messages");
        var last = turns.path(turns.size() - 1);
        return switch (shape) {
            case CHAT -> last.path("role").asText().equals("tool");
            case RESPONSES -> last.path("type").asText().endsWith("_call_output");
            default -> holdsToolResult(last.path("content"));
        };
    }

    private static boolean holdsToolResult(JsonNode content) {
        for (var block : content) {
            if (block.path("type").asText().equals("tool_result")) {
                return true;
            }
        }
        return false;
    }
}
