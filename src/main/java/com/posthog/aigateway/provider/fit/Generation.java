package com.posthog.aigateway.provider.fit;

import java.util.Comparator;
import java.util.regex.Pattern;

/// How new a model is, by the number in its name: 4.7 of `claude-opus-4-7`.
record Generation(int major, int minor) implements Comparable<Generation> {

    /// Older than all that have a number.
    private static final Generation UNKNOWN = new Generation(0, 0);

    private static final Pattern NAMED = Pattern.compile("claude-[a-z]+-(\\d{1,2})(?:-(\\d{1,2}))?(?:-\\d{8})?");
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,2})\\.(\\d{1,2})");

    /// @param model an id of the catalogue
    static Generation of(String model) {
        var named = NAMED.matcher(model);
        if (!named.matches()) {
            return UNKNOWN;
        }
        var minor = named.group(2);
        return new Generation(Integer.parseInt(named.group(1)), minor == null ? 0 : Integer.parseInt(minor));
    }

    static Generation parse(String text) {
        var written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("must be a generation such as 4.7: " + text);
        }
        return new Generation(Integer.parseInt(written.group(1)), Integer.parseInt(written.group(2)));
    }

    @Override
    public int compareTo(Generation other) {
        return Comparator.comparingInt(Generation::major)
                .thenComparingInt(Generation::minor)
                .compare(this, other);
    }
}
