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

    Answer answer(Asked asked, Content content, Extras extras) {
        var work = Work.of(asked, content, extras);
        return asked.stream() ? stream(asked, content, work) : whole(asked, content, work);
    }

    Answer count(Asked asked) {
        return Answer.json(
                200, Family.ANTHROPIC, serial.next("req_"), "{\"input_tokens\":" + asked.inputTokens() + "}");
    }

    private Answer whole(Asked asked, Content content, Work work) {
        var block = switch (content) {
            case Content.Text text -> "{\"type\":\"text\",\"text\":" + Json.quote(text.whole()) + "}";
            case Content.ToolCall call -> toolUse(call, call.arguments());
        };
        var body = head(asked) + ",\"content\":[" + block + "],\"stop_reason\":\"" + stop(content)
                + "\",\"stop_sequence\":null,\"stop_details\":null"
                + (work.told() ? ",\"usage\":" + usage(work, work.written(), steps(work)) : "") + "}";
        return Answer.json(200, Family.ANTHROPIC, serial.next("req_"), body).taking(work);
    }

    private Answer stream(Asked asked, Content content, Work work) {
        var events = new ArrayList<byte[]>();
        events.add(Answer.event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":" + head(asked)
                        + ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"stop_details\":null,\"usage\":"
                        + usage(work, 1, "") + "}}"));
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
                        + "\",\"stop_sequence\":null,\"stop_details\":null}"
                        + (work.told() ? ",\"usage\":" + finalUsage(work) : "") + "}"));
        events.add(Answer.event("message_stop", "{\"type\":\"message_stop\"    }"));
        int beforeWords = content instanceof Content.Text ? 3 : 4;
        return Answer.events(
                        Family.ANTHROPIC, serial.next("req_"), events, (_, status) -> NativeErrors.endMessages(status))
                .taking(work.said(beforeWords, content.events()));
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

    private static String usage(Work work, int output, String steps) {
        return "{\"input_tokens\":" + work.read() + NO_CACHE_SPLIT + ",\"output_tokens\":" + output
                + ",\"service_tier\":" + Json.quote(work.tierOr("standard"))
                + ",\"inference_geo\":\"not_available\"" + steps + "}";
    }

    private static String finalUsage(Work work) {
        return "{\"input_tokens\":" + work.read() + NO_CACHE + ",\"output_tokens\":" + work.written() + steps(work)
                + "}";
    }

    /// Where the conversation was made shorter, each step is told by itself, and the totals leave that one out.
    private static String steps(Work work) {
        return work.compacted() == 0
                ? ""
                : ",\"iterations\":[" + step("compaction", work.compacted(), work.summary()) + ","
                        + step("message", work.read(), work.written()) + "]";
    }

    private static String step(String type, int input, int output) {
        return "{\"type\":\"" + type + "\",\"input_tokens\":" + input + NO_CACHE + ",\"output_tokens\":" + output + "}";
    }

    private static String stop(Content content) {
        return switch (content) {
            case Content.Text text -> text.cutShort() ? "max_tokens" : "end_turn";
            case Content.ToolCall _ -> "tool_use";
        };
    }
}
