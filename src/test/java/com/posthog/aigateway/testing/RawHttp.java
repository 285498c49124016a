package com.posthog.aigateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One connection, byte by byte: what goes over it is exactly what the test writes.
public final class RawHttp implements AutoCloseable {

    /// What came back.
    ///
    /// @param headers by their names in lower case
    public record Answer(int status, Map<String, String> headers, String body) {

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public RawHttp(int port) throws IOException {
        this(port, 0);
    }

    /// @param room for what has come and is not read yet, in bytes; 0: as much as is usual
    public RawHttp(int port, int room) throws IOException {
        socket = new Socket();
        if (room > 0) {
            socket.setReceiveBufferSize(room);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /// The next answer to anything but HEAD.
    public Answer answer() throws IOException {
        var head = head();
        var length = head.headers().get("content-length");
        var body = length != null ? in.readNBytes(Integer.parseInt(length)) : chunks(head);
        return new Answer(head.status(), head.headers(), new String(body, ISO_8859_1));
    }

    /// The next answer, or null when the connection ends before it.
    ///
    /// @param toHead what was asked with HEAD has no body
    public @Nullable Answer next(boolean toHead) throws IOException {
        in.mark(1);
        try {
            if (in.read() < 0) {
                return null;
            }
        } catch (SocketException reset) {
            return null;
        }
        in.reset();
        return toHead ? head() : answer();
    }

    /// Says that nothing more will come.
    public RawHttp finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /// What follows a head until the answer ends, as it comes: chunks with their sizes. An answer that breaks off ends
    /// there.
    public String rest(Answer head) throws IOException {
        var length = head.headers().get("content-length");
        if (length != null) {
            return new String(in.readNBytes(Integer.parseInt(length)), ISO_8859_1);
        }
        var text = new StringBuilder();
        while (text.indexOf("\r\n0\r\n\r\n", Math.max(0, text.length() - 7)) < 0) {
            int next;
            try {
                next = in.read();
            } catch (SocketException reset) {
                next = -1;
            }
            if (next < 0) {
                return text.toString();
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /// The next answer without a body.
    public Answer head() throws IOException {
        var words = line().split(" ", 3);
        var headers = new LinkedHashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var field = line.split(":", 2);
            headers.put(field[0].toLowerCase(Locale.ROOT), field[1].strip());
        }
        return new Answer(Integer.parseInt(words[1]), headers, "");
    }

    /// Reads on until a text has come.
    public void readUntil(String text) throws IOException {
        readUntil(text, 1);
    }

    /// True when the other side ends the connection and says nothing more.
    public boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    /// Reads on until these words have come so many times.
    public void readUntil(String words, int times) throws IOException {
        int found = 0;
        int left = times;
        while (left > 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended, and '" + words + "' were to come " + left + " more times");
            }
            found = next == words.charAt(found) ? found + 1 : next == words.charAt(0) ? 1 : 0;
            if (found == words.length()) {
                found = 0;
                left--;
            }
        }
    }

    /// Closing will end the connection as a crash does.
    public void resetWhenClosed() throws IOException {
        socket.setSoLinger(true, 0);
    }

    private byte[] chunks(Answer head) throws IOException {
        var body = new ByteArrayOutputStream();
        if (head.header("transfer-encoding").equals("chunked")) {
            for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
                body.write(in.readNBytes(size));
                line();
            }
            line();
        }
        return body.toByteArray();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended after '" + line + "'");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
