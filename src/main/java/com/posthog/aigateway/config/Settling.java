package com.posthog.aigateway.config;

import java.nio.file.Path;
import java.util.Map;

/// Looks at files that were read, until they have changed and hold still. A file that is being written may be good so
/// far, and lack half of its lines: so two looks must see the same.
public final class Settling {

    private final Sources read;
    private Map<Path, String> before;

    public Settling(Sources read) {
        this.read = read;
        this.before = read.asRead();
    }

    /// True when the files differ from what was read, and not from what the last look saw.
    public boolean look() {
        var now = read.asTheyAre();
        boolean still = now.equals(before);
        before = now;
        return still && !now.equals(read.asRead());
    }
}
