package com.posthog.aigateway.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;

/// Tells the watch while something is being sent, in pieces so small that a caller who takes anything at all can take
/// one
/// in time.
record WatchedWriter(DataWriter writer, Watch watch) implements DataWriter {

    private static final int PIECE = 64 << 10;

    @Override
    public void write(BufferData... buffers) {
        for (var buffer : buffers) {
            write(buffer);
        }
    }

    @Override
    public void write(BufferData buffer) {
        writeNow(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
        for (var buffer : buffers) {
            writeNow(buffer);
        }
    }

    @Override
    public void writeNow(BufferData buffer) {
        while (buffer.available() > PIECE) {
            var piece = new byte[PIECE];
            buffer.read(piece);
            send(BufferData.create(piece));
        }
        send(buffer);
    }

    private void send(BufferData piece) {
        watch.sends();
        try {
            writer.writeNow(piece);
        } finally {
            watch.hasSent();
        }
    }

    @Override
    public void flush() {
        writer.flush();
    }

    @Override
    public void close() {
        writer.close();
    }
}
