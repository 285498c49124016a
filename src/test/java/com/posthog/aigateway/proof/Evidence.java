package com.posthog.aigateway.proof;

import java.time.Duration;
import java.util.List;

/// All that is known of one part of a proof once everything is at rest.
///
/// @param keepsBooks false where what is tried has no journals
/// @param absentHeld what was held for processes that were gone, before they came back
/// @param settlesWithin a call that was over so long before a limit was met may still have been alive there: its
/// receipt
/// was being written
record Evidence(
        List<Team> teams,
        List<Outcome> outcomes,
        List<Billed> bill,
        boolean keepsBooks,
        List<Booked> books,
        List<Standing> standings,
        long absentHeld,
        Duration settlesWithin) {

    Evidence {
        teams = List.copyOf(teams);
        outcomes = List.copyOf(outcomes);
        bill = List.copyOf(bill);
        books = List.copyOf(books);
        standings = List.copyOf(standings);
    }
}
