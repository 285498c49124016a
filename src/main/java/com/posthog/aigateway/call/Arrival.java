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

    /// The query without its question mark, as it came; empty without one.
    String query();

    Headers headers();

    /// Reads the body once, decoded.
    ///
    /// Refusal: too large, no room for it in memory, broken off, or not what [Body#of] takes.
    Body read();

    default Call asCall() {
        return new Call(id(), at(), endpoint(), product(), query(), headers(), read());
    }
}
