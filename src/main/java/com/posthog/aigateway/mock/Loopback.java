package com.posthog.aigateway.mock;

import com.posthog.aigateway.config.Port;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.net.URI;
import java.time.Duration;

/// A server that only this machine can reach, with one handler for everything.
final class Loopback {
    private static final String HOST = "127.0.0.1";
    private static final long MAX_BODY = 64L << 20;

    private Loopback() {}

    static WebServer serve(int port, ServerConnectionSelector http, Handler handler) {
        Port.requireFree(HOST, port);
        var server = WebServer.builder()
                .host(HOST)
                .port(port)
                .backlog(4096)
                .maxPayloadSize(MAX_BODY)
                .writeBufferSize(0)
                .connectionOptions(socket -> socket.tcpNoDelay(true).socketReuseAddress(true))
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ZERO)
                .contentEncoding(encoding -> encoding.contentEncodingsDiscoverServices(false))
                .mediaContext(media -> media.mediaSupportsDiscoverServices(false))
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                .addConnectionSelector(http)
                .routing(routing -> routing.any(handler))
                .build()
                .start();
        return server;
    }

    static URI uri(WebServer server) {
        return URI.create("http://" + HOST + ":" + server.port());
    }
}
