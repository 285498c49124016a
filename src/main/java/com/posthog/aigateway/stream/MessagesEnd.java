package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Messages: each open block gets its `content_block_stop`, then come `message_delta` with `max_tokens` as its reason,
/// and `message_stop`. A thinking block may stay without its signature, and a tool's input half written: only the
/// provider could tell the rest.
///
/// Reads only the events that open and close something, and the first piece of a tool's input; keeps the indexes of the
/// open blocks.
final class MessagesEnd implements LegalEnd {

    /// The provider begins a tool's input with an empty piece, and SDKs miss it where it does not come.
    private static final String NO_INPUT = ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}";

    private final UUID call;
    private final NavigableSet<Integer> open = new TreeSet<>();
    private final Set<Integer> withoutInput = new HashSet<>();
    private boolean begun;
    private boolean tellsDetails;
    private boolean stopped;
    private boolean over;
    private long webFetches;

    MessagesEnd(UUID call) {
        this.call = call;
    }

    @Override
    public void event(SseFramer event) {
        if (!event.hasData() || over) {
            return;
        }
        var name = event.name();
        var type = name != null ? name : picked(event, "type").text("type");
        switch (type == null ? "" : type) {
            case "message_start" -> begin(picked(event, "message").node("message"));
            case "content_block_start" -> open(picked(event, "index", "content_block"));
            case "content_block_delta" -> feed(event);
            case "content_block_stop" ->
                open.remove(picked(event, "index").node("index").asInt());
            case "message_delta" ->
                stopped |=
                        picked(event, "delta").node("delta").path("stop_reason").isTextual();
            case "message_stop", "error" -> over = true;
            default -> {}
        }
    }

    private static Picked picked(SseFramer event, String... wanted) {
        return Picked.from(event.data(), event.dataLength(), Set.of(wanted));
    }

    /// A second beginning forgets what the first has opened, as those who read the stream do.
    private void begin(JsonNode message) {
        begun = true;
        tellsDetails = message.has("stop_details");
        open.clear();
        withoutInput.clear();
    }

    private void open(Picked start) {
        int index = start.node("index").asInt();
        var block = start.node("content_block");
        open.add(index);
        withoutInput.remove(index);
        if (block.path("input").isObject() && block.path("input").isEmpty()) {
            withoutInput.add(index);
        }
        boolean served = block.path("type").asText("").equals("server_tool_use");
        webFetches += served && block.path("name").asText("").equals("web_fetch") ? 1 : 0;
    }

    private void feed(SseFramer event) {
        if (!withoutInput.isEmpty()) {
            withoutInput.remove(picked(event, "index").node("index").asInt());
        }
    }

    @Override
    public byte[] bytes(Usage usage) {
        if (over) {
            return NOTHING;
        }
        if (!begun) {
            return LegalEnd.beforeTheBegin(Shape.ANTHROPIC_MESSAGES, call);
        }
        var end = new StringBuilder();
        for (int index : open) {
            if (withoutInput.contains(index)) {
                write(end, "content_block_delta", ",\"index\":" + index + NO_INPUT);
            }
            write(end, "content_block_stop", ",\"index\":" + index);
        }
        if (!stopped) {
            var details = tellsDetails ? ",\"stop_details\":null" : "";
            write(
                    end,
                    "message_delta",
                    ",\"delta\":{\"stop_reason\":\"max_tokens\",\"stop_sequence\":null" + details + "},\"usage\":"
                            + AnthropicUsage.delta(usage, webFetches));
        }
        write(end, "message_stop", "");
        return LegalEnd.utf8(end);
    }

    private static void write(StringBuilder end, String type, String members) {
        end.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
        end.append('"').append(members).append("}\n\n");
    }
}
