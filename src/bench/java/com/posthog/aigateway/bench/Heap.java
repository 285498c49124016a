package com.posthog.aigateway.bench;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/// What lives on a Java process's heap.
final class Heap {

    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private static final int MOST_KINDS = 25;

    private Heap() {}

    /// The kinds of objects that take most of it.
    static List<String> kinds(Child child) throws IOException, InterruptedException {
        return child.ask("GC.class_histogram").lines().limit(MOST_KINDS).toList();
    }

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
