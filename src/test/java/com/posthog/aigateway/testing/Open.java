package com.posthog.aigateway.testing;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/// What this process holds open at a moment.
///
/// @param files all file descriptors
/// @param sockets those of them that are sockets
/// @param threads of the platform, without those that carry virtual ones and come and go
/// @param virtualThreads that have not ended
public record Open(long files, long sockets, long threads, long virtualThreads) {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Pattern VIRTUAL = Pattern.compile("(?m)^#\\d+ \".*\" virtual\\b");

    /// Where the system does not tell, the test is skipped, visibly.
    public static Open now(Path scratch) {
        Assumptions.assumeTrue(Files.isDirectory(DESCRIPTORS), "only Linux tells the open descriptors: /proc/self/fd");
        try (var descriptors = Files.list(DESCRIPTORS)) {
            var names = descriptors.map(Open::name).toList();
            return new Open(
                    names.size(),
                    names.stream().filter(name -> name.startsWith("socket:")).count(),
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> !thread.getName().startsWith("ForkJoinPool"))
                            .count(),
                    virtualThreads(scratch));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static long virtualThreads(Path scratch) throws IOException {
        var file = scratch.resolve("threads").toAbsolutePath();
        Files.deleteIfExists(file);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
        return VIRTUAL.matcher(Files.readString(file)).results().count();
    }

    /// True when nothing is held that was not held before, but for `spare` files that are no sockets.
    public boolean isWithin(Open before, int spare) {
        return sockets <= before.sockets
                && files - sockets <= before.files - before.sockets + spare
                && threads <= before.threads
                && virtualThreads <= before.virtualThreads;
    }
}
