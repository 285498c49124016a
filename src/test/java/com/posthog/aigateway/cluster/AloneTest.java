package com.posthog.aigateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.cluster.Add.Notes;
import com.posthog.aigateway.testing.FakeClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AloneTest extends ClusterContract {

    private final List<Alone> alone = List.of(Alone.start(Add.tenant(new Notes()), Time.of(Clock.systemUTC())));

    @Override
    List<Alone> replicas() {
        return alone;
    }

    @Override
    int dataMembers() {
        return 1;
    }

    @Test
    void goesByWhatPassesAndNotByTheWall() {
        var wall = new FakeClock(Instant.parse("2026-11-25T12:00:00Z"));
        var nanos = new AtomicLong(-7);
        var cluster = Alone.start(Tenant.nobody(), new Time(wall, nanos::get));

        wall.pass(Duration.ofDays(1));
        nanos.addAndGet(Duration.ofMillis(1500).toNanos());

        assertThat(cluster.now())
                .isEqualTo(Instant.parse("2026-11-25T12:00:01.500Z").toEpochMilli());
    }

    @Test
    void isClosedForErrandsWhenItHasLeft() {
        var cluster = alone.getFirst();
        cluster.close();

        assertThatThrownBy(() -> cluster.run("key", new Add(1)))
                .isInstanceOfSatisfying(
                        Unreachable.class, e -> assertThat(e.how()).isEqualTo(Unreachable.How.CLOSING));
        assertThat(cluster.ready()).isFalse();
    }
}
