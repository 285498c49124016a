package com.posthog.aigateway.cluster;

import com.hazelcast.cluster.InitialMembershipEvent;
import com.hazelcast.cluster.InitialMembershipListener;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import com.hazelcast.map.IMap;
import com.posthog.aigateway.config.GatewaySettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One life of the embedded member, from joining to leaving. Its memory goes with it.
final class Life implements InitialMembershipListener, LifecycleListener {

    /// Who hears what happens to a life, in whichever thread.
    interface Watcher {
        /// Its memory must not be used any more.
        void over(Life life, String why);

        /// It has come from a cluster of its own into a larger one.
        void merged(Life life);
    }

    /// Who is there, the oldest first.
    private record View(List<Member> members, Set<UUID> living, int data) {
        static final View NOBODY = new View(List.of(), Set.of(), 0);

        static View of(Collection<Member> members) {
            return new View(
                    List.copyOf(members),
                    members.stream().map(Member::getUuid).collect(Collectors.toUnmodifiableSet()),
                    dataMembers(members));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Life.class);

    private final GatewaySettings.Cluster settings;
    private final boolean quorum;
    private final Watcher watcher;
    private final HazelcastInstance instance;
    private final IMap<String, Object> entries;
    private final IExecutorService questions;
    private volatile View view = View.NOBODY;
    private volatile boolean hadQuorum;
    private volatile boolean leaving;
    private volatile @Nullable String over;

    private Life(GatewaySettings.Cluster settings, boolean quorum, Watcher watcher, HazelcastInstance instance) {
        this.settings = settings;
        this.quorum = quorum;
        this.watcher = watcher;
        this.instance = instance;
        this.entries = instance.getMap(Blueprint.LEDGER);
        this.questions = instance.getExecutorService(Blueprint.QUESTIONS);
    }

    /// Joins the others, or begins a cluster. ClusterFault: it cannot.
    static Life begin(GatewaySettings.Cluster settings, Config config, boolean quorum, Watcher watcher) {
        HazelcastInstance instance;
        try {
            instance = Hazelcast.newHazelcastInstance(config);
        } catch (RuntimeException e) {
            throw new ClusterFault("this member cannot start: " + e.getMessage(), e);
        }
        var life = new Life(settings, quorum, watcher, instance);
        try {
            instance.getLifecycleService().addLifecycleListener(life);
            instance.getCluster().addMembershipListener(life);
        } catch (HazelcastInstanceNotActiveException e) {
            throw new ClusterFault("this member was not let in", e);
        }
        return life;
    }

    static int dataMembers(Collection<Member> members) {
        int count = 0;
        for (var member : members) {
            count += member.isLiteMember() ? 0 : 1;
        }
        return count;
    }

    @Override
    public void init(InitialMembershipEvent event) {
        see(event.getMembers());
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        see(event.getMembers());
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
        see(event.getMembers());
    }

    private void see(Collection<Member> members) {
        var seen = View.of(members);
        view = seen;
        LOG.info("sees {} replicas; {} of {} data members", seen.living().size(), seen.data(), settings.dataMembers());
        if (seen.data() >= settings.quorum()) {
            hadQuorum = true;
        } else if (hadQuorum) {
            giveUp("it has lost the quorum: " + seen.data() + " of " + settings.dataMembers()
                    + " data members are left");
        }
    }

    @Override
    public void stateChanged(LifecycleEvent event) {
        switch (event.getState()) {
            case MERGING -> {
                if (hadQuorum) {
                    giveUp("it merges into another cluster");
                }
            }
            case MERGED -> watcher.merged(this);
            case SHUTDOWN -> end("Hazelcast has shut itself down");
            case STARTING, STARTED, SHUTTING_DOWN, MERGE_FAILED, CLIENT_CONNECTED, CLIENT_DISCONNECTED -> {}
            case CLIENT_CHANGED_CLUSTER -> {}
        }
    }

    /// Only a member that holds data has a memory to give up, and only if others may have gone on without it.
    void giveUp(String why) {
        if (quorum && settings.holdsData() && settings.dataMembers() > 1) {
            end(why);
        }
    }

    private void end(String why) {
        if (!leaving && over == null) {
            over = why;
            watcher.over(this, why);
        }
    }

    boolean isOver() {
        return over != null;
    }

    UUID self() {
        return instance.getLocalEndpoint().getUuid();
    }

    Set<UUID> living() {
        return view.living();
    }

    /// As Hazelcast itself sees it, which notices a moment after us.
    boolean hasQuorum() {
        if (over != null || view.data() == 0) {
            return false;
        }
        return !quorum
                || instance.getSplitBrainProtectionService()
                        .getSplitBrainProtection(Blueprint.QUORUM)
                        .hasMinimumSize();
    }

    /// Whether every entry is on all the members that are to have it.
    boolean isSafe() {
        return instance.getPartitionService().isClusterSafe();
    }

    @SuppressWarnings("unchecked") // What lies at a key was put there by errands of its kind.
    <V, A> A run(String key, Errand<V, A> errand) {
        return ((IMap<String, V>) (IMap<String, ?>) entries).executeOnKey(key, new Trip<>(errand, true));
    }

    void empty(String key) {
        entries.delete(key);
    }

    Set<String> ownKeys() {
        return entries.localKeySet();
    }

    /// Whether a key is held by this member.
    boolean holds(String key) {
        var owner = instance.getPartitionService().getPartition(key).getOwner();
        return owner != null && owner.localMember();
    }

    /// The member that has been there longest.
    UUID oldest() {
        var members = view.members();
        return members.isEmpty() ? self() : members.getFirst().getUuid();
    }

    Map<UUID, byte[]> ask(Question question, Predicate<Member> whom, Duration patience) {
        var wait = new Wait(patience);
        var answers = new HashMap<UUID, byte[]>();
        send(question, view.members().stream().filter(whom).toList())
                .forEach((member, coming) -> wait.answer(question.subject(), member.getUuid(), coming)
                        .ifPresent(answer -> answers.put(member.getUuid(), answer)));
        return answers;
    }

    private Map<Member, Future<byte[]>> send(Question question, List<Member> whom) {
        try {
            return whom.isEmpty() ? Map.of() : questions.submitToMembers(question, whom);
        } catch (HazelcastInstanceNotActiveException | RejectedExecutionException e) {
            return Map.of();
        }
    }

    /// What it holds goes to others first, for a minute at most.
    void leave() {
        leaving = true;
        instance.getLifecycleService().shutdown();
    }

    /// At once; what it holds is gone.
    void drop() {
        leaving = true;
        instance.getLifecycleService().terminate();
    }
}
