package com.posthog.aigateway;

import com.posthog.aigateway.admin.AdminDoor;
import com.posthog.aigateway.admit.Ledger;
import com.posthog.aigateway.cli.House;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.http.Door;
import com.posthog.aigateway.http.InFlight;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.record.Lane;
import com.posthog.aigateway.resolve.Stored;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.wire.ApacheUpstream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A gateway that runs: open to callers, until it is drained and closed.
public final class Gateway implements House.Running, AutoCloseable {

    /// The parts that have a life, in the order they are opened.
    record Parts(
            GatewaySettings.Lifecycle lifecycle,
            Metrics metrics,
            Journal journal,
            Cluster cluster,
            Ledger ledger,
            Register register,
            Stored stored,
            Reloader reloader,
            Lane lane,
            Lane denials,
            ApacheUpstream upstream,
            InFlight inFlight,
            Door door,
            Lifetime lifetime,
            AdminDoor adminDoor) {}

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration FOR_CUT_CALLS = Duration.ofSeconds(5);
    private static final Duration FOR_EVENTS = Duration.ofSeconds(10);

    private final Parts parts;
    private final CountDownLatch hurry = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    Gateway(Parts parts) {
        this.parts = parts;
    }

    /// UncheckedIOException: a port cannot be used.
    void open() {
        try {
            parts.door().open();
            parts.adminDoor().open();
        } catch (RuntimeException e) {
            release();
            throw e;
        }
        parts.reloader().open();
        parts.lifetime().serve();
    }

    @Override
    public int port() {
        return parts.door().port();
    }

    @Override
    public int adminPort() {
        return parts.adminDoor().port();
    }

    public int inFlight() {
        return parts.inFlight().count();
    }

    /// What is known on disk; for reports and tests.
    public Journal journal() {
        return parts.journal();
    }

    @Override
    public void hurry() {
        hurry.countDown();
    }

    @Override
    public void drain(boolean atOnce) {
        var delay = atOnce ? Duration.ZERO : parts.lifecycle().drainDelay();
        var drain = parts.lifecycle().drain();
        parts.lifetime().leave(delay.plus(drain));
        LOG.info("draining: {} calls in flight", inFlight());
        pause(delay);
        parts.lifetime().drain(drain);
        if (!awaitCalls(drain)) {
            LOG.warn("cutting {} calls that did not end in time", inFlight());
            parts.inFlight().cut();
            parts.inFlight().awaitNone(FOR_CUT_CALLS);
        }
        close();
        LOG.info("drained");
    }

    private void pause(Duration time) {
        try {
            var _ = hurry.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// In short steps, so that a hurry is heard.
    private boolean awaitCalls(Duration within) {
        long until = System.nanoTime() + within.toNanos();
        while (hurry.getCount() > 0 && System.nanoTime() < until) {
            if (parts.inFlight().awaitNone(Duration.ofMillis(100))) {
                return true;
            }
        }
        return parts.inFlight().count() == 0;
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        parts.lifetime().close();
        parts.door().close();
        // Who was stuck in writing to a caller is free now, and has a receipt to write.
        parts.inFlight().cut();
        parts.inFlight().awaitNone(FOR_CUT_CALLS);
        boolean told = parts.lane().flush(FOR_EVENTS);
        boolean deniedTold = parts.denials().flush(FOR_EVENTS);
        if (!told || !deniedTold) {
            LOG.warn("some events are not delivered yet; they wait in the journal for the next start");
        }
        release();
    }

    private void release() {
        parts.door().close();
        parts.reloader().close();
        parts.lane().close();
        parts.denials().close();
        parts.stored().close();
        parts.ledger().close();
        parts.register().close();
        parts.cluster().close();
        parts.journal().close();
        parts.upstream().close();
        parts.adminDoor().close();
        parts.metrics().close();
    }
}
