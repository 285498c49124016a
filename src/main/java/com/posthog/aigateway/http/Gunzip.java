package com.posthog.aigateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.StreamCorruptedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decodes exactly one member of gzip (RFC 1952). The JDK's stream passes over whatever stands behind it.
final class Gunzip extends InputStream {

    private static final int HEAD = 10;
    private static final int TAIL = 8;
    private static final int HEAD_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final ByteBuffer bytes;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private boolean ended;

    Gunzip(byte[] bytes) throws IOException {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        skipHead();
        inflater.setInput(this.bytes);
    }

    private void skipHead() throws IOException {
        require(bytes.remaining() >= HEAD && bytes.getShort() == (short) 0x8b1f && bytes.get() == 8);
        int flags = bytes.get();
        bytes.position(HEAD);
        if ((flags & EXTRA) != 0) {
            require(bytes.remaining() >= 2);
            skip(bytes.getShort() & 0xffff);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEAD_CRC) != 0) {
            skip(2);
        }
    }

    private void skip(int count) throws IOException {
        require(bytes.remaining() >= count);
        bytes.position(bytes.position() + count);
    }

    private void skipText() throws IOException {
        do {
            require(bytes.hasRemaining());
        } while (bytes.get() != 0);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        try {
            int count = inflater.inflate(into, offset, length);
            sum.update(into, offset, count);
            if (count == 0) {
                // More input does not come, and dictionaries are not part of gzip.
                require(inflater.finished());
                checkTail();
                ended = true;
                return -1;
            }
            return count;
        } catch (DataFormatException damaged) {
            throw new IOException("no gzip", damaged);
        }
    }

    private void checkTail() throws IOException {
        require(bytes.remaining() == TAIL);
        require(bytes.getInt() == (int) sum.getValue());
        require(bytes.getInt() == (int) inflater.getBytesWritten());
    }

    private static void require(boolean whole) throws IOException {
        if (!whole) {
            throw new StreamCorruptedException("no gzip, not whole, or more than one");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
