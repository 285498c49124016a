package com.posthog.aigateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.cluster.Add.Notes;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegisterTest {

    private static final Journal.Limits LIMITS =
            new Journal.Limits(Duration.ofDays(1), Duration.ofDays(1), 0, new Journal.Sync.Always());

    @TempDir
    Path folder;

    private Journal journal(String name) {
        return Journal.open(folder.resolve(name), LIMITS, Clock.systemUTC(), new SecureRandom());
    }

    private static Alone alone() {
        return Alone.start(Add.tenant(new Notes()), Time.of(Clock.systemUTC()));
    }

    @Test
    void keepsFactsAcrossARestart() {
        try (var journal = journal("a");
                var register = Register.open(alone(), journal)) {
            register.set("kill/model/b", "on", "eve");
            register.set("kill/model/a", "on", "eve");
            register.set("killed", "on", "eve");
            register.set("kill/model/a", "off", "adam");
            register.remove("kill/model/b", "adam");
        }

        try (var journal = journal("a");
                var register = Register.open(alone(), journal)) {
            assertThat(register.value("kill/model/a")).hasValue("off");
            assertThat(register.value("kill/model/b")).isEmpty();
            assertThat(register.value("kill/model/c")).isEmpty();
            assertThat(register.facts("kill/"))
                    .singleElement()
                    .satisfies(fact -> assertThat(fact.who()).isEqualTo("adam"));
            register.set("kill/model/b", "on", "eve");
            assertThat(register.value("kill/model/b")).hasValue("on");
        }
    }

    @Test
    void forgetsWhatHasAnEnd() {
        var clock = new FakeClock(Instant.parse("2026-11-28T12:00:00Z"));
        var cluster = Alone.start(Tenant.nobody(), new Time(clock, () -> clock.millis() * 1_000_000));
        try (var journal = journal("a");
                var register = Register.open(cluster, journal)) {
            register.set("open", "1", clock.instant().plusSeconds(60), "eve");
            register.set("removed", "1", clock.instant().plusSeconds(60), "eve");
            register.remove("removed", "adam");
            register.set("for ever", "1", "eve");
            assertThat(register.facts("")).extracting(Fact::name).containsExactly("for ever", "open");

            clock.pass(Duration.ofSeconds(60));

            assertThat(register.value("open")).isEmpty();
            assertThat(register.facts("")).extracting(Fact::name).containsExactly("for ever");
            assertThat(journal.facts()).hasSize(3);
            clock.pass(Duration.ofMinutes(10));
            assertThat(Eventually.get(journal::facts, facts -> facts.size() == 1))
                    .extracting(Fact::name)
                    .containsExactly("for ever");
        }
    }

    @Test
    void tellsListenersOfEachChange() {
        var heard = new ConcurrentLinkedQueue<String>();
        var cluster = alone();
        try (var journal = journal("a");
                var register = Register.open(cluster, journal)) {
            register.listen(fact -> heard.add(fact.name() + "=" + fact.value()));

            assertThat(register.set("a", "1", "eve")).containsExactly(cluster.self());
            register.remove("a", "eve");
        }

        assertThat(heard).containsExactly("a=1", "a=null");
    }

    @Test
    void letsTheHighestVersionWin() {
        var at = Instant.parse("2026-11-25T12:00:00Z");
        var one = new Fact("a", "x", 5, "eve", at);

        assertThat(new Fact("a", "a", 6, "eve", at).beats(one)).isTrue();
        assertThat(new Fact("a", "y", 5, "eve", at).beats(one)).isTrue();
        assertThat(new Fact("a", "w", 5, "eve", at).beats(one)).isFalse();
        assertThat(new Fact("a", null, 5, "eve", at).beats(one)).isFalse();
        assertThat(new Fact("a", null, 6, "eve", at).beats(one)).isTrue();
        assertThat(one.beats(one)).isFalse();
    }

    @Test
    void bringsEveryChangeToEveryoneAlsoToWhoWasAway() {
        try (var town = new Town(3, 1);
                var first = journal("first");
                var second = journal("second");
                var third = journal("third")) {
            third.put(new Fact("old", "of the third", 1, "eve", Instant.EPOCH));
            third.put(new Fact("both", "of the third", Long.MAX_VALUE, "eve", Instant.EPOCH));
            town.start(0);
            town.start(1);
            town.await(2);
            try (var one = Register.open(town.get(0), first);
                    var two = Register.open(town.get(1), second)) {
                assertThat(one.set("a", "1", "eve"))
                        .containsExactlyInAnyOrderElementsOf(town.get(0).living());
                assertThat(two.value("a")).as("at once").hasValue("1");
                var end = Instant.ofEpochMilli(town.get(0).now()).plusSeconds(3_600);
                one.set("ends", "1", end, "eve");
                assertThat(two.facts("ends")).extracting(Fact::until).containsExactly(end);
                two.remove("ends", "eve");
                two.set("both", "of the second", "adam");
                two.remove("a", "adam");
                assertThat(one.value("a")).isEmpty();

                town.start(2);
                try (var three = Register.open(town.get(2), third)) {
                    var all = Map.of("old", "of the third", "both", "of the third");
                    for (var register : List.of(one, two, three)) {
                        all.forEach((name, value) -> assertThat(
                                        Eventually.get(() -> register.value(name), Optional.of(value)::equals))
                                .hasValue(value));
                        assertThat(register.facts("")).hasSize(2);
                    }
                    assertThat(first.facts()).isEqualTo(second.facts()).isEqualTo(third.facts());
                }
            }
        }
    }

    @Test
    void reachesWhoDidNotHear() {
        try (var town = new Town(2, 1);
                var first = journal("first");
                var second = journal("second")) {
            town.start(0);
            try (var one = Register.open(town.get(0), first)) {
                town.start(1);
                assertThat(one.set("a", "1", "eve")).containsExactly(town.get(0).self());
                try (var two = Register.open(town.get(1), second)) {
                    assertThat(two.value("a")).hasValue("1");
                    second.put(new Fact("late", "2", 1, "eve", Instant.EPOCH));
                }
            }
            assertThat(second.facts()).hasSize(2);
        }
    }
}
