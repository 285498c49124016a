package com.posthog.aigateway.record;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A receipt to begin with; each test changes the one thing it is about.
record Told(
        Endpoint endpoint,
        boolean recordsContent,
        @Nullable Long posthogTeamId,
        @Nullable String user,
        Labels labels,
        @Nullable String model,
        Ending ending,
        int status,
        @Nullable String error,
        Reading reading,
        Cost cost) {

    static final UUID ID = UUID.fromString("01938f6a-7b1c-7000-8000-000000000001");

    static final Cost COST = new Cost(
            Money.parse("0.000100001"),
            Money.parse("0.000020000"),
            Money.parse("0.000003000"),
            Money.parse("0.000400000"),
            Money.ZERO,
            "fast-model",
            false);

    static Told at(Endpoint endpoint) {
        var reading = new Reading("resp-1", "fast-model-2026-01-01", null, null, "stop", null, true, 0);
        return new Told(endpoint, true, 7L, "user-9", Labels.NONE, "fast", Ending.COMPLETE, 200, null, reading, COST);
    }

    Told with(Usage usage) {
        return with(new Reading(
                reading.id(), reading.model(), usage, null, reading.stopReason(), reading.error(), true, 0));
    }

    Told with(Reading reading) {
        return new Told(
                endpoint, recordsContent, posthogTeamId, user, labels, model, ending, status, error, reading, cost);
    }

    Told with(Labels labels) {
        return new Told(
                endpoint, recordsContent, posthogTeamId, user, labels, model, ending, status, error, reading, cost);
    }

    Told with(Cost cost) {
        return new Told(
                endpoint, recordsContent, posthogTeamId, user, labels, model, ending, status, error, reading, cost);
    }

    Told ended(Ending ending, int status, @Nullable String error) {
        return new Told(
                endpoint, recordsContent, posthogTeamId, user, labels, model, ending, status, error, reading, cost);
    }

    Told by(@Nullable Long posthogTeamId, @Nullable String user) {
        return new Told(
                endpoint, recordsContent, posthogTeamId, user, labels, model, ending, status, error, reading, cost);
    }

    Told naming(@Nullable String model) {
        return new Told(
                endpoint, recordsContent, posthogTeamId, user, labels, model, ending, status, error, reading, cost);
    }

    Told silent() {
        return new Told(endpoint, false, posthogTeamId, user, labels, model, ending, status, error, reading, cost);
    }

    Receipt receipt() {
        return receipt(new Intent.Serving("azure", "https://key@example.test/v1/?api-key=secret", "fast-2", cost), 1);
    }

    Receipt unsent() {
        return receipt(null, 0);
    }

    Receipt afterFailover() {
        return receipt(new Intent.Serving("openai", "https://example.test/v1", "fast-2", cost), 2);
    }

    private Receipt receipt(Intent.@Nullable Serving serving, int attempts) {
        var who = new Intent.Who("key-1", "blue", posthogTeamId, user, "max", null, recordsContent);
        var at = Instant.parse("2026-11-21T10:00:00Z");
        var intent = new Intent(ID, at, endpoint, true, who, labels, model, serving);
        var tries = List.of(
                new Attempt("azure", "fast-2", 200, null, Duration.ofMillis(90)),
                new Attempt("openai", "fast-2", 200, null, Duration.ofMillis(90)));
        return new Receipt(
                intent,
                ending,
                status,
                error,
                tries.subList(0, attempts),
                reading,
                cost,
                Duration.ofNanos(1_234_567_890),
                Duration.ofMillis(250));
    }

    static Content content(String request, String answer) {
        return new Content(request.getBytes(StandardCharsets.UTF_8), answer.getBytes(StandardCharsets.UTF_8));
    }
}
