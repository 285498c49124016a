package com.posthog.aigateway.proof;

import java.util.List;

/// All that is known of a rolling restart once everything is at rest.
///
/// @param begun the moment from which all streams were open, in milliseconds since 1970
/// @param delivered the ids of the events that came, as often as they came
record RollEvidence(
        RollPlan plan,
        long begun,
        List<RollCall> calls,
        List<Billed> bill,
        List<Booked> books,
        List<String> delivered,
        List<Standing> standings,
        List<Departure> departures) {

    RollEvidence {
        calls = List.copyOf(calls);
        bill = List.copyOf(bill);
        books = List.copyOf(books);
        delivered = List.copyOf(delivered);
        standings = List.copyOf(standings);
        departures = List.copyOf(departures);
    }

    List<RollCall> served() {
        return calls.stream().filter(RollCall::isServed).toList();
    }

    List<RollCall> of(Team team) {
        return calls.stream().filter(call -> call.team().equals(team.id())).toList();
    }

    List<Billed> billOf(Team team) {
        return bill.stream().filter(billed -> billed.team().equals(team.id())).toList();
    }
}
