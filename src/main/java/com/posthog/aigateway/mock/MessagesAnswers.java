package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import java.util.ArrayList;

/// Answers in the shape of Anthropic's messages.
final class MessagesAnswers {
    private static final byte[] PING = Answer.event("ping", "{\"type\": \"ping\"}");
    private static final String NO_CACHE = ",\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0";
    private static final String NO_CACHE_SPLIT =
            NO_CACHE + ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":0}";

    /// The provider pads its events with blanks, and whoever re-writes them gives himself away.
    private static final String[] PADDING = {"", "   ", "       ", " ", "             "};

    private final Serial serial;

    MessagesAnswers(Serial serial) {
        this.serial = serial;
    }

    Answer answer(Asked asked, Content content) {
        return asked.stream() ? stream(asked, content) : whole(asked, content);
    }

    Answer count(Asked asked) {
        return Answer.json(
                200, Family.ANTHROPIC, serial.next("req_"), "{\"input_tokens\":" + asked.inputTokens() + "}");
    }

    private Answer whole(Asked asked, Content content) {
        var block = switch (content) {
            case Content.Text text -> "{\"type\":\"text\",\"text\":" + Json.quote(text.whole()) + "}";
            case Content.ToolCall call -> toolUse(call, call.arguments());
        };
        var body = head(asked) + ",\"content\":[" + block + "],\"stop_reason\":\"" + stop(content)
                + "\",\"stop_sequence\":null,\"stop_details\":null,\"usage\":"
                + usage(asked.inputTokens(), content.tokens()) + "}";
        return Answer.json(200, Family.ANTHROPIC, serial.next("req_"), body);
    }

    private Answer stream(Asked asked, Content content) {
        var events = new ArrayList<byte[]>();
        events.add(Answer.event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":" + head(asked)
                        + ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"stop_details\":null,\"usage\":"
                        + usage(asked.inputTokens(), 1) + "}}"));
        switch (content) {
            case Content.Text text -> {
                events.add(blockStart("{\"type\":\"text\",\"text\":\"\"}"));
                events.add(PING);
                for (var word : text.words()) {
                    events.add(delta(events.size(), "{\"type\":\"text_delta\",\"text\":" + Json.quote(word) + "}"));
                }
            }
            case Content.ToolCall call -> {
                events.add(blockStart(toolUse(call, "{}")));
                events.add(PING);
                events.add(delta(0, "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}"));
                for (var fragment : call.fragments()) {
                    events.add(delta(
                            events.size(),
                            "{\"type\":\"input_json_delta\",\"partial_json\":" + Json.quote(fragment) + "}"));
                }
            }
        }
        events.add(Answer.event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0  }"));
        events.add(Answer.event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + stop(content)
                        + "\",\"stop_sequence\":null,\"stop_details\":null},\"usage\":{\"input_tokens\":"
                        + asked.inputTokens() + NO_CACHE + ",\"output_tokens\":" + content.tokens() + "}}"));
        events.add(Answer.event("message_stop", "{\"type\":\"message_stop\"    }"));
        return Answer.events(
                Family.ANTHROPIC, serial.next("req_"), events, (_, status) -> NativeErrors.endMessages(status));
    }

    private static byte[] blockStart(String block) {
        return Answer.event(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":" + block + "}");
    }

    private static byte[] delta(int number, String delta) {
        return Answer.event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":" + delta + PADDING[number % PADDING.length]
                        + "}");
    }

    private String head(Asked asked) {
        return "{\"model\":" + Json.quote(asked.model()) + ",\"id\":\"" + serial.next("msg_")
                + "\",\"type\":\"message\",\"role\":\"assistant\"";
    }

    private String toolUse(Content.ToolCall call, String input) {
        return "{\"type\":\"tool_use\",\"id\":\"" + serial.next("toolu_") + "\",\"name\":" + Json.quote(call.name())
                + ",\"input\":" + input + ",\"caller\":{\"type\":\"direct\"}}";
    }

    private static String usage(int input, int output) {
        return "{\"input_tokens\":" + input + NO_CACHE_SPLIT + ",\"output_tokens\":" + output
                + ",\"service_tier\":\"standard\",\"inference_geo\":\"not_available\"}";
    }

    private static String stop(Content content) {
        return switch (content) {
            case Content.Text text -> text.cutShort() ? "max_tokens" : "end_turn";
            case Content.ToolCall _ -> "tool_use";
        };
    }
}
