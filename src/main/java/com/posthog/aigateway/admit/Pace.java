package com.posthog.aigateway.admit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteStat;
import io.github.bucket4j.distributed.serialization.DataOutputSerializationAdapter;
import io.github.bucket4j.distributed.serialization.Scope;
import io.github.bucket4j.distributed.versioning.Versions;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// So many a minute: a bucket of that size that fills again in a minute, and may owe.
final class Pace {

    private static final Map<Long, BucketConfiguration> BY_LIMIT = new ConcurrentHashMap<>();
    private static final int MOST_KEPT = 1_000;

    private final RemoteBucketState state;
    private long limit;

    private Pace(RemoteBucketState state, long limit) {
        this.state = state;
        this.limit = limit;
    }

    /// A full one.
    ///
    /// @param now in milliseconds since 1970
    static Pace full(long limit, long now) {
        var bucket = BucketState.createInitialState(configuration(limit), MathType.INTEGER_64_BITS, nanos(now));
        return new Pace(new RemoteBucketState(bucket, new RemoteStat(0), null), limit);
    }

    /// How much can be taken; below zero where it owes. A limit that differs from the last one holds from now
    /// on.
    long left(long limit, long now) {
        return seen(limit, now).getAvailableTokens();
    }

    /// Milliseconds until so much can be taken.
    long wait(long count, long limit, long now) {
        long nanos = seen(limit, now)
                .calculateDelayNanosAfterWillBePossibleToConsume(Math.min(count, limit), nanos(now), false);
        return nanos == Long.MAX_VALUE ? Denial.NEVER : TimeUnit.NANOSECONDS.toMillis(nanos) + 1;
    }

    void take(long count, long limit, long now) {
        meet(limit, now);
        state.consume(count);
    }

    /// What was taken too much, or too little where it is below zero.
    void correct(long surplus, long now) {
        state.refillAllBandwidth(nanos(now));
        if (surplus > 0) {
            state.addTokens(surplus);
        } else {
            state.consume(-surplus);
        }
    }

    boolean isFull(long now) {
        state.refillAllBandwidth(nanos(now));
        return state.getAvailableTokens() >= limit;
    }

    /// As it is for one who only looks: a refused call must not move it, not even its time.
    private RemoteBucketState seen(long limit, long now) {
        var seen = new Pace(state.copy(), this.limit);
        seen.meet(limit, now);
        return seen.state;
    }

    private void meet(long limit, long now) {
        state.refillAllBandwidth(nanos(now));
        if (limit != this.limit) {
            state.replaceConfiguration(configuration(limit), TokensInheritanceStrategy.PROPORTIONALLY, nanos(now));
            this.limit = limit;
        }
    }

    private static BucketConfiguration configuration(long limit) {
        if (BY_LIMIT.size() > MOST_KEPT) {
            BY_LIMIT.clear();
        }
        return BY_LIMIT.computeIfAbsent(
                limit,
                it -> BucketConfiguration.builder()
                        .addLimit(Bandwidth.builder()
                                .capacity(it)
                                .refillGreedy(it, Duration.ofMinutes(1))
                                .build())
                        .build());
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    static void write(@Nullable Pace pace, DataOutput out) throws IOException {
        out.writeLong(pace == null ? 0 : pace.limit);
        if (pace != null) {
            RemoteBucketState.SERIALIZATION_HANDLE.serialize(
                    DataOutputSerializationAdapter.INSTANCE, out, pace.state, Versions.v_8_10_0, Scope.PERSISTED_STATE);
        }
    }

    static @Nullable Pace read(DataInput in) throws IOException {
        long limit = in.readLong();
        return limit == 0
                ? null
                : new Pace(
                        RemoteBucketState.SERIALIZATION_HANDLE.deserialize(DataOutputSerializationAdapter.INSTANCE, in),
                        limit);
    }
}
