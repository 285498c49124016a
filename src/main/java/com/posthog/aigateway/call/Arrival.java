package com.posthog.aigateway.call;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A request at the door, its body not read yet: credentials are checked first.
public interface Arrival {

    /// A UUIDv7: the call's name in logs, headers, the journal and the event.
    UUID id();

    Instant at();

    Endpoint endpoint();

    /// The product that the path names, or null.
    @Nullable
    String product();

    /// The id that the path names, of what a provider has stored; null for other endpoints.
    @Nullable
    String storedId();

    /// The query without its question mark, as it came; empty without one.
    String query();

    Headers headers();

    /// Of the peer that the connection comes from.
    String address();

    /// Reads the body once, decoded.
    ///
    /// Refusal: too large, no room for it in memory, broken off, or not what [Body#of] takes (by id, any
    /// body will do).
    Body read();

    default Call asCall() {
        return new Call(id(), at(), endpoint(), product(), storedId(), query(), headers(), read());
    }
}
