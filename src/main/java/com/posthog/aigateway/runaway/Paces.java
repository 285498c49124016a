package com.posthog.aigateway.runaway;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// How fast each credential spends; of very many, those that have spent last.
final class Paces {

    private static final int MOST = 10_000;

    /// What was told of a call, so that it can be told better later.
    record Spent(long estimate, long nanos, long second, int generation) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<String, Pace> all = new LinkedHashMap<>(16, 0.75f, true);

    Spent add(String credential, long estimate, long second) {
        lock.lock();
        try {
            var pace = all.computeIfAbsent(credential, _ -> new Pace());
            if (all.size() > MOST) {
                all.pollFirstEntry();
            }
            long nanos = pace.expected(estimate);
            pace.spend(nanos, second);
            return new Spent(estimate, nanos, second, pace.generation());
        } finally {
            lock.unlock();
        }
    }

    void correct(String credential, Spent spent, long cost, long now) {
        lock.lock();
        try {
            var pace = all.get(credential);
            if (pace != null && pace.generation() == spent.generation()) {
                pace.correct(cost - spent.nanos(), spent.second(), now);
                pace.learn(spent.estimate(), cost);
            }
        } finally {
            lock.unlock();
        }
    }

    Pace.@Nullable Excess excess(String credential, Policy.Speed speed) {
        lock.lock();
        try {
            var pace = all.get(credential);
            return pace == null ? null : pace.excess(speed);
        } finally {
            lock.unlock();
        }
    }

    void clear(String credential, boolean relearn) {
        lock.lock();
        try {
            var pace = all.get(credential);
            if (pace != null) {
                pace.clear(relearn);
            }
        } finally {
            lock.unlock();
        }
    }
}
