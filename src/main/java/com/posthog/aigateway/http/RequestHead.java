package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Reason;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectTransportRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the end of a request's head while it comes, and reads from it where its message ends. What two readers could
/// understand in two ways is refused: RFC 9112, sections 2.2, 5.1, 6.
final class RequestHead {

    /// Where the message ends, and whether it is the last one of its connection.
    ///
    /// @param size of the head, with the empty line behind it
    /// @param body its length, or [#CHUNKED]
    record Message(int size, long body, boolean last) {}

    static final long CHUNKED = -1;
    static final int LARGEST = 16 << 10;

    private static final int LONGEST_LINE = 8 << 10;
    private static final int MOST_FIELDS = 200;
    private static final int MOST_DIGITS = 18;
    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    private final Pending pending;
    private boolean skipped;
    private int scanned;
    private int lineStart;
    private int lines;

    private String method = "";
    private String target = "";
    private int hosts;
    private boolean chunked;
    private long length = -1;
    private boolean last;

    RequestHead(Pending pending) {
        this.pending = pending;
    }

    /// Looks at what has come since the last time; null: the head is not complete yet.
    ///
    /// RequestException: nothing of this connection may be read any more.
    @Nullable
    Message read() {
        for (; scanned < pending.size(); scanned++) {
            byte one = pending.at(scanned);
            boolean afterReturn = scanned > 0 && pending.at(scanned - 1) == '\r';
            if (afterReturn != (one == '\n')) {
                throw refused(Reason.MALFORMED, "a line of the head does not end with CR and LF");
            }
            if (one == '\n') {
                if (scanned == 1 && !skipped) {
                    skipEmptyLine();
                } else if (endsWithLine()) {
                    return message(scanned + 1);
                }
            } else if ((one >= 0 && one < ' ' && one != '\t' && one != '\r') || one == 0x7f) {
                throw refused(Reason.MALFORMED, "the head has a control character in it");
            }
        }
        if (lines == 0 && scanned > LONGEST_LINE) {
            throw refused(
                    Reason.TARGET_TOO_LONG,
                    "the first line is longer than the " + LONGEST_LINE + " bytes that we take");
        }
        if (scanned > LARGEST) {
            throw refused(Reason.HEAD_TOO_LARGE, "the headers are larger than the " + LARGEST + " bytes that we take");
        }
        return null;
    }

    /// Some senders put one behind the body before: RFC 9112, section 2.2.
    private void skipEmptyLine() {
        pending.skip(2);
        scanned = -1;
        skipped = true;
    }

    /// Reads the line that ends here; true when it is the empty one behind all others.
    private boolean endsWithLine() {
        int start = lineStart;
        int end = scanned - 1;
        lineStart = scanned + 1;
        if (start == end) {
            return true;
        }
        if (lines++ == 0) {
            readFirstLine(end);
        } else {
            readField(start, end);
        }
        return false;
    }

    private void readFirstLine(int end) {
        if (end > LONGEST_LINE) {
            throw refused(
                    Reason.TARGET_TOO_LONG,
                    "the first line is longer than the " + LONGEST_LINE + " bytes that we take");
        }
        int first = indexOf(' ', 0, end);
        int second = indexOf(' ', first + 1, end);
        if (!isToken(0, first) || second >= end) {
            throw refused(Reason.MALFORMED, "the first line is not a method, a target and a version");
        }
        method = pending.text(0, first);
        target = pending.text(first + 1, second);
        var version = pending.text(second + 1, end);
        if (!version.equals("HTTP/1.1")) {
            throw version.matches("HTTP/\\d\\.\\d")
                    ? refused(Reason.VERSION_NOT_SERVED, "HTTP/1.1 is served here, not " + version)
                    : refused(Reason.MALFORMED, "the first line does not end with HTTP/1.1");
        }
        if (!target.startsWith("/")) {
            throw refused(Reason.MALFORMED, "the target must be a path: this is no proxy for other hosts");
        }
    }

    private void readField(int start, int end) {
        int colon = indexOf(':', start, end);
        if (colon == end || !isToken(start, colon)) {
            throw refused(Reason.MALFORMED, "the name of a header is empty, folded, or not a token");
        }
        if (lines > MOST_FIELDS + 1) {
            throw refused(Reason.HEAD_TOO_LARGE, "there are more than the " + MOST_FIELDS + " headers that we take");
        }
        // Few names matter here, and few have their length.
        switch (colon - start) {
            case 4 -> {
                if (isNamed("host", start)) {
                    hosts++;
                }
            }
            case 10 -> {
                if (isNamed("connection", start)) {
                    last |= asksToClose(value(colon, end));
                }
            }
            case 14 -> {
                if (isNamed("content-length", start)) {
                    readLength(value(colon, end));
                }
            }
            case 17 -> {
                if (isNamed("transfer-encoding", start)) {
                    readTransferEncoding(value(colon, end));
                }
            }
            default -> {
                // Nothing that says where a message ends.
            }
        }
    }

    private static boolean asksToClose(String value) {
        for (var option : value.split(",", -1)) {
            if (option.strip().equalsIgnoreCase("close")) {
                return true;
            }
        }
        return false;
    }

    private void readLength(String value) {
        boolean digits = !value.isEmpty() && value.chars().allMatch(one -> one >= '0' && one <= '9');
        if (!digits || value.length() > MOST_DIGITS || length >= 0) {
            throw refused(Reason.MALFORMED, "Content-Length must be there once, and be a number");
        }
        length = Long.parseLong(value);
    }

    private void readTransferEncoding(String value) {
        if (chunked || !value.equalsIgnoreCase("chunked")) {
            throw refused(Reason.MALFORMED, "Transfer-Encoding must be there once, and be 'chunked'");
        }
        chunked = true;
    }

    private void checkSize(int size) {
        if (size > LARGEST) {
            throw refused(Reason.HEAD_TOO_LARGE, "the headers are larger than the " + LARGEST + " bytes that we take");
        }
    }

    private Message message(int size) {
        checkSize(size);
        if (lines == 0) {
            throw refused(Reason.MALFORMED, "the first line is empty");
        }
        if (hosts != 1) {
            throw refused(Reason.MALFORMED, "the header Host must be there once");
        }
        if (chunked && length >= 0) {
            throw refused(Reason.MALFORMED, "Content-Length and Transfer-Encoding exclude each other");
        }
        return new Message(size, chunked ? CHUNKED : Math.max(0, length), last);
    }

    private int indexOf(char wanted, int start, int end) {
        int place = start;
        while (place < end && pending.at(place) != wanted) {
            place++;
        }
        return place;
    }

    private boolean isToken(int start, int end) {
        for (int place = start; place < end; place++) {
            byte one = pending.at(place);
            boolean letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
            if (!letter && TOKEN.indexOf(one) < 0) {
                return false;
            }
        }
        return start < end;
    }

    private boolean isNamed(String name, int start) {
        for (int i = 0; i < name.length(); i++) {
            // All of these names are of letters and dashes: bit 5 makes a letter small, and keeps a dash.
            if ((pending.at(start + i) | 0x20) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String value(int colon, int end) {
        return pending.text(colon + 1, end).strip();
    }

    private RequestException refused(Reason reason, String what) {
        return RequestException.builder()
                .type(EventType.BAD_REQUEST)
                .status(Status.create(reason.status()))
                .request(DirectTransportRequest.create("HTTP/1.1", method.toUpperCase(Locale.ROOT), target))
                .message(what)
                .build();
    }
}
