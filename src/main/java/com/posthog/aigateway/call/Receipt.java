package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What happened: exactly one for every call of a known caller.
///
/// @param status what the caller was told; 0 when nothing was
/// @param error what went wrong, without content; null when nothing did
/// @param latency from the arrival to the end of the answer
/// @param firstToken from the arrival to the first content of a streamed answer
/// @param overruns what it cost beyond what breathing budgets held for it
/// @param skipped targets of its route that were passed over
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
        List<Overrun> overruns,
        List<Skipped> skipped) {

    public Receipt {
        attempts = List.copyOf(attempts);
        overruns = overruns == null ? List.of() : List.copyOf(overruns);
        skipped = skipped == null ? List.of() : List.copyOf(skipped);
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
        this(intent, ending, status, error, attempts, reading, cost, latency, firstToken, List.of(), List.of());
    }

    /// What the call adds to the ledger. A call without a final usage is charged its whole hold where a
    /// budget is strict, and so is an earlier attempt that may be billed.
    @JsonIgnore
    public List<Charge> charges() {
        return intent.held().stream()
                .flatMap(held -> held.charges(spent()).stream())
                .toList();
    }

    /// By how much the largest charge exceeds the cost: 0 where the usage is known.
    @JsonIgnore
    public Money atRisk() {
        var spent = spent();
        return intent.held().stream()
                .map(held -> held.most(spent).above(cost.total()))
                .max(Comparator.naturalOrder())
                .orElse(Money.ZERO);
    }

    /// What attempts may cost whose answers were not taken, beside the cost of the call.
    @JsonIgnore
    public Money beside() {
        return attempts.stream()
                .flatMap(attempt -> Stream.ofNullable(attempt.estimate()))
                .reduce(Money.ZERO, Money::plus);
    }

    private Spent spent() {
        var serving = intent.serving();
        return new Spent(serving == null ? "" : serving.provider(), cost, attempts);
    }

    @JsonIgnore
    public Instant endedAt() {
        return intent.at().plus(latency);
    }
}
