package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What a client asked for: the id in its path and the few members of its body that decide the answer.
record Asked(Resource shape, String id, Family family, ObjectNode body, int bytes) {
    private static final String[] KNOWN = {
        "gpt-",
        "o1",
        "o3",
        "o4",
        "chat-",
        "claude-",
        "text-embedding-",
        "codex",
        "computer-use",
        "mock-",
        "anthropic.",
        "global.anthropic.",
        "us.anthropic."
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

    /// Whom the request names as its user.
    String mark() {
        return switch (family) {
            case OPENAI -> body.path("user").asText("");
            case ANTHROPIC -> body.path("metadata").path("user_id").asText("");
        };
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

    /// What has been said so far.
    JsonNode turns() {
        return body.path(shape == Resource.RESPONSES ? "input" : "messages");
    }

    /// The tool of this name; without one the function that the client insists on, else the first; none if the client
    /// forbids tools or has just answered a tool call.
    JsonNode wantedTool(String name) {
        var choice = body.path("tool_choice");
        boolean forbidden = "none".equals(choice.asText())
                || "none".equals(choice.path("type").asText());
        if (!forbidden && !endsWithToolResult()) {
            return name.isEmpty() ? usualTool(function(choice).path("name").asText()) : namedTool(name);
        }
        return body.path("no tool");
    }

    private JsonNode usualTool(String insisted) {
        for (var tool : body.path("tools")) {
            boolean usable = tool.path("type").asText("custom").equals(family == Family.OPENAI ? "function" : "custom");
            var function = function(tool);
            if (usable && (insisted.isEmpty() || function.path("name").asText().equals(insisted))) {
                return function;
            }
        }
        return body.path("no tool");
    }

    /// Also among those in a namespace, and among those that came in the conversation.
    private JsonNode namedTool(String name) {
        var offered = new ArrayList<JsonNode>();
        collect(body.path("tools"), offered);
        for (var turn : turns()) {
            if (turn.path("type").asText().equals("additional_tools")) {
                collect(turn.path("tools"), offered);
            }
        }
        return offered.stream()
                .map(this::function)
                .filter(tool -> tool.path("name").asText().equals(name))
                .findFirst()
                .orElse(body.path("no tool"));
    }

    private static void collect(JsonNode tools, List<JsonNode> offered) {
        for (var tool : tools) {
            if (tool.path("type").asText().equals("namespace")) {
                collect(tool.path("tools"), offered);
            } else {
                offered.add(tool);
            }
        }
    }

    private JsonNode function(JsonNode tool) {
        return shape == Resource.CHAT ? tool.path("function") : tool;
    }

    /// The schema that the answer's text is to satisfy, or a missing node.
    JsonNode wantedSchema() {
        var format = switch (shape) {
            case CHAT -> body.path("response_format");
            case RESPONSES -> body.path("text").path("format");
            default -> body.path("output_config").path("format");
        };
        return switch (format.path("type").asText()) {
            case "json_schema" -> (shape == Resource.CHAT ? format.path("json_schema") : format).path("schema");
            case "json_object" -> Json.object();
            default -> body.path("no schema");
        };
    }

    /// True when a tool's result has come since the model spoke last.
    private boolean endsWithToolResult() {
        var turns = turns();
        for (int place = turns.size() - 1; place >= 0; place--) {
            var turn = turns.path(place);
            var type = turn.path("type").asText();
            if (turn.path("role").asText().equals("assistant") || type.endsWith("_call") || type.equals("reasoning")) {
                return false;
            }
            if (type.endsWith("_call_output")
                    || turn.path("role").asText().equals("tool")
                    || holdsToolResult(turn.path("content"))) {
                return true;
            }
        }
        return false;
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
