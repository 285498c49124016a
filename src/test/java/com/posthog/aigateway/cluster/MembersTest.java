package com.posthog.aigateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.posthog.aigateway.cluster.Cluster.Audience;
import com.posthog.aigateway.cluster.Unreachable.How;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.GatewaySettings.Mode;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FreePorts;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Members that come, go, stand still and come back.
@Timeout(60)
class MembersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static How how(Cluster cluster, String key) {
        try {
            cluster.run(key, new Add(1));
            throw new AssertionError("it was reached");
        } catch (Unreachable e) {
            return e.how();
        }
    }

    /// The answer, once what comes and goes has settled.
    private static String eventually(Cluster cluster, String key, long amount) {
        return Eventually.get(
                Town.PATIENCE,
                () -> {
                    try {
                        return cluster.run(key, new Add(amount));
                    } catch (Unreachable e) {
                        return e.toString();
                    }
                },
                answer -> !answer.contains("Unreachable"));
    }

    @Test
    void goesOnWithoutOneOfThreeAndStartsAfreshWithoutTwo() {
        try (var town = Town.open(4, 3)) {
            var lite = town.get(3);
            lite.run("a", new Add(7));

            town.kill(0);

            assertThat(eventually(lite, "a", 0)).isEqualTo("7");
            town.await(3);
            assertThat(lite.hasQuorum()).isTrue();

            var last = town.get(2);
            var before = last.self();
            town.kill(1);

            assertThat(Eventually.get(Town.PATIENCE, last::self, self -> !self.equals(before)))
                    .isNotEqualTo(before);
            assertThat(Eventually.get(Town.PATIENCE, lite::replicas, count -> count == 2))
                    .isEqualTo(2);
            assertThat(how(last, "a")).isEqualTo(How.NO_QUORUM);
            assertThat(how(lite, "a")).isEqualTo(How.NO_QUORUM);
            assertThat(lite.hasQuorum()).isFalse();
            lite.answer("there", question -> question);
            last.answer("there", question -> question);
            assertThat(lite.ask("there", new byte[1], Audience.ALL, PATIENCE)).hasSize(2);
            assertThat(last.ask("there", new byte[1], Audience.DATA_MEMBERS, PATIENCE))
                    .hasSize(1);

            town.start(0);
            town.await(3);
            assertThat(eventually(lite, "a", 1)).as("nothing of the old memory").isEqualTo("1");
        }
    }

    @Test
    void hasNoDataMemberUntilTheOneComesBack() {
        try (var town = Town.open(2, 1)) {
            var lite = town.get(1);
            lite.run("a", new Add(7));

            town.leave(0);

            assertThat(Eventually.get(Town.PATIENCE, lite::hasQuorum, has -> !has))
                    .isFalse();
            assertThat(how(lite, "a")).isIn(How.NO_QUORUM, How.NO_DATA_MEMBER);
            assertThat(lite.ownKeys()).isEmpty();

            town.start(0);
            assertThat(eventually(lite, "a", 1)).isEqualTo("1");
        }
    }

    @Test
    void leavesWithoutTakingAnythingAlong() {
        try (var town = Town.open(3, 3)) {
            for (int i = 0; i < 30; i++) {
                town.get(0).run("key-" + i, new Add(i + 1));
            }

            town.leave(0);

            for (int i = 0; i < 30; i++) {
                assertThat(eventually(town.get(1), "key-" + i, 0)).isEqualTo(Integer.toString(i + 1));
            }
        }
    }

    @Test
    void givesUpItsMemoryAfterStandingStill() {
        try (var town = Town.open(4, 3)) {
            var frozen = town.get(0);
            var before = frozen.self();
            town.get(1).run("a", new Add(7));

            town.stop(0, Duration.ofSeconds(40));

            assertThat(Eventually.get(Town.PATIENCE, frozen::self, self -> !self.equals(before)))
                    .isNotEqualTo(before);
            town.await(4);
            assertThat(frozen.now())
                    .as("the cluster's time")
                    .isCloseTo(town.get(1).now(), within(1_500L));
            assertThat(eventually(town.get(1), "a", 0)).isEqualTo("7");
            assertThat(eventually(frozen, "a", 1)).isEqualTo("8");
        }
    }

    @Test
    void decidesNothingBetweenStandingStillAndNoticing() {
        try (var town = Town.open(3, 3)) {
            var frozen = town.get(0);
            var key = keyOf(frozen);
            int decided = town.notes.getFirst().decided.size();
            var before = frozen.self();

            town.stop(0, Duration.ofSeconds(40));

            assertThat(eventually(town.get(1), key, 1)).isEqualTo("2");
            assertThat(Eventually.get(Town.PATIENCE, frozen::self, self -> !self.equals(before)))
                    .isNotEqualTo(before);
            assertThat(town.notes.getFirst().decided.stream().skip(decided)).noneMatch(note -> note.startsWith(key));
        }
    }

    private static String keyOf(Cluster member) {
        while (true) {
            var key = UUID.randomUUID().toString();
            member.run(key, new Add(1));
            if (member.ownKeys().contains(key)) {
                return key;
            }
        }
    }

    @Test
    void refusesAClockThatIsWrong() {
        try (var town = new Town(2, 1)) {
            town.start(0);

            var slow = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-7));
            assertThatThrownBy(() -> town.start(1, slow))
                    .isInstanceOf(ClusterFault.class)
                    .hasMessageMatching("this machine's clock is [67]\\d{3} ms behind the cluster's time; .*");

            var near = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(4));
            long now = town.start(1, near).now();
            assertThat(now - System.currentTimeMillis())
                    .as("the cluster's time")
                    .isBetween(-1_500L, 1_500L);
        }
    }

    @Test
    void refusesAHostThatIsNotHere() {
        var settings = new GatewaySettings.Cluster(
                Mode.DNS, "test", "192.0.2.1", FreePorts.take(1).getFirst(), List.of(), 1, "localhost", "gateway-0");

        assertThatThrownBy(() -> Members.join(settings, Tenant.nobody(), Time.of(Clock.systemUTC()), true))
                .hasMessageContaining("192.0.2.1");
    }

    @Test
    void startsBehindAName() {
        var settings = new GatewaySettings.Cluster(
                Mode.DNS, "test", "127.0.0.1", FreePorts.take(1).getFirst(), List.of(), 1, "localhost", "gateway-0");
        var member = Members.join(settings, Add.tenant(new Add.Notes()), Time.of(Clock.systemUTC()), true);
        try {
            assertThat(Eventually.get(Town.PATIENCE, member::ready, ready -> ready))
                    .isTrue();
            assertThat(member.run("a", new Add(1))).isEqualTo("1");
        } finally {
            member.close();
        }
    }

    @Test
    void canBeToldToDoWithoutAQuorum() {
        try (var town = new Town(3, 3)) {
            var reckless = Members.join(
                    town.settings(0), Add.tenant(town.notes.getFirst()), Time.of(Clock.systemUTC()), false);
            try {
                assertThat(reckless.run("a", new Add(1))).isEqualTo("1");
                assertThat(reckless.hasQuorum()).isTrue();
            } finally {
                reckless.close();
            }
        }
    }
}
