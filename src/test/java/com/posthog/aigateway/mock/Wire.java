package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A plain client for tests: whole answers by HTTP, and what really went over the socket.
final class Wire {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Wire() {}

    static HttpResponse<byte[]> post(URI server, String path, String body, String... headers) {
        return send(server, path, "POST", body.getBytes(UTF_8), headers);
    }

    static HttpResponse<byte[]> get(URI server, String path) {
        return send(server, path, "GET", new byte[0], "Authorization", "Bearer sk-test");
    }

    static HttpResponse<byte[]> send(URI server, String path, String method, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException exception) {
            throw new AssertionError(exception);
        }
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }

    /// Opens a socket and sends one request on it.
    static Socket open(int port, String path, String body, String directives) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        var bytes = body.getBytes(UTF_8);
        var head = "POST " + path + " HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer sk-test\r\nx-mock: " + directives
                + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    /// Everything that comes until the server closes the connection.
    static String untilClosed(int port, String path, String body, String directives) throws IOException {
        try (var socket = open(port, path, body, directives)) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain");
            }
            Thread.onSpinWait();
        }
    }
}
