package com.posthog.aigateway.runaway;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/// How often each credential has sent each body of late. Of the bodies only digests are kept, and of those the ones
/// that were sent last: a loop sends its own again before many others come.
final class Repetitions {

    private static final int MOST_OF_ONE = 4_096;
    private static final int MOST = 65_536;

    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<String, SequencedMap<Digest, Sendings>> all = inOrderOfUse();
    private int size;

    private static <K, V> SequencedMap<K, V> inOrderOfUse() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }

    /// One more. Returns how often it was sent within the time, this time among them: retries of a client by
    /// themselves.
    long add(String credential, Digest body, boolean retry, long within, long now) {
        lock.lock();
        try {
            return sendings(credential, body, within).add(retry, now);
        } finally {
            lock.unlock();
        }
    }

    private Sendings sendings(String credential, Digest body, long within) {
        var own = all.computeIfAbsent(credential, _ -> inOrderOfUse());
        var known = own.get(body);
        if (known != null) {
            return known;
        }
        if (own.size() >= MOST_OF_ONE) {
            own.pollFirstEntry();
            size--;
        } else if (size >= MOST) {
            forgetEldest();
        }
        var sendings = new Sendings(within);
        own.put(body, sendings);
        size++;
        return sendings;
    }

    /// The eldest body of the credential that has been silent for longest.
    private void forgetEldest() {
        var eldest = all.firstEntry();
        eldest.getValue().pollFirstEntry();
        size--;
        if (eldest.getValue().isEmpty()) {
            all.remove(eldest.getKey());
        }
    }

    /// That one does not count: the call was refused for another reason.
    void takeBack(String credential, Digest body, boolean retry, long at) {
        lock.lock();
        try {
            var own = all.get(credential);
            var sendings = own == null ? null : own.get(body);
            if (sendings != null) {
                sendings.takeBack(retry, at);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Counts from zero again.
    void forget(String credential, Digest body) {
        lock.lock();
        try {
            var own = all.get(credential);
            if (own != null && own.remove(body) != null) {
                size--;
                if (own.isEmpty()) {
                    all.remove(credential);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }
}
