package com.posthog.aigateway.wire;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/// A socket that tells the exchange on this thread before it waits for the network: before a read, so that what has
/// been read so far can go out in one piece; at a write, so that it can be freed. It lies under TLS as well.
final class FlushSocket extends Socket {

    /// The library asks "is anything there?" by a read with this timeout.
    static final int QUESTION_MILLIS = 1;

    private volatile int timeout;

    @Override
    public synchronized void setSoTimeout(int timeout) throws SocketException {
        this.timeout = timeout;
        super.setSoTimeout(timeout);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                var one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (!Exchange.CURRENT.isBound()) {
                    return in.read(buffer, offset, length);
                }
                var exchange = Exchange.CURRENT.get();
                if (timeout == QUESTION_MILLIS && exchange.isSending() && in.available() == 0) {
                    throw new SocketTimeoutException("nothing there");
                }
                exchange.reads(in);
                int read = in.read(buffer, offset, length);
                exchange.waited(read);
                return read;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(super.getOutputStream()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (!Exchange.CURRENT.isBound()) {
                    out.write(bytes, offset, length);
                    return;
                }
                var exchange = Exchange.CURRENT.get();
                if (exchange.answeredEarly()) {
                    return;
                }
                exchange.writes(FlushSocket.this);
                try {
                    out.write(bytes, offset, length);
                } finally {
                    exchange.wrote();
                }
            }
        };
    }

    /// Wakes whoever is stuck in writing; reading goes on.
    void endOutput() {
        try {
            shutdownOutput();
        } catch (IOException closed) {
            // Then nobody is stuck any more.
        }
    }
}
