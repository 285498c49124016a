package com.posthog.aigateway.config;

import org.snakeyaml.engine.v2.nodes.Node;

/// Where a record stands in its file, so that a fault found later still names the line. It is no key: the
/// [Binder] fills it in.
///
/// @param line counted from 1; 0 where none is known
public record At(String file, int line) {

    public static final At NOWHERE = new At("", 0);

    static At of(Node node) {
        return node.getStartMark()
                .map(mark -> new At(mark.getName(), mark.getLine() + 1))
                .orElse(NOWHERE);
    }
}
