package com.posthog.aigateway.telemetry;

import org.slf4j.bridge.SLF4JBridgeHandler;

/// Where log lines go. Some libraries, OpenTelemetry among them, write to `java.util.logging`, which would print plain
/// text past [JsonLayout].
public final class Logs {

    private Logs() {}

    /// To be called once, before anything is logged.
    public static void gather() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
