package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One try at one target.
///
/// @param status of the provider's answer; 0 when there was none
/// @param fault what went wrong, as a word; null when the answer was taken
/// @param latency until the answer's head, or until the fault
/// @param mayBill true when the provider may bill it though its answer was not taken
/// @param estimate what it may have cost beside the attempt that served; null where that is nothing
/// @param next why another attempt followed, as a word; null where none did
/// @param stripped what the call had to leave out for this target, by name
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attempt(
        String provider,
        String model,
        int status,
        @Nullable String fault,
        Duration latency,
        boolean mayBill,
        @Nullable Money estimate,
        @Nullable String next,
        List<String> stripped) {

    public Attempt {
        stripped = stripped == null ? List.of() : List.copyOf(stripped);
    }

    /// One that took the call as it came, and that none followed.
    public Attempt(String provider, String model, int status, @Nullable String fault, Duration latency) {
        this(provider, model, status, fault, latency, false, null, null, List.of());
    }

    public Attempt followedBecause(String word) {
        return new Attempt(provider, model, status, fault, latency, mayBill, estimate, word, stripped);
    }

    public Attempt estimatedAt(Money amount) {
        return new Attempt(provider, model, status, fault, latency, mayBill, amount, next, stripped);
    }
}
