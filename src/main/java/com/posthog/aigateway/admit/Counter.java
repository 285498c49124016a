package com.posthog.aigateway.admit;

import java.util.Arrays;

/// What was charged in one bucket of one account, by epoch.
final class Counter {

    private long[] epochs = new long[1];
    private long[] charged = new long[1];
    private int size;
    private long sum;

    long sum() {
        return sum;
    }

    int size() {
        return size;
    }

    long epoch(int index) {
        return epochs[index];
    }

    long charged(int index) {
        return charged[index];
    }

    /// Totals that come late, twice or out of order change nothing.
    void raise(long epoch, long total) {
        int index = indexOf(epoch);
        if (total > charged[index]) {
            sum = Math.addExact(sum, total - charged[index]);
            charged[index] = total;
        }
    }

    void add(long epoch, long more) {
        int index = indexOf(epoch);
        charged[index] = Math.addExact(charged[index], more);
        sum = Math.addExact(sum, more);
    }

    private int indexOf(long epoch) {
        int found = Arrays.binarySearch(epochs, 0, size, epoch);
        return found >= 0 ? found : insert(-found - 1, epoch);
    }

    private int insert(int index, long epoch) {
        if (size == epochs.length) {
            epochs = Arrays.copyOf(epochs, size * 2);
            charged = Arrays.copyOf(charged, size * 2);
        }
        System.arraycopy(epochs, index, epochs, index + 1, size - index);
        System.arraycopy(charged, index, charged, index + 1, size - index);
        epochs[index] = epoch;
        charged[index] = 0;
        size++;
        return index;
    }
}
