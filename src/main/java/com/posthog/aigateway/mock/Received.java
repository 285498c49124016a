package com.posthog.aigateway.mock;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One request that reached the mock provider, and how it ended.
/// Header names keep the case they came in where the server knows it.
@SuppressWarnings("ArrayRecordComponent") // bytes are the point here, and nobody compares these records
public record Received(
        String method, String path, String query, List<Map.Entry<String, String>> headers, byte[] body, Ending ending) {

    /// How the answer ended, as far as the mock can know.
    public enum Ending {
        OPEN,
        ANSWERED,
        CUT,
        CLIENT_GONE
    }

    public Received {
        headers = List.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
