package com.posthog.aigateway.cluster;

import com.hazelcast.cluster.Member;
import com.posthog.aigateway.cluster.Unreachable.How;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Port;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Several replicas with an embedded Hazelcast: the first ones hold the entries and vote, all others only ask.
///
/// A member whose memory the others may have gone on without gives it up, and joins again with none.
public final class Members implements Cluster {

    private static final Logger LOG = LoggerFactory.getLogger(Members.class);
    private static final String TIME = "cluster/time";
    private static final byte[] NOTHING = new byte[0];
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofSeconds(5);
    private static final Duration FOR_THE_TIME = Duration.ofSeconds(2);
    private static final int TRIES_FOR_THE_TIME = 50;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final Duration BEFORE_JOINING_AGAIN = Duration.ofSeconds(5);
    private static final Duration FOR_WORK_IN_HAND = Duration.ofSeconds(10);

    private final GatewaySettings.Cluster settings;
    private final Tenant tenant;
    private final boolean quorum;
    private final ClusterTime time;
    private final Answers answers = new Answers();
    private final Pulse pulse;
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("cluster-renewal").daemon().factory());
    private final Life.Watcher watcher = new Life.Watcher() {
        @Override
        public void over(Life over, String why) {
            later(() -> renew(over, why));
        }

        @Override
        public void merged(Life merged) {
            later(() -> checkTime(merged));
        }
    };

    private volatile @Nullable Life life;
    private volatile @Nullable Rehearsal rehearsal;
    private volatile UUID self = UUID.randomUUID();
    private volatile boolean closing;

    private Members(GatewaySettings.Cluster settings, Tenant tenant, Time time, boolean quorum) {
        this.settings = settings;
        this.tenant = tenant;
        this.quorum = quorum;
        this.time = new ClusterTime(time);
        this.pulse = new Pulse(this.time::nanos, this::stoodStill);
        answers.give(TIME, _ -> this.time.isKnown() ? Bytes.of(this.time.now()) : NOTHING);
    }

    /// Joins the others, or begins a cluster.
    ///
    /// ClusterFault: it cannot start, or this machine's clock is wrong. UncheckedIOException: the port is taken.
    ///
    /// @param quorum false: entries can be reached without one; for proofs of what that costs
    public static Members join(GatewaySettings.Cluster settings, Tenant tenant, Time time, boolean quorum) {
        var members = new Members(settings, tenant, time, quorum);
        try {
            members.pulse.start();
            members.publish(members.enter());
        } catch (ClusterFault | UncheckedIOException e) {
            members.close();
            throw e;
        }
        return members;
    }

    private Life enter() {
        Port.requireFree(settings.host(), settings.port());
        int stills = pulse.stills();
        var stage = new Stage();
        var place = new Place(this, tenant.context(), answers, stage);
        var born = Life.begin(settings, Blueprint.of(settings, tenant, place, quorum), quorum, watcher);
        try {
            learnTime(born);
        } catch (ClusterFault e) {
            born.drop();
            throw e;
        }
        if (pulse.stills() != stills) {
            born.drop();
            throw new ClusterFault("the process stood still while it joined");
        }
        stage.own = born;
        return born;
    }

    /// A life may decide once it is the present one, until it is over or the process has stood still.
    private final class Stage implements BooleanSupplier {
        private volatile @Nullable Life own;

        @Override
        public boolean getAsBoolean() {
            var born = own;
            return born != null && born == life && !born.isOver() && !pulse.isLate();
        }
    }

    private synchronized void publish(Life born) {
        if (closing) {
            born.drop();
            return;
        }
        life = born;
        self = born.self();
        var rehearsing = new Rehearsal(tenant.rehearsals(), born);
        rehearsal = rehearsing;
        rehearsing.start();
        if (born.isOver()) {
            watcher.over(born, "it was over when it began");
        }
    }

    private void learnTime(Life born) {
        for (int tries = 0; tries < TRIES_FOR_THE_TIME; tries++) {
            var oldest = born.oldest();
            if (oldest.equals(born.self())) {
                if (!time.isKnown()) {
                    time.begin();
                }
                return;
            }
            long asked = time.nanos();
            var answer = born.ask(new Question(TIME, NOTHING), is(oldest), FOR_THE_TIME)
                    .getOrDefault(oldest, NOTHING);
            if (answer.length == Long.BYTES) {
                long underway = TimeUnit.NANOSECONDS.toMillis(time.nanos() - asked) / 2;
                follow(Bytes.toLong(answer) + underway);
                return;
            }
            pause(BETWEEN_TRIES);
        }
        throw new ClusterFault("the oldest member of the cluster does not say its time; is it in trouble?");
    }

    /// Whoever starts with a wrong clock is not let in. Later the wall clock counts for nothing, and is only told.
    private void follow(long theirs) {
        long off = time.wall() - theirs;
        if (Math.abs(off) > CLOCKS_MAY_DIFFER.toMillis()) {
            var what = "this machine's clock is " + Math.abs(off) + " ms " + (off < 0 ? "behind" : "ahead of")
                    + " the cluster's time; replicas may differ by " + CLOCKS_MAY_DIFFER.toMillis()
                    + " ms: set the clock that is wrong, and start again";
            if (!time.isKnown()) {
                throw new ClusterFault(what);
            }
            LOG.error(what);
        }
        time.follow(theirs);
    }

    private void checkTime(Life merged) {
        try {
            learnTime(merged);
        } catch (ClusterFault e) {
            renew(merged, String.valueOf(e.getMessage()));
        }
    }

    private void stoodStill(Duration still) {
        var present = life;
        if (present != null) {
            present.giveUp("the process stood still for " + still.toSeconds() + " s");
        }
    }

    private void later(Runnable work) {
        try {
            renewal.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: nothing is renewed any more");
        }
    }

    private void renew(Life over, String why) {
        if (closing || over != life) {
            return;
        }
        LOG.error("this member joins again without its memory: {}", why);
        drop(over);
        while (!closing) {
            try {
                publish(enter());
                LOG.info("joined again");
                return;
            } catch (ClusterFault | UncheckedIOException e) {
                LOG.error("this member cannot join again yet: {}", e.getMessage());
                pause(BEFORE_JOINING_AGAIN);
            }
        }
    }

    private synchronized void drop(Life over) {
        life = null;
        rehearsal = null;
        over.drop();
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Predicate<Member> is(UUID member) {
        return it -> it.getUuid().equals(member);
    }

    private Life present() {
        var present = life;
        if (present == null) {
            throw new Unreachable(closing ? How.CLOSING : How.NO_QUORUM, null);
        }
        return present;
    }

    @Override
    public UUID self() {
        var present = life;
        return present == null ? self : present.self();
    }

    @Override
    public Set<UUID> living() {
        var present = life;
        return present == null ? Set.of() : present.living();
    }

    @Override
    public int replicas() {
        return Math.max(1, living().size());
    }

    @Override
    public boolean holdsData() {
        return settings.holdsData();
    }

    @Override
    public boolean hasQuorum() {
        var present = life;
        return present != null && present.hasQuorum();
    }

    @Override
    public int quorum() {
        return settings.quorum();
    }

    @Override
    public boolean ready() {
        var rehearsed = rehearsal;
        return life != null && rehearsed != null && rehearsed.isOver();
    }

    @Override
    public long now() {
        return time.now();
    }

    @Override
    public <V, A> A run(String key, Errand<V, A> errand) {
        var present = present();
        if (present.isOver()) {
            throw new Unreachable(How.NO_QUORUM, null);
        }
        try {
            return present.run(key, errand);
        } catch (RuntimeException e) {
            throw Unreachables.of(e, closing);
        }
    }

    @Override
    public Map<UUID, byte[]> ask(String subject, byte[] question, Audience audience, Duration patience) {
        return ask(
                new Question(subject, question),
                switch (audience) {
                    case ALL -> _ -> true;
                    case DATA_MEMBERS -> member -> !member.isLiteMember();
                },
                patience);
    }

    @Override
    public Optional<byte[]> ask(UUID member, String subject, byte[] question, Duration patience) {
        return Optional.ofNullable(
                ask(new Question(subject, question), is(member), patience).get(member));
    }

    private Map<UUID, byte[]> ask(Question question, Predicate<Member> whom, Duration patience) {
        var present = life;
        return present == null ? Map.of() : present.ask(question, whom, patience);
    }

    @Override
    public void answer(String subject, UnaryOperator<byte[]> handler) {
        answers.give(subject, handler);
    }

    @Override
    public Set<String> ownKeys() {
        try {
            return present().ownKeys();
        } catch (RuntimeException e) {
            throw Unreachables.of(e, closing);
        }
    }

    /// Leaves without a word, as if the process had ended; for proofs.
    void kill() {
        settle();
        var last = last();
        if (last != null) {
            last.drop();
        }
    }

    @Override
    public void close() {
        settle();
        var last = last();
        if (last != null) {
            last.leave();
        }
    }

    private void settle() {
        closing = true;
        pulse.stop();
        renewal.shutdownNow();
        try {
            if (!renewal.awaitTermination(FOR_WORK_IN_HAND.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("this member leaves while it joins");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable Life last() {
        var last = life;
        life = null;
        if (rehearsal != null) {
            rehearsal.stop();
        }
        return last;
    }
}
