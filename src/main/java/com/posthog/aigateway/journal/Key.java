package com.posthog.aigateway.journal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/// A row's key: the 16 bytes of a UUIDv7, big endian, so that the order of keys is the order of arrivals.
final class Key {

    static final int LENGTH = 16;
    static final UUID LOWEST = new UUID(0, 0);
    static final UUID HIGHEST = new UUID(-1, -1);

    private static final int BITS_BELOW_TIME = 16;

    private Key() {}

    static byte[] of(UUID id) {
        return ByteBuffer.allocate(LENGTH)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static UUID id(byte[] key) {
        var bytes = ByteBuffer.wrap(key);
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    /// Not above any UUIDv7 of this millisecond or a later one, and above all earlier ones.
    static byte[] firstAt(Instant at) {
        long millis = at.isBefore(Instant.EPOCH) ? 0 : at.toEpochMilli();
        return of(new UUID(millis << BITS_BELOW_TIME, 0));
    }

    /// The smallest key above this one.
    static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    static UUID lower(UUID one, UUID other) {
        return Arrays.compareUnsigned(of(one), of(other)) <= 0 ? one : other;
    }
}
