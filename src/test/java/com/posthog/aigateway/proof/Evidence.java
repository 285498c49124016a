package com.posthog.aigateway.proof;

import java.util.List;

/// All that is known of one part of a proof once everything is at rest.
///
/// @param keepsBooks false where what is tried has no journals
/// @param absentHeld what was held for processes that were gone, before they came back
record Evidence(
        List<Team> teams,
        List<Outcome> outcomes,
        List<Billed> bill,
        boolean keepsBooks,
        List<Booked> books,
        List<Standing> standings,
        long absentHeld) {

    Evidence {
        teams = List.copyOf(teams);
        outcomes = List.copyOf(outcomes);
        bill = List.copyOf(bill);
        books = List.copyOf(books);
        standings = List.copyOf(standings);
    }
}
