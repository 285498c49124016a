package com.posthog.aigateway.proof;

import static com.posthog.aigateway.proof.Fault.DATA;
import static com.posthog.aigateway.proof.Fault.KILL_ONE;
import static com.posthog.aigateway.proof.Fault.KILL_TWO;
import static com.posthog.aigateway.proof.Fault.ROLL;
import static com.posthog.aigateway.proof.Fault.SPLIT;
import static com.posthog.aigateway.proof.Fault.STOP;
import static com.posthog.aigateway.proof.Fault.STOP_TWO_BACK;

import com.posthog.aigateway.admit.Law;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is broken on purpose, and the faults under which that must be seen, the likeliest first.
enum Sabotage {
    NONE(null),
    ABSENT(Law.ABSENT_IS_NOT_ZERO, STOP_TWO_BACK, STOP),
    MAX(Law.TOTALS_ARE_MAXIMA, KILL_ONE, ROLL),
    RELEASE(Law.HELD_UNTIL_ACKNOWLEDGED, KILL_ONE, KILL_TWO, Fault.FREEZE_6),
    STATEMENT(Law.STATEMENTS_LIST_THE_OPEN, KILL_ONE, ROLL),
    INTENT(Law.INTENT_FIRST, KILL_ONE, STOP),
    CREATE(Law.CREATE_BRINGS_HOLDS, DATA, STOP),
    CLOSE(Law.TOTALS_BEFORE_CLOSED, ROLL, KILL_ONE),
    QUORUM(Law.QUORUM, SPLIT, KILL_TWO),
    GROWTH(Law.HOLDS_GROW, ROLL, KILL_ONE, STOP),
    CUT(Law.STREAMS_END, ROLL, KILL_ONE, STOP),
    /// Three processes that each check and then charge, and know nothing of each other.
    NAIVE(null, KILL_ONE);

    private static final String PROPERTY = "-Dproof.broken=";

    private final @Nullable Law law;

    @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed
    private final List<Fault> faults;

    Sabotage(@Nullable Law law, Fault... faults) {
        this.law = law;
        this.faults = List.of(faults);
    }

    /// IllegalArgumentException: not one of the known words.
    static Sabotage parse(String word) {
        return Arrays.stream(values())
                .filter(one -> one != NONE && one.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--sabotage must be one of "
                        + Arrays.stream(values())
                                .filter(one -> one != NONE)
                                .map(Sabotage::word)
                                .collect(Collectors.joining(", "))
                        + ": '" + word + "'"));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<Fault> faults() {
        return faults;
    }

    /// With what a proof ends in which so much failed: a sabotage must be seen.
    int code(int failed) {
        if (this != NONE) {
            System.out.println((failed > 0 ? "sabotage detected: " : "SABOTAGE NOT DETECTED: ") + word());
        }
        return (failed > 0) == (this != NONE) ? 0 : 1;
    }

    boolean isClustered() {
        return this != NAIVE;
    }

    boolean keepsBooks() {
        return this != NAIVE;
    }

    /// The main class of the replicas, with what it is told.
    List<String> main() {
        if (this == NAIVE) {
            return List.of("com.posthog.aigateway.NaiveGateway");
        }
        return law == null
                ? List.of("com.posthog.aigateway.Main")
                : List.of(PROPERTY + law, "com.posthog.aigateway.SabotagedGateway");
    }
}
