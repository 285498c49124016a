package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.cluster.Alone;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Members;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.cluster.Tenant;
import com.posthog.aigateway.cluster.Time;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Peer;
import com.posthog.aigateway.journal.Journal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/// One member of a ledger, in a process of its own. The first one enters and settles calls, one after the other, and
/// says how long that takes; the others are there until they are ended.
public final class AdmissionBench {

    private static final int ROOTS = 30;
    private static final long NANOS = 20_000_000;
    private static final long TOKENS = 2_000;
    private static final long CLOSELY = 20_000;
    private static final int PAUSES = 600;

    private final Ledger ledger;
    private final Cluster cluster;
    private final List<Demand> demands =
            IntStream.range(0, ROOTS).mapToObj(AdmissionBench::demand).toList();

    private final Histogram here = histogram();
    private final Histogram there = histogram();
    private final Histogram settle = histogram();
    private Set<String> own = Set.of();

    private AdmissionBench(Ledger ledger, Cluster cluster) {
        this.ledger = ledger;
        this.cluster = cluster;
    }

    private static Histogram histogram() {
        return new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    }

    /// @param arguments folder, `alone` or `member<place>`, ports of all members, seconds to warm up, rounds, seconds
    /// of each
    static void main(String... arguments) throws Exception {
        var folder = Files.createDirectories(Path.of(arguments[0]));
        var name = arguments[1];
        var chance = new SecureRandom();
        var limits = new Journal.Limits(
                Duration.ofDays(1), Duration.ofDays(1), 1 << 20, new Journal.Sync.Every(Duration.ofMillis(50)));
        boolean alone = name.equals("alone");
        try (var journal = Journal.open(folder, limits, Clock.systemUTC(), chance)) {
            var context = Ledger.context(journal, !alone, chance, Law.NONE_BROKEN);
            var tenant = Ledger.tenant(context);
            int place = alone ? 0 : Integer.parseInt(name.substring("member".length()));
            try (var cluster = alone ? Alone.start(tenant, time()) : join(place, arguments[2], tenant);
                    var _ = Register.open(cluster, journal);
                    var ledger = Ledger.open(cluster, journal, chance, context)) {
                if (place > 0) {
                    Thread.sleep(Duration.ofHours(1));
                }
                var bench = new AdmissionBench(ledger, cluster);
                bench.awaitOthers(alone ? 1 : arguments[2].split(",", -1).length);
                bench.run(Long.parseLong(arguments[3]), Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
            }
        }
        // The others were not told that this one leaves for good.
        System.exit(0);
    }

    private static Time time() {
        return Time.of(Clock.systemUTC());
    }

    private static Cluster join(int place, String ports, Tenant tenant) {
        var peers = Arrays.stream(ports.split(",", -1))
                .map(port -> new Peer("127.0.0.1", Integer.parseInt(port)))
                .toList();
        var settings = new GatewaySettings.Cluster(
                GatewaySettings.Mode.TCP,
                "bench-" + ports.replace(',', '-'),
                "127.0.0.1",
                peers.get(place).port(),
                peers,
                peers.size(),
                null,
                null);
        return Members.join(settings, tenant, time(), true);
    }

    /// Until all are there, and their memory is spread over all of them.
    private void awaitOthers(int members) throws InterruptedException {
        for (int i = 0; i < PAUSES && (cluster.replicas() < members || !cluster.ready() || !ledger.isOpen()); i++) {
            Thread.sleep(100);
        }
        if (cluster.replicas() < members) {
            throw new IllegalStateException("only " + cluster.replicas() + " of " + members + " members are there");
        }
    }

    private void run(long warm, int rounds, long seconds) {
        work(warm);
        for (int round = 0; round < rounds; round++) {
            here.reset();
            there.reset();
            settle.reset();
            own = new HashSet<>(cluster.ownKeys());
            work(seconds);
            var all = here.copy();
            all.add(there);
            System.out.printf(
                    Locale.ROOT,
                    "figures %.1f %.1f %.1f %.1f %.1f %.1f%n",
                    micros(all, 50),
                    micros(all, 99),
                    micros(here, 50),
                    micros(there, 50),
                    micros(settle, 50),
                    micros(settle, 99));
        }
    }

    private static double micros(Histogram histogram, double percentile) {
        return histogram.getTotalCount() == 0 ? Double.NaN : histogram.getValueAtPercentile(percentile) / 1e3;
    }

    private void work(long seconds) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; System.nanoTime() < until; i++) {
            one(demands.get(i % ROOTS));
        }
    }

    private void one(Demand demand) {
        long begin = System.nanoTime();
        var entered = ledger.enter(demand, TOKENS);
        long between = System.nanoTime();
        if (!(entered instanceof Ledger.Entered.In in)) {
            throw new IllegalStateException("not admitted: " + entered);
        }
        (own.contains(demand.root()) ? here : there).recordValue(between - begin);
        long ending = System.nanoTime();
        ledger.end(
                demand.root(),
                in.id(),
                charges(demand, in),
                new Settle.Ended(in.id().seq(), TOKENS / 2, Admission.limitedByTokens(demand)));
        while (ledger.open(demand.root()) > 0) {
            await(System.nanoTime() - ending);
        }
        settle.recordValue(System.nanoTime() - ending);
    }

    /// Looks closely at first, then leaves the processor to those who do the work.
    private static void await(long waited) {
        if (waited < CLOSELY) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(CLOSELY);
        }
    }

    private static List<Charge> charges(Demand demand, Ledger.Entered.In in) {
        var charges = new ArrayList<Charge>();
        for (var claim : demand.claims()) {
            for (var grain : claim.grains()) {
                charges.add(new Charge(demand.root(), in.id().epoch(), claim.account(), grain.at(in.at()), NANOS / 10));
            }
        }
        return charges;
    }

    /// As the benchmark's gateway asks: a team, a product and a credential.
    private static Demand demand(int number) {
        var team = "bench-" + number;
        var budget = 10_000_000L * 1_000_000_000L;
        var root = new Account(Scope.TEAM, team);
        return new Demand(
                root.toString(),
                List.of(
                        new Claim(
                                root,
                                NANOS,
                                false,
                                List.of(new Cap(Window.TWENTY_FOUR_HOURS, budget, Mode.ENFORCE)),
                                List.of(
                                        new Rate(Rate.Kind.TOKENS, 10_000_000_000L, Mode.ENFORCE),
                                        new Rate(Rate.Kind.CONCURRENT, 1_000_000, Mode.ENFORCE))),
                        new Claim(
                                new Account(Scope.PRODUCT, team + "/llm_gateway"),
                                NANOS,
                                false,
                                List.of(),
                                List.of(new Rate(Rate.Kind.REQUESTS, 10_000_000, Mode.ENFORCE))),
                        new Claim(
                                new Account(Scope.CREDENTIAL, team + "-key"),
                                NANOS,
                                false,
                                List.of(new Cap(Window.LIFETIME, budget, Mode.ENFORCE)),
                                List.of(new Rate(Rate.Kind.REQUESTS, 10_000_000, Mode.ENFORCE)))));
    }
}
