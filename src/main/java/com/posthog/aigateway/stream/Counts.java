package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// Token counts as a provider reports them. A count that cannot be is no count: then the usage is unknown.
final class Counts {

    private final JsonNode usage;
    private boolean sound = true;

    Counts(JsonNode usage) {
        this.usage = usage;
    }

    /// The number at a path of members; 0 where there is none.
    long at(String... path) {
        var node = usage;
        for (var member : path) {
            node = node.path(member);
        }
        if (node.isMissingNode() || node.isNull()) {
            return 0;
        }
        sound &= node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
        return node.asLong();
    }

    /// A whole without its parts.
    long rest(long whole, long... parts) {
        long rest = whole;
        for (long part : parts) {
            rest -= part;
        }
        sound &= rest >= 0;
        return rest;
    }

    <T> @Nullable T ifSound(T usage) {
        return sound ? usage : null;
    }
}
