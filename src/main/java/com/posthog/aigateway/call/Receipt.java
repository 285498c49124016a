package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened: exactly one for every call of a known caller.
///
/// @param status what the caller was told; 0 when nothing was
/// @param error what went wrong, without content; null when nothing did
/// @param latency from the arrival to the end of the answer
/// @param firstToken from the arrival to the first content of a streamed answer
/// @param overruns what it cost beyond what breathing budgets held for it
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Receipt(
        Intent intent,
        Ending ending,
        int status,
        @Nullable String error,
        List<Attempt> attempts,
        Reading reading,
        Cost cost,
        Duration latency,
        @Nullable Duration firstToken,
        List<Overrun> overruns) {

    public Receipt {
        attempts = List.copyOf(attempts);
        overruns = overruns == null ? List.of() : List.copyOf(overruns);
    }

    /// Of a call that cost no more than was held for it.
    public Receipt(
            Intent intent,
            Ending ending,
            int status,
            @Nullable String error,
            List<Attempt> attempts,
            Reading reading,
            Cost cost,
            Duration latency,
            @Nullable Duration firstToken) {
        this(intent, ending, status, error, attempts, reading, cost, latency, firstToken, List.of());
    }

    /// What the call adds to the ledger. A call without a final usage is charged its whole hold where a
    /// budget is strict.
    @JsonIgnore
    public List<Charge> charges() {
        return intent.held().stream()
                .flatMap(held -> held.charges(cost.total(), !cost.estimated()).stream())
                .toList();
    }

    /// By how much the largest charge exceeds the cost: 0 where the usage is known.
    @JsonIgnore
    public Money atRisk() {
        return intent.held().stream()
                .map(held -> held.atRisk(cost.total(), !cost.estimated()))
                .max(Comparator.naturalOrder())
                .orElse(Money.ZERO);
    }

    @JsonIgnore
    public Instant endedAt() {
        return intent.at().plus(latency);
    }
}
