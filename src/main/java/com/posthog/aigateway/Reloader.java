package com.posthog.aigateway;

import com.posthog.aigateway.admin.Reloading;
import com.posthog.aigateway.config.BadConfiguration;
import com.posthog.aigateway.config.Settling;
import com.posthog.aigateway.config.Sources;
import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts changed callers and a changed catalogue in force: both files at once and whole, or nothing of them.
final class Reloader implements Reloading, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reloader.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    /// How often files that change while they are read are read anew, before the next look is waited for.
    private static final int READINGS = 3;

    private final Function<Configuration, Serving> making;
    private final Counter reloads;
    private final Set<String> told;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("reload").daemon().factory());
    private volatile Serving inForce;
    private volatile boolean refused;
    private Sources tried;
    private Settling settling;

    /// @param making all that hangs on a configuration
    Reloader(Configuration first, Function<Configuration, Serving> making, Metrics metrics) {
        this.making = making;
        this.inForce = making.apply(first);
        this.tried = first.origin().changeable();
        this.settling = new Settling(tried);
        this.told = new HashSet<>(first.notices());
        this.reloads = metrics.counter("aigw_reloads", "Readings of changed callers and catalogue", "result");
        reloads.add(0, "done");
        reloads.add(0, "refused");
        metrics.gauge(
                "aigw_configuration_read_timestamp_seconds",
                "When the callers and the catalogue in force were read",
                () -> readAt().toEpochMilli() / 1e3);
        metrics.gauge(
                "aigw_configuration_refused",
                "1 while the files of callers and catalogue have faults, and earlier ones stay in force",
                () -> refused ? 1 : 0);
    }

    /// What a call that begins now goes by.
    Serving inForce() {
        return inForce;
    }

    private Instant readAt() {
        return inForce.configuration().origin().at();
    }

    void open() {
        var _ = looking.scheduleWithFixedDelay(
                this::look, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void look() {
        try {
            if (settling.look()) {
                reload();
            }
        } catch (RuntimeException fault) {
            // Else there would be no further look.
            LOG.error("the configuration could not be read again, by our own fault", fault);
        }
    }

    @Override
    public synchronized Outcome reload() {
        try {
            return done(read());
        } catch (BadConfiguration bad) {
            return refused(bad);
        } finally {
            settling = new Settling(tried);
        }
    }

    /// All files as they were at one time, if they hold still.
    private Configuration read() {
        var known = inForce.configuration();
        for (int i = 1; ; i++) {
            tried = new Sources();
            try {
                var read = known.readAgain(tried);
                if (i == READINGS || tried.asTheyAre().equals(tried.asRead())) {
                    return read;
                }
            } catch (BadConfiguration bad) {
                if (i == READINGS || tried.asTheyAre().equals(tried.asRead())) {
                    throw bad;
                }
            }
        }
    }

    private Outcome done(Configuration read) {
        inForce = making.apply(read);
        refused = false;
        reloads.add(1, "done");
        int models = read.catalogue().models().size();
        int credentials = read.keys().size();
        LOG.info("callers and catalogue were read again: {} models, {} usable credentials", models, credentials);
        var notices = notices(read);
        notices.stream().filter(told::add).forEach(LOG::warn);
        return new Outcome.Done(models, credentials, readAt(), notices);
    }

    private static List<String> notices(Configuration read) {
        var notices = new ArrayList<>(read.notices());
        var settings = read.origin().settings();
        if (!settings.asTheyAre().equals(settings.asRead())) {
            notices.add("'" + read.origin().file()
                    + "', or a secret that it names, has changed; that is read at the start only: restart to have it in"
                    + " force");
        }
        return notices;
    }

    private Outcome refused(BadConfiguration bad) {
        refused = true;
        reloads.add(1, "refused");
        LOG.error(
                "changed callers or catalogue are refused, those read at {} stay in force: {}",
                readAt(),
                String.join("; ", bad.faults()));
        return new Outcome.Refused(bad.faults(), readAt());
    }

    @Override
    public void close() {
        looking.shutdown();
    }
}
