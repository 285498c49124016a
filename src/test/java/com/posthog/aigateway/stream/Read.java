package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Shape;

/// What a tap reads off an answer.
final class Read {

    private Read() {}

    static Reading events(Shape shape, String stream) {
        return events(shape, stream.getBytes(UTF_8));
    }

    static Reading events(Shape shape, byte[] stream) {
        var tap = Tap.of(shape);
        var framer = new SseFramer();
        int at = 0;
        while (at < stream.length) {
            at = framer.next(stream, at, stream.length);
            if (framer.closed() && framer.hasData()) {
                tap.event(framer);
            }
        }
        return tap.reading();
    }

    static Reading whole(Shape shape, byte[] json) {
        var tap = Tap.of(shape);
        tap.whole(json);
        return tap.reading();
    }

    static Reading whole(Shape shape, String json) {
        return whole(shape, json.getBytes(UTF_8));
    }
}
