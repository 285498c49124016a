package com.posthog.aigateway.flow;

import com.posthog.aigateway.call.Arrival;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.record.Receipts;
import com.posthog.aigateway.resolve.Stored;
import com.posthog.aigateway.telemetry.Counter;
import java.time.Clock;

/// Opens the story of a call.
///
/// @param guessedPrices counts answers for which a rate was missing
/// @param stored is told whose each answer is that stays at its provider
/// @param keptBytes how much of an answer is kept for the event
public record Bookkeeper(
        Catalogue catalogue, Receipts receipts, Counter guessedPrices, Stored stored, Clock clock, int keptBytes) {

    Story open(Arrival arrival, Caller caller) {
        return new Story(this, arrival, caller);
    }
}
