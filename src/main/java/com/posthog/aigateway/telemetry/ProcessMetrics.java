package com.posthog.aigateway.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;

/// The process itself: how long, how much, and which build.
final class ProcessMetrics {

    private static final double MILLIS_PER_SECOND = 1000.0;

    private ProcessMetrics() {}

    static void show(Metrics metrics) {
        var runtime = ManagementFactory.getRuntimeMXBean();
        var memory = ManagementFactory.getMemoryMXBean();
        var threads = ManagementFactory.getThreadMXBean();
        metrics.gauge(
                "process_uptime_seconds",
                "Time since the start of the process.",
                () -> runtime.getUptime() / MILLIS_PER_SECOND);
        metrics.gauge(
                "jvm_heap_used_bytes",
                "Heap in use.",
                () -> memory.getHeapMemoryUsage().getUsed());
        metrics.gauge("jvm_threads", "Platform threads.", threads::getThreadCount);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            metrics.gauge("process_open_fds", "Open file descriptors.", system::getOpenFileDescriptorCount);
        }
        metrics.gauge(
                "aigateway_build_info",
                "Always 1; the labels name the build.",
                Map.of("version", version(), "java", Runtime.version().toString()),
                () -> 1);
    }

    private static String version() {
        var version = ProcessMetrics.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
