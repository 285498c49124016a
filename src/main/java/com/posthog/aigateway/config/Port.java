package com.posthog.aigateway.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// A port that a server is about to take.
public final class Port {

    private Port() {}

    /// The server only logs that it could not bind, with a long trace; asking first gives one clear exception. Port 0
    /// is always free.
    ///
    /// UncheckedIOException: taken, or not ours to take; its message says which.
    public static void requireFree(String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new UncheckedIOException(new BindException("a port is from 0 to 65535, not " + port));
        }
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " on " + host + " cannot be used: " + e.getMessage(), e);
        }
    }
}
