package com.posthog.aigateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.posthog.aigateway.cluster.Cluster.Audience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What holds of a cluster of any size, seen from each of its replicas. No test disturbs another.
@Timeout(60)
abstract class ClusterContract {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// The same replicas for all tests.
    abstract List<? extends Cluster> replicas();

    /// How many of them hold data: the first ones.
    abstract int dataMembers();

    private final String key = "key-" + UUID.randomUUID();

    @Test
    void runsErrandsFromEverywhereAtOneEntry() {
        long expected = 0;
        for (var replica : replicas()) {
            expected += 5;

            assertThat(replica.run(key, new Add(5))).isEqualTo(Long.toString(expected));
        }
    }

    @Test
    void losesNothingOfWhatManyAddAtOnce() throws Exception {
        var replicas = replicas();
        int callers = 8;
        int each = 25;
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                var replica = replicas.get(i % replicas.size());
                var _ = pool.submit(() -> {
                    for (int n = 0; n < each; n++) {
                        replica.run(key, new Add(1));
                    }
                });
            }
        }

        assertThat(replicas.getFirst().run(key, new Add(1))).isEqualTo(Integer.toString(callers * each + 1));
    }

    @Test
    void passesOnWhatAnErrandThrowsAndKeepsTheEntry() {
        for (var replica : replicas()) {
            assertThatThrownBy(() -> replica.run(key, new Add(-1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("below zero: -1");
        }

        assertThat(replicas().getFirst().run(key, new Add(2))).isEqualTo("2");
    }

    @Test
    void forgetsAnEntryThatWasSetToNothing() {
        replicas().getFirst().run(key, new Add(2));
        assertThat(owners(key)).hasSize(1);

        replicas().getFirst().run(key, new Add(-2));

        assertThat(owners(key)).isEmpty();
    }

    private List<Cluster> owners(String key) {
        return replicas().stream()
                .filter(replica -> replica.ownKeys().contains(key))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Test
    void seesAllReplicasAlike() {
        var selves = replicas().stream().map(Cluster::self).collect(Collectors.toSet());

        assertThat(selves).hasSize(replicas().size());
        assertThat(replicas()).allSatisfy(replica -> {
            assertThat(replica.living()).isEqualTo(selves);
            assertThat(replica.replicas()).isEqualTo(selves.size());
            assertThat(replica.hasQuorum()).isTrue();
            assertThat(replica.ready()).isTrue();
        });
        assertThat(replicas().stream().filter(Cluster::holdsData)).hasSize(dataMembers());
    }

    @Test
    void tellsOneTime() {
        long wall = System.currentTimeMillis();

        assertThat(replicas()).allSatisfy(replica -> assertThat(replica.now()).isCloseTo(wall, within(2_000L)));
    }

    @Test
    void asksAllOrThoseThatHoldData() {
        var names = new HashMap<UUID, String>();
        for (var replica : replicas()) {
            var name = "n" + names.size();
            names.put(replica.self(), name);
            replica.answer(key, question -> (new String(question, UTF_8) + " " + name).getBytes(UTF_8));
        }
        var data = replicas().stream()
                .filter(Cluster::holdsData)
                .map(Cluster::self)
                .toList();

        for (var replica : replicas()) {
            assertThat(texts(replica.ask(key, "hi".getBytes(UTF_8), Audience.ALL, PATIENCE)))
                    .hasSize(names.size())
                    .allSatisfy((member, answer) -> assertThat(answer).isEqualTo("hi " + names.get(member)));
            assertThat(replica.ask(key, new byte[0], Audience.DATA_MEMBERS, PATIENCE))
                    .containsOnlyKeys(data);
            assertThat(replica.ask(data.getFirst(), key, "you".getBytes(UTF_8), PATIENCE))
                    .map(answer -> new String(answer, UTF_8))
                    .hasValue("you " + names.get(data.getFirst()));
            assertThat(replica.ask(UUID.randomUUID(), key, new byte[0], PATIENCE))
                    .isEmpty();
        }
    }

    private static Map<UUID, String> texts(Map<UUID, byte[]> answers) {
        return answers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, answer -> new String(answer.getValue(), UTF_8)));
    }

    @Test
    void missesWhoFailsOrIsLate() {
        var asked = replicas().getLast();
        var forever = new CountDownLatch(1);
        for (var replica : replicas()) {
            replica.answer(key + "/late", question -> {
                waitFor(forever);
                return question;
            });
            replica.answer(key + "/fails", _ -> {
                throw new IllegalStateException("no answer today");
            });
        }

        assertThat(asked.ask(key + "/late", new byte[0], Audience.ALL, Duration.ofMillis(50)))
                .isEmpty();
        assertThat(asked.ask(key + "/fails", new byte[0], Audience.ALL, PATIENCE))
                .isEmpty();
        assertThat(asked.ask(key + "/unheard-of", new byte[0], Audience.ALL, PATIENCE))
                .isEmpty();
        forever.countDown();
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
