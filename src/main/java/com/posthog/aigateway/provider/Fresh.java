package com.posthog.aigateway.provider;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Something that holds for a while, and is fetched anew before it no longer does. While it still holds, one thread
/// fetches and the others go on with what there is.
final class Fresh<T> {

    static final Duration EARLY = Duration.ofMinutes(5);

    /// A place that cannot help is not asked again at once by all who wait for it.
    static final Duration PAUSE = Duration.ofSeconds(5);

    record Lease<T>(T value, Instant until) {}

    interface Fetch<T> {
        Lease<T> fetch() throws NoCredential;
    }

    private final Fetch<T> fetch;
    private final Clock clock;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Lease<T> held;
    private Instant pausedUntil = Instant.MIN;
    private String lastFault = "";

    Fresh(Fetch<T> fetch, Clock clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    T now() throws NoCredential {
        var lease = held;
        if (lease != null && left(lease).compareTo(EARLY) > 0) {
            return lease.value();
        }
        if (lease == null || !left(lease).isPositive()) {
            return fetched();
        }
        return renewed(lease);
    }

    private Duration left(Lease<T> lease) {
        return Duration.between(clock.instant(), lease.until());
    }

    private T renewed(Lease<T> lease) {
        if (!fetching.tryLock()) {
            return lease.value();
        }
        try {
            return fetched();
        } catch (NoCredential yet) {
            return lease.value();
        } finally {
            fetching.unlock();
        }
    }

    private T fetched() throws NoCredential {
        fetching.lock();
        try {
            var lease = held;
            if (lease != null && left(lease).compareTo(EARLY) > 0) {
                return lease.value();
            }
            if (clock.instant().isBefore(pausedUntil)) {
                throw new NoCredential(lastFault);
            }
            lease = fetch.fetch();
            held = lease;
            return lease.value();
        } catch (NoCredential fault) {
            if (!clock.instant().isBefore(pausedUntil)) {
                pausedUntil = clock.instant().plus(PAUSE);
                lastFault = String.valueOf(fault.getMessage());
            }
            throw fault;
        } finally {
            fetching.unlock();
        }
    }
}
