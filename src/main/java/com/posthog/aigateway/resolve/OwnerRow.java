package com.posthog.aigateway.resolve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.posthog.aigateway.call.Owner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// Whose something is, as replicas tell each other. Members that are not known are passed over, as replicas of two
/// versions talk during a roll.
///
/// @param name that the provider gave
/// @param until in milliseconds since 1970
record OwnerRow(String name, String team, String provider, long until) {

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static OwnerRow of(String name, Owner owner) {
        return new OwnerRow(name, owner.team(), owner.provider(), owner.until().toEpochMilli());
    }

    Owner owner() {
        return new Owner(team, provider, Instant.ofEpochMilli(until));
    }

    static byte[] write(Collection<OwnerRow> rows) {
        return json(rows);
    }

    static List<OwnerRow> read(byte[] bytes) {
        return read(bytes, new TypeReference<>() {});
    }

    static byte[] writeNames(Collection<String> names) {
        return json(names);
    }

    static List<String> readNames(byte[] bytes) {
        return read(bytes, new TypeReference<>() {});
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(byte[] bytes, TypeReference<T> type) {
        try {
            return JSON.readValue(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
