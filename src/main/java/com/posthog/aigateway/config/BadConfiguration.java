package com.posthog.aigateway.config;

import java.util.List;

/// The configuration cannot be used. One line for each fault: file, line, rule.
public final class BadConfiguration extends RuntimeException {

    private final List<String> faults;

    public BadConfiguration(List<String> faults) {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
