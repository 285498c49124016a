package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Takes the data out of a chunked body, strictly: RFC 9112, section 7.1. Extensions and trailers are legal, and mean
/// nothing to us.
final class Chunks {

    /// What the next byte belongs to.
    private enum At {
        FIRST_DIGIT,
        DIGITS,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        LAST_LF,
        END
    }

    private static final int MOST_DIGITS = 15;
    private static final int LONGEST_LINE = 1 << 10;
    private static final int LARGEST_TRAILERS = 8 << 10;
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private At at = At.FIRST_DIGIT;
    private long left;
    private int digits;
    private int line;
    private int trailers;

    boolean isAtEnd() {
        return at == At.END;
    }

    /// The data of all that is pending, in one chunk without extensions; empty when there is none yet. What follows the
    /// body stays pending.
    ///
    /// Refusal: this is no chunked body.
    byte[] read(Pending pending) {
        var data = new ByteArrayOutputStream(pending.size());
        while (!pending.isEmpty() && at != At.END) {
            if (at == At.DATA) {
                int count = (int) Math.min(left, pending.size());
                data.writeBytes(pending.take(count));
                left -= count;
                at = left == 0 ? At.DATA_CR : At.DATA;
            } else {
                at = after(pending.at(0));
                pending.skip(1);
            }
        }
        return framed(data.toByteArray());
    }

    private byte[] framed(byte[] data) {
        var chunk = new ByteArrayOutputStream(data.length + 16);
        if (data.length > 0) {
            chunk.writeBytes(Integer.toHexString(data.length).getBytes(StandardCharsets.US_ASCII));
            chunk.writeBytes(LINE_END);
            chunk.writeBytes(data);
            chunk.writeBytes(LINE_END);
        }
        if (at == At.END) {
            chunk.writeBytes(LAST);
        }
        return chunk.toByteArray();
    }

    private At after(byte one) {
        return switch (at) {
            case FIRST_DIGIT -> {
                left = 0;
                digits = 0;
                line = 0;
                yield digit(one);
            }
            case DIGITS ->
                switch (one) {
                    case '\r' -> At.SIZE_LF;
                    case ';' -> At.EXTENSION;
                    default -> digit(one);
                };
            case EXTENSION -> {
                if (++line > LONGEST_LINE) {
                    throw broken("the extension of a chunk is too long");
                }
                yield text(one, At.EXTENSION, At.SIZE_LF);
            }
            case SIZE_LF -> lineFeed(one, left == 0 ? At.TRAILER_START : At.DATA);
            case DATA_CR -> {
                if (one != '\r') {
                    throw broken("the data of a chunk is longer than its size says");
                }
                yield At.DATA_LF;
            }
            case DATA_LF -> lineFeed(one, At.FIRST_DIGIT);
            case TRAILER_START -> one == '\r' ? At.LAST_LF : trailer(one);
            case TRAILER -> trailer(one);
            case TRAILER_LF -> lineFeed(one, At.TRAILER_START);
            case LAST_LF -> lineFeed(one, At.END);
            case DATA, END -> throw new IllegalStateException("read elsewhere");
        };
    }

    private At digit(byte one) {
        int digit = Character.digit(one, 16);
        if (digit < 0 || ++digits > MOST_DIGITS) {
            throw broken("the size of a chunk is not a hexadecimal number");
        }
        left = (left << 4) | digit;
        return At.DIGITS;
    }

    private At trailer(byte one) {
        if (++trailers > LARGEST_TRAILERS) {
            throw broken("its trailers are too long");
        }
        return text(one, At.TRAILER, At.TRAILER_LF);
    }

    private static At text(byte one, At within, At behind) {
        if (one == '\r') {
            return behind;
        }
        if ((one >= 0 && one < ' ' && one != '\t') || one == 0x7f) {
            throw broken("a line of it does not end with CR and LF");
        }
        return within;
    }

    private static At lineFeed(byte one, At next) {
        if (one != '\n') {
            throw broken("a line of it does not end with CR and LF");
        }
        return next;
    }

    private static Refusal broken(String what) {
        return new Refusal(Reason.MALFORMED, "the body is not chunked as HTTP/1.1 asks: " + what);
    }
}
