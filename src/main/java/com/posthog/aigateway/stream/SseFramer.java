package com.posthog.aigateway.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds the events in a stream of bytes, in whatever pieces they arrive (WHATWG HTML, 9.2.6): lines may end in LF, CR
/// or CRLF, data may have several lines, a byte order mark may come first, comments are skipped.
final class SseFramer {

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int UNBOUNDED = Integer.MAX_VALUE - 16;

    private final GrowingBytes line = new GrowingBytes(64, UNBOUNDED);
    private final GrowingBytes data = new GrowingBytes(256, UNBOUNDED);
    private @Nullable String name;
    private boolean hasData;
    private boolean afterCarriageReturn;
    private boolean atStart = true;
    private boolean closed;
    private boolean tail;

    /// Reads on from `from` to the end of an event, or to `to`; returns where it stopped. Then [#closed] tells whether
    /// an event ended there.
    int next(byte[] bytes, int from, int to) {
        boolean behindEvent = closed;
        if (closed) {
            begin();
        }
        tail = false;
        if (afterCarriageReturn && from < to) {
            afterCarriageReturn = false;
            if (bytes[from] == '\n') {
                tail = behindEvent;
                return from + 1;
            }
        }
        int start = from;
        for (int at = from; at < to; at++) {
            byte one = bytes[at];
            if (one == '\n' || one == '\r') {
                endLine(bytes, start, at);
                start = at + 1;
                afterCarriageReturn = one == '\r';
                if (closed) {
                    return start;
                }
                if (afterCarriageReturn && start < to) {
                    afterCarriageReturn = false;
                    if (bytes[start] == '\n') {
                        start++;
                        at++;
                    }
                }
            }
        }
        line.add(bytes, start, to);
        return to;
    }

    /// The stream has ended: what is left counts as an event that lacks only its blank line.
    void finish() {
        if (closed) {
            begin();
        }
        if (!line.isEmpty()) {
            endLine(line.array(), 0, 0);
        }
        closed = true;
    }

    /// True when the last [#next] stopped at the blank line that ends an event.
    boolean closed() {
        return closed;
    }

    /// True when the last [#next] gave only the LF of the event before it.
    boolean tail() {
        return tail;
    }

    /// The event's name, or null where its data alone speaks.
    @Nullable
    String name() {
        return name;
    }

    /// The event's data: the first [#dataLength] bytes.
    byte[] data() {
        return data.array();
    }

    int dataLength() {
        return data.length();
    }

    boolean hasData() {
        return hasData;
    }

    private void begin() {
        closed = false;
        hasData = false;
        name = null;
        data.clear();
    }

    private void endLine(byte[] bytes, int from, int to) {
        if (line.isEmpty()) {
            field(bytes, from, to);
        } else {
            line.add(bytes, from, to);
            field(line.array(), 0, line.length());
            line.clear();
        }
    }

    private void field(byte[] bytes, int lineStart, int to) {
        int from = lineStart;
        if (atStart) {
            atStart = false;
            from += startsWith(bytes, from, to, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        }
        if (from == to) {
            closed = true;
        } else if (isField(bytes, from, to, DATA)) {
            if (hasData) {
                data.add(new byte[] {'\n'}, 0, 1);
            }
            hasData = true;
            data.add(bytes, value(bytes, from + DATA.length, to), to);
        } else if (isField(bytes, from, to, EVENT)) {
            int value = value(bytes, from + EVENT.length, to);
            name = value == to ? null : new String(bytes, value, to - value, StandardCharsets.UTF_8);
        }
    }

    private static boolean isField(byte[] bytes, int from, int to, byte[] name) {
        return startsWith(bytes, from, to, name) && (from + name.length == to || bytes[from + name.length] == ':');
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        return to - from >= prefix.length && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
    }

    /// Behind the colon and one blank.
    private static int value(byte[] bytes, int colon, int to) {
        int at = Math.min(colon + 1, to);
        return at < to && bytes[at] == ' ' ? at + 1 : at;
    }
}
