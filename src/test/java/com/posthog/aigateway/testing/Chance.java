package com.posthog.aigateway.testing;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Seeded choices.
public final class Chance {

    private final Random random;

    public Chance(long seed) {
        this.random = new Random(mixed(seed));
    }

    /// Seeds that follow each other would begin with the same choices (the finaliser of MurmurHash3).
    private static long mixed(long seed) {
        long bits = (seed ^ (seed >>> 33)) * 0xff51afd7ed558ccdL;
        bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return bits ^ (bits >>> 33);
    }

    /// From 0 to below `bound`.
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /// True once in so many times.
    public boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    public <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    public long number() {
        return random.nextLong();
    }

    public double share() {
        return random.nextDouble();
    }

    public void fill(byte[] bytes) {
        random.nextBytes(bytes);
    }

    public void shuffle(List<?> list) {
        Collections.shuffle(list, random);
    }

    /// So many places to cut `length` bytes at, in order; some may be the same.
    public int[] cuts(int count, int length) {
        return random.ints(count, 0, length + 1).sorted().toArray();
    }

    /// The same bytes with a few of them changed, left out, doubled or cut off.
    public byte[] damaged(byte[] bytes) {
        var damaged = bytes.clone();
        for (int i = 1 + below(3); i > 0 && damaged.length > 0; i--) {
            int at = below(damaged.length);
            switch (below(4)) {
                case 0 -> damaged[at] = (byte) below(256);
                case 1 ->
                    damaged[at] = (byte) of('{', '}', '[', ']', '"', ':', ',', '\\', '\n', '\r', 'n', '0')
                            .charValue();
                case 2 -> damaged = Arrays.copyOf(damaged, at);
                default -> damaged[at] = damaged[below(damaged.length)];
            }
        }
        return damaged;
    }
}
