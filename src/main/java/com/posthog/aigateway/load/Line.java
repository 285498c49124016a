package com.posthog.aigateway.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection of HTTP/1.1, one question at a time, with as little of its own in the way as can be.
public final class Line implements AutoCloseable {

    /// Is told the body as it comes.
    @FunctionalInterface
    public interface Ear {
        /// A piece has come.
        ///
        /// @param at when it had arrived, as `System.nanoTime` tells it
        void hear(byte[] bytes, int from, int to, long at) throws IOException;
    }

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int ROOM = 8 << 10;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[ROOM];
    private int at;
    private int end;
    private long arrived;
    private boolean usable = true;

    public Line(String host, int port) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// True as long as another question may be asked on it.
    public boolean isUsable() {
        return usable;
    }

    /// Asks, and reads the answer to its end; returns its status.
    ///
    /// IOException: the answer broke off.
    public int ask(byte[] request, Ear ear) throws IOException {
        usable = false;
        out.write(request);
        var words = line().split(" ", 3);
        int status = Integer.parseInt(words[1]);
        long length = -1;
        boolean chunked = false;
        boolean closes = false;
        for (var line = line(); !line.isEmpty(); line = line()) {
            var lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            } else if (lower.startsWith("connection:")) {
                closes = lower.contains("close");
            }
        }
        if (chunked) {
            chunks(ear);
        } else if (length >= 0) {
            body(length, ear);
        } else {
            throw new IOException("the answer has no length");
        }
        usable = !closes;
        return status;
    }

    private void chunks(Ear ear) throws IOException {
        while (true) {
            var size = line();
            int extension = size.indexOf(';');
            int length = Integer.parseInt(extension < 0 ? size : size.substring(0, extension), 16);
            if (length == 0) {
                while (!line().isEmpty()) {
                    // Trailers are of no interest.
                }
                return;
            }
            body(length, ear);
            line();
        }
    }

    private void body(long length, Ear ear) throws IOException {
        long left = length;
        while (left > 0) {
            if (at == end) {
                fill();
            }
            int piece = (int) Math.min(left, end - at);
            ear.hear(buffer, at, at + piece, arrived);
            at += piece;
            left -= piece;
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            if (at == end) {
                fill();
            }
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line.append(new String(buffer, from, at - from, StandardCharsets.ISO_8859_1));
            if (at < end) {
                at++;
                return line.charAt(line.length() - 1) == '\r' ? line.substring(0, line.length() - 1) : line.toString();
            }
        }
    }

    private void fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        if (count < 0) {
            throw new EOFException("the connection ended before the answer did");
        }
        arrived = System.nanoTime();
        at = 0;
        end = count;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
