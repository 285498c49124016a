package com.posthog.aigateway.config;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/// Collects what is wrong with the configuration, so that all of it is told at once.
public final class Faults {

    private final List<String> found = new ArrayList<>();

    /// Notes a fault at a line, counted from 1.
    ///
    /// @param rule what is wrong, with which name and value, and what would be right
    public void add(String file, int line, String rule) {
        found.add(file + ":" + line + ": " + rule);
    }

    public void add(String file, String rule) {
        found.add(file + ": " + rule);
    }

    /// Notes a fault in what stands there.
    public void add(At at, String rule) {
        if (at.equals(At.NOWHERE)) {
            found.add(rule);
        } else {
            add(at.file(), at.line(), rule);
        }
    }

    void at(Node node, String rule) {
        node.getStartMark().ifPresentOrElse(mark -> at(mark, rule), () -> found.add(rule));
    }

    void at(Mark mark, String rule) {
        add(mark.getName(), mark.getLine() + 1, rule);
    }

    public int count() {
        return found.size();
    }

    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new BadConfiguration(found);
        }
    }
}
