package com.posthog.aigateway;

import com.posthog.aigateway.admit.Changes;
import com.posthog.aigateway.admit.Law;
import com.posthog.aigateway.admit.Ledger;
import com.posthog.aigateway.admit.Operators;
import com.posthog.aigateway.cluster.Alone;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.cluster.Time;
import com.posthog.aigateway.dispatch.Ejections;
import com.posthog.aigateway.dispatch.TargetDesk;
import com.posthog.aigateway.dispatch.Targets;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.runaway.Breakers;
import com.posthog.aigateway.telemetry.Metrics;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// A ledger of one replica, with a journal of its own.
record AloneLedger(Journal journal, Cluster cluster, Register register, Ledger ledger) implements AutoCloseable {

    static AloneLedger open(Path folder) {
        var limits = new Journal.Limits(
                Duration.ofDays(1), Duration.ofDays(1), 1 << 20, new Journal.Sync.Every(Duration.ofMillis(50)));
        var journal = Journal.open(folder, limits, Clock.systemUTC(), new SecureRandom());
        var context = Ledger.context(journal, false, new SecureRandom(), Law.NONE_BROKEN);
        var cluster = Alone.start(Ledger.tenant(context), Time.of(Clock.systemUTC()));
        return new AloneLedger(
                journal,
                cluster,
                Register.open(cluster, journal),
                Ledger.open(cluster, journal, new SecureRandom(), context));
    }

    Operators operators() {
        return new Operators(ledger, new Changes(register, cluster::now));
    }

    Breakers breakers() {
        return new Breakers(register, cluster::now);
    }

    /// Of no catalogue.
    TargetDesk targets(Metrics metrics) {
        var ejections = new Ejections(register);
        return new TargetDesk(new Targets(ejections, metrics, Clock.systemUTC()), ejections, List::of);
    }

    @Override
    public void close() {
        ledger.close();
        register.close();
        cluster.close();
        journal.close();
    }
}
