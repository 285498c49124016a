package com.posthog.aigateway.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/// A line to a server that is kept as long as the server keeps it.
public final class Line implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    private final int port;
    private Socket socket;
    private InputStream in;

    public Line(int port) throws IOException {
        this.port = port;
        this.socket = connect(port);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /// Sends a request, and reads its answer.
    public Message ask(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        var answer = Message.answer(in);
        boolean ends = answer.first("connection").equalsIgnoreCase("close")
                || !answer.whole()
                || (answer.first("content-length").isEmpty()
                        && answer.first("transfer-encoding").isEmpty());
        if (ends) {
            socket.close();
            socket = connect(port);
            in = new BufferedInputStream(socket.getInputStream());
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
