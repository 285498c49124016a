package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Refusals of one credential by one scope within one minute, told by the first of them.
///
/// @param first call that was refused; its id is the tally's
/// @param scope that said no; `call` or `switch` where no limit of a scope did
/// @param account whose limit it was; null where no limit said no
/// @param what the window of a budget or the kind of a limit; null as before
/// @param limit and `used` and `held`, as the first was told
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Tally(
        Intent first,
        Reason reason,
        String scope,
        @Nullable String account,
        @Nullable String what,
        @Nullable String limit,
        @Nullable String used,
        @Nullable String held) {

    public UUID id() {
        return first.id();
    }

    /// How often so far.
    ///
    /// @param counts by the reason's word
    public record Counted(Tally tally, Map<String, Long> counts) {
        public Counted {
            counts = Map.copyOf(counts);
        }

        public long count() {
            return counts.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
