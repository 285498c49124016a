package com.posthog.aigateway.bench;

import java.io.IOException;
import java.util.regex.Pattern;

/// What lives on a Java process's heap.
final class Heap {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private Heap() {}

    /// In MB, after everything that is dead was thrown away.
    static double liveMb(Child child) throws IOException, InterruptedException {
        child.ask("GC.run");
        var match = USED.matcher(child.ask("GC.heap_info"));
        if (!match.find()) {
            throw new IOException("the heap cannot be seen");
        }
        return Double.parseDouble(match.group(1)) / 1024;
    }
}
