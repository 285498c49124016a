package com.posthog.aigateway.testing;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Intent.Serving;
import com.posthog.aigateway.call.Intent.Who;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Iteration;
import com.posthog.aigateway.call.Usage.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Receipts with every field in use, and with as few as possible.
public final class SampleReceipts {

    public static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456789Z");

    private SampleReceipts() {}

    /// A UUIDv7 of that millisecond.
    public static UUID idAt(Instant at) {
        var chance = ThreadLocalRandom.current();
        return new UUID(
                at.toEpochMilli() << 16 | 0x7000 | chance.nextInt(0x1000),
                0x8000_0000_0000_0000L | chance.nextLong() >>> 2);
    }

    public static Intent intentAt(Instant at) {
        return new Intent(
                idAt(at),
                at,
                Endpoint.MESSAGES,
                true,
                new Who("key-1", "team-blue", 42L, "user-7", "max", "phc_project", true),
                new Labels(
                        "person-9",
                        "trace-1",
                        "session-1",
                        "labelled-product",
                        Map.of("colour", "label-value", "depth", 3, "share", 0.25, "flags", Map.of("a", true))),
                "fast",
                new Serving("anthropic", "https://api.anthropic.com", "claude-sonnet-5", cost()),
                List.of(),
                4_321L);
    }

    public static Receipt fullAt(Instant at) {
        return of(intentAt(at));
    }

    public static Receipt of(Intent intent) {
        var usage = new Usage(
                1200,
                300,
                40,
                5,
                600,
                70,
                8,
                9,
                10,
                11,
                2,
                new Terms("standard", "fast", "us"),
                List.of(new Iteration("compaction", "claude-sonnet-5", 1, 2, 3, 4, 5)));
        return new Receipt(
                intent,
                Ending.COMPLETE,
                200,
                "a fault without content",
                List.of(
                        new Attempt("openai", "gpt-5", 0, "unreachable", Duration.ofNanos(1_234_567)),
                        new Attempt("anthropic", "claude-sonnet-5", 200, null, Duration.ofMillis(812))),
                new Reading(
                        "msg_1", "claude-sonnet-5-20261001", usage, null, "end_turn", "overloaded: busy", true, 590),
                cost(),
                Duration.ofSeconds(3, 123_456_789),
                Duration.ofNanos(812_000_001));
    }

    /// A call that was turned away before anything was known of it.
    public static Receipt bareAt(Instant at) {
        var intent = new Intent(
                idAt(at),
                at,
                Endpoint.CHAT_COMPLETIONS,
                false,
                new Who("key-1", "team-blue", null, null, "max", null, false),
                Labels.NONE,
                null,
                null);
        return new Receipt(
                intent, Ending.REFUSED, 400, null, List.of(), Reading.NOTHING, Cost.NOTHING, Duration.ZERO, null);
    }

    private static Cost cost() {
        return new Cost(
                Money.parse("0.003600001"),
                Money.parse("0.00009"),
                Money.parse("0.00018"),
                Money.parse("0.009"),
                Money.parse("0.02"),
                "claude-sonnet-5",
                true);
    }
}
