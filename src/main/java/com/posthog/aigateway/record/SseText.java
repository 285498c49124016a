package com.posthog.aigateway.record;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The data of a whole event stream that has been kept, event by event; what a cut left of the last one comes too.
final class SseText {

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SseText() {}

    static List<String> payloads(byte[] stream) {
        var text = new String(stream, StandardCharsets.UTF_8);
        var payloads = new ArrayList<String>();
        var event = new ArrayList<String>();
        var lines = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1).lines() : text.lines();
        for (var line : lines.toList()) {
            if (line.startsWith("data:")) {
                event.add(line.substring(line.startsWith("data: ") ? 6 : 5));
            } else if (line.isEmpty()) {
                end(event, payloads);
            }
        }
        end(event, payloads);
        return payloads;
    }

    private static void end(List<String> event, List<String> payloads) {
        if (!event.isEmpty()) {
            payloads.add(String.join("\n", event));
            event.clear();
        }
    }
}
