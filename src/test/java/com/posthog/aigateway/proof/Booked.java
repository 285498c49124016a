package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.journal.Journal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// One call as a journal has it.
///
/// @param refusedMore true for a stream that a budget has ended, and not the lack of a quorum
/// @param cost that its receipt says, in nano-dollars
/// @param overrun by how much it says that it exceeded what was held
/// @param atRisk what a strict budget was charged above it
/// @param known false where the cost is an estimate
record Booked(
        String mark,
        String id,
        Ending ending,
        boolean refusedMore,
        long cost,
        long overrun,
        long atRisk,
        boolean known) {

    private static final int ALL = 10_000_000;

    /// What its team was charged.
    long charged(Team.Kind kind) {
        return kind.strict() ? cost + atRisk : cost;
    }

    /// All receipts of the proof in one journal, also while its process runs.
    static List<Booked> read(Path data, Clock clock) {
        try (var journal = Journal.openReadOnly(data, clock)) {
            return journal.newest(ALL).stream()
                    .map(Booked::of)
                    .filter(booked -> !Team.of(booked.mark()).isEmpty())
                    .toList();
        }
    }

    private static Booked of(Receipt receipt) {
        var trace = receipt.intent().labels().trace();
        var cost = receipt.cost();
        return new Booked(
                trace == null ? "" : trace,
                receipt.intent().id().toString(),
                receipt.ending(),
                receipt.ending() == Ending.CUT
                        && String.valueOf(receipt.error()).startsWith("a budget"),
                cost.total().nanos(),
                receipt.overruns().stream()
                        .mapToLong(overrun -> overrun.amount().nanos())
                        .sum(),
                receipt.atRisk().nanos(),
                !cost.estimated());
    }
}
