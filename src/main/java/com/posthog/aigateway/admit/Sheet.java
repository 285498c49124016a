package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Grain;
import com.posthog.aigateway.call.Window;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an entry knows of one account: what was charged, what is held, and how fast it goes.
final class Sheet {

    private final Map<Grain, NavigableMap<Long, Counter>> charged = new EnumMap<>(Grain.class);

    @Nullable
    Pace requests;

    @Nullable
    Pace tokens;

    /// Of all holds, in nano-dollars.
    long held;

    /// How many holds take a place.
    int slots;

    NavigableMap<Long, Counter> counters(Grain grain) {
        return charged.computeIfAbsent(grain, _ -> new TreeMap<>());
    }

    Map<Grain, NavigableMap<Long, Counter>> charged() {
        return charged;
    }

    Counter counter(Bucket bucket) {
        return counters(bucket.grain()).computeIfAbsent(bucket.index(), _ -> new Counter());
    }

    /// What was spent in the window, at most one bucket too much.
    long spent(Window window, long now, boolean laterToo) {
        var counters = charged.get(window.grain());
        if (counters == null) {
            return 0;
        }
        long sum = 0;
        long last = window.grain().at(now).index();
        for (var entry : inWindow(counters, window, now).entrySet()) {
            if (laterToo || entry.getKey() <= last) {
                sum += entry.getValue().sum();
            }
        }
        return sum;
    }

    private static NavigableMap<Long, Counter> inWindow(NavigableMap<Long, Counter> counters, Window window, long now) {
        return counters.subMap(window.oldest(now), true, window.last(now), true);
    }

    /// Milliseconds until so much has left the window; [Denial#NEVER] where that does not happen.
    long wait(Window window, long now, long excess) {
        var counters = charged.get(window.grain());
        long left = excess;
        if (counters != null) {
            for (var entry : inWindow(counters, window, now).entrySet()) {
                left -= entry.getValue().sum();
                if (left <= 0) {
                    long leaves = window.leaves(new Bucket(window.grain(), entry.getKey()));
                    return leaves == Long.MAX_VALUE ? Denial.NEVER : Math.max(1, leaves - now);
                }
            }
        }
        return Denial.NEVER;
    }

    /// Forgets buckets that no window touches any more. Answers whether nothing is left to know.
    boolean prune(long now) {
        charged.forEach(
                (grain, counters) -> counters.headMap(grain.oldest(now), false).clear());
        charged.values().removeIf(Map::isEmpty);
        requests = requests == null || requests.isFull(now) ? null : requests;
        tokens = tokens == null || tokens.isFull(now) ? null : tokens;
        return charged.isEmpty() && held == 0 && slots == 0 && requests == null && tokens == null;
    }
}
