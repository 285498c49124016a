package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events as a framer finds them, for comparison.
final class Frames {

    /// One event that carries data.
    record Event(@Nullable String name, String data) {}

    private Frames() {}

    /// The events of a stream that arrives in pieces that end at `cuts` and at its end.
    static List<Event> of(byte[] stream, int... cuts) {
        var framer = new SseFramer();
        var events = new ArrayList<Event>();
        int from = 0;
        for (int cut : cuts) {
            feed(framer, stream, from, cut, events);
            from = cut;
        }
        feed(framer, stream, from, stream.length, events);
        framer.finish();
        collect(framer, events);
        return events;
    }

    private static void feed(SseFramer framer, byte[] stream, int from, int to, List<Event> events) {
        int at = from;
        while (at < to) {
            at = framer.next(stream, at, to);
            if (framer.closed()) {
                collect(framer, events);
            }
        }
    }

    private static void collect(SseFramer framer, List<Event> events) {
        if (framer.hasData()) {
            events.add(new Event(framer.name(), new String(framer.data(), 0, framer.dataLength(), UTF_8)));
        }
    }

    /// The same by splitting text, which is slow and plain.
    static List<Event> simply(String text) {
        var events = new ArrayList<Event>();
        var whole = (text.startsWith("\uFEFF") ? text.substring(1) : text) + "\n\n";
        String name = null;
        var data = new ArrayList<String>();
        for (var line : whole.split("\r\n|\r|\n", -1)) {
            int colon = line.indexOf(':');
            var field = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    events.add(new Event(name, String.join("\n", data)));
                }
                name = null;
                data.clear();
            } else if (field.equals("data")) {
                data.add(value);
            } else if (field.equals("event")) {
                name = value.isEmpty() ? null : value;
            }
        }
        return events;
    }

    static int[] everyByte(byte[] stream) {
        var cuts = new int[stream.length];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i + 1;
        }
        return cuts;
    }
}
