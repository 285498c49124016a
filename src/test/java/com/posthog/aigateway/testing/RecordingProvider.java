package com.posthog.aigateway.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A provider that answers each case, named in a header field of the request, with the bytes that were prepared for it,
/// and keeps what it was asked.
public final class RecordingProvider implements AutoCloseable {

    /// What goes over the wire, each piece written by itself.
    public record Answer(List<byte[]> pieces, boolean thenCloses) {}

    /// The header field that names the case.
    public static final String CASE = "X-Case";

    private final ServerSocket server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Message> requests = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public RecordingProvider() {
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            for (var request = Message.request(in); request != null; request = Message.request(in)) {
                var name = request.first(CASE);
                requests.put(name, request);
                var answer = answers.get(name);
                if (answer == null) {
                    return;
                }
                for (var piece : answer.pieces()) {
                    socket.getOutputStream().write(piece);
                }
                if (answer.thenCloses()) {
                    return;
                }
            }
        } catch (IOException left) {
            // The other side is done with it.
        } finally {
            open.remove(socket);
        }
    }

    public void prepare(String name, Answer answer) {
        answers.put(name, answer);
    }

    /// What was asked last under this name, which is forgotten with its answer.
    public Message take(String name) {
        var request = requests.remove(name);
        if (request == null) {
            throw new AssertionError("the provider was not asked for " + name);
        }
        return request;
    }

    public void forget(String name) {
        answers.remove(name);
        requests.remove(name);
    }

    public int port() {
        return server.getLocalPort();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
