package com.posthog.aigateway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A provider that takes its time, as the request's `x-bench` says: `paced` streams 20 events over a second, `idle`
/// an event every ten seconds, `hold` answers after some seconds. Each event says when it was sent.
final class PacedUpstream {

    private static final int BACKLOG = 4096;
    private static final int IDLE_EVENTS = 60;
    private static final String HEAD = """
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Transfer-Encoding: chunked\r
            \r
            """;

    /// A head that was read.
    private record Asked(String kind, long length) {}

    private PacedUpstream() {}

    static void main(String[] arguments) throws IOException {
        try (var server = new ServerSocket(Integer.parseInt(arguments[0]), BACKLOG, InetAddress.getLoopbackAddress())) {
            while (true) {
                var socket = server.accept();
                Thread.startVirtualThread(() -> serve(socket));
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream(), 1 << 10);
            var out = socket.getOutputStream();
            for (var asked = ask(in); asked != null; asked = ask(in)) {
                in.skipNBytes(asked.length());
                switch (asked.kind()) {
                    case "idle" -> stream(out, IDLE_EVENTS, 10_000);
                    case "hold" -> hold(out);
                    default -> stream(out, 20, 50);
                }
            }
        } catch (IOException left) {
            // Who asked has left.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Null when the connection has ended.
    private static @Nullable Asked ask(InputStream in) throws IOException {
        var kind = "";
        long length = 0;
        var line = line(in);
        if (line == null) {
            return null;
        }
        for (line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            var lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-bench:")) {
                kind = lower.substring(8).strip();
            } else if (lower.startsWith("content-length:")) {
                length = Long.parseLong(lower.substring(15).strip());
            }
        }
        return new Asked(kind, length);
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static void stream(OutputStream out, int events, int gapMillis) throws IOException, InterruptedException {
        out.write(HEAD.getBytes(ISO_8859_1));
        for (int i = 0; i < events; i++) {
            chunk(out, Answers.chatEvent("word " + i, System.nanoTime()));
            Thread.sleep(gapMillis);
        }
        chunk(out, Answers.CHAT_END);
        out.write("0\r\n\r\n".getBytes(ISO_8859_1));
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        out.write((Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(ISO_8859_1));
    }

    private static void hold(OutputStream out) throws IOException, InterruptedException {
        Thread.sleep(LargeBody.HOLD);
        var body = Answers.chatJson();
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(ISO_8859_1));
    }
}
