package com.posthog.aigateway.config;

import java.util.regex.Pattern;

/// An amount of memory or disk, written `500`, `64KiB`, `32MiB` or `4GiB`.
public record ByteSize(long bytes) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(|B|KiB|MiB|GiB)");

    public static ByteSize parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("must be a size such as 64KiB, 32MiB or 4GiB: '" + text + "'");
        }
        int shift = switch (match.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
        long amount = Long.parseLong(match.group(1));
        if (amount > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("must be a size that fits 63 bits, such as 4GiB: '" + text + "'");
        }
        return new ByteSize(amount << shift);
    }

    /// For a size that must fit an array.
    public int toInt() {
        return (int) Math.min(bytes, Integer.MAX_VALUE - 16);
    }

    @Override
    public String toString() {
        for (int shift = 30; shift > 0; shift -= 10) {
            if (bytes != 0 && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + (shift == 30 ? "GiB" : shift == 20 ? "MiB" : "KiB");
            }
        }
        return Long.toString(bytes);
    }
}
