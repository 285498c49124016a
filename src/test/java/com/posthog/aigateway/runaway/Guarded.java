package com.posthog.aigateway.runaway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.cluster.Alone;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.cluster.Tenant;
import com.posthog.aigateway.cluster.Time;
import com.posthog.aigateway.config.CallerSettings;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.YamlFile;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.testing.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// One replica that watches the team `dev`, whose time passes when it is told to.
public record Guarded(
        FakeClock clock, Journal journal, Register register, Breakers breakers, Runaway runaway, Metrics metrics)
        implements AutoCloseable {

    public static final Caller CALLER = new Caller(
            "key", "dev", null, null, List.of(), Set.of(), false, Set.of("*"), null, true, Caller.Bounds.NONE);

    /// Opened, with nothing counted yet.
    ///
    /// @param policy the value of `runaway`
    public static Guarded open(Path folder, FakeClock clock, String policy) {
        var limits = new Journal.Limits(Duration.ofDays(1), Duration.ofDays(1), 0, new Journal.Sync.Always());
        var journal = Journal.open(folder.resolve("data"), limits, clock, new SecureRandom());
        var time = new Time(clock, () -> clock.millis() * 1_000_000);
        var cluster = Alone.start(Tenant.nobody(), time);
        var register = Register.open(cluster, journal);
        var breakers = new Breakers(register, cluster::now);
        var metrics = Metrics.create();
        var settings = settings(folder, "teams: [ { id: dev, runaway: " + policy + " } ]");
        var runaway = new Runaway(settings, breakers, clock, new RunawayFigures(metrics, breakers));
        return new Guarded(clock, journal, register, breakers, runaway, metrics);
    }

    private static CallerSettings settings(Path folder, String text) {
        try {
            var faults = new Faults();
            var file = Files.writeString(folder.resolve("callers.yaml"), text);
            var settings = new YamlFile(new Environment(Map.of()), faults).read(file, CallerSettings.class);
            faults.throwIfAny();
            return Objects.requireNonNull(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Call call(Endpoint endpoint, String body, Headers headers) {
        return new Call(
                UUID.randomUUID(), clock.instant(), endpoint, null, null, "", headers, Body.of(body.getBytes(UTF_8)));
    }

    /// Refusal: it is stopped.
    Watched ask(String text) {
        return ask(text, Headers.NONE);
    }

    Watched ask(String text, Headers headers) {
        return runaway.check(CALLER, call(Endpoint.CHAT_COMPLETIONS, "{\"user\":\"" + text + "\"}", headers));
    }

    /// A call of its own that costs so many dollars, and ends at once.
    void spend(String usd) {
        var watched = ask(UUID.randomUUID().toString());
        watched.spends(Money.parse(usd));
        watched.ended(receipt(Ending.COMPLETE, usd));
    }

    public static Receipt receipt(Ending ending, String usd) {
        var cost = Money.parse(usd);
        var who = new Intent.Who("key", "dev", null, null, "none", null, false);
        var intent = new Intent(
                UUID.randomUUID(), Instant.EPOCH, Endpoint.CHAT_COMPLETIONS, false, who, Labels.NONE, null, null);
        return new Receipt(
                intent,
                ending,
                200,
                null,
                List.of(),
                Reading.NOTHING,
                new Cost(cost, Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO, "m", false),
                Duration.ZERO,
                null);
    }

    @Override
    public void close() {
        register.close();
        journal.close();
        metrics.close();
    }
}
