package com.posthog.aigateway.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Tally;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import com.posthog.aigateway.mock.Failure;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.SampleReceipts;
import com.posthog.aigateway.wire.ControlClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TalliesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(SampleReceipts.NOON);
    private final Metrics metrics = Metrics.create();

    @AfterEach
    void close() {
        metrics.close();
    }

    private Journal journal() {
        var limits = new Journal.Limits(
                Duration.ofDays(7), Duration.ofDays(30), 0, new Journal.Sync.Every(Duration.ofMillis(50)));
        return Journal.open(folder, limits, clock, new Random(1));
    }

    private Tallies tallies(Journal journal) {
        return new Tallies(journal, clock, metrics);
    }

    private Receipt receipt(String credential) {
        var sample = SampleReceipts.bareAt(clock.instant());
        var intent = sample.intent();
        var who = new Intent.Who(credential, "blue", null, null, "max", null, false);
        return new Receipt(
                new Intent(intent.id(), intent.at(), intent.endpoint(), false, who, intent.labels(), "gpt-6-sol", null),
                sample.ending(),
                402,
                "no",
                List.of(),
                sample.reading(),
                sample.cost(),
                sample.latency(),
                null);
    }

    private static Refusal refusal(Reason reason, Scope scope) {
        return new Refusal(reason, "no").by(new Refusal.Limit(new Account(scope, "x"), "24h", "1", "0.9", "0.1"));
    }

    private final Refusal ofTeam = refusal(Reason.BUDGET, Scope.TEAM);

    private static List<Long> counts(Tallies tallies) {
        return tallies.ended().stream().map(Tally.Counted::count).toList();
    }

    @Test
    void countsByCredentialScopeAndMinute() {
        try (var journal = journal()) {
            var tallies = tallies(journal);
            var first = receipt("a");
            tallies.add(first, ofTeam);
            tallies.add(receipt("a"), ofTeam);
            tallies.add(receipt("a"), refusal(Reason.RATE, Scope.TEAM));
            tallies.add(receipt("a"), refusal(Reason.RATE, Scope.CREDENTIAL));
            tallies.add(receipt("b"), ofTeam);
            tallies.add(receipt("b"), new Refusal(Reason.SWITCHED_OFF, "off"));
            assertThat(tallies.ended()).as("the minute goes on").isEmpty();

            clock.pass(MINUTE);
            tallies.add(receipt("a"), ofTeam);

            assertThat(counts(tallies)).containsExactlyInAnyOrder(3L, 1L, 1L, 1L);
            var told = tallies.ended().stream()
                    .filter(counted -> counted.count() == 3)
                    .findFirst()
                    .orElseThrow();
            assertThat(told.counts()).isEqualTo(Map.of("budget", 2L, "rate", 1L));
            assertThat(told.tally().id()).isEqualTo(first.intent().id());
            assertThat(journal.newest(20)).hasSize(7);
            tallies.told(tallies.ended());
            assertThat(tallies.ended()).isEmpty();
            clock.pass(MINUTE);
            assertThat(counts(tallies)).containsExactly(1L);
        }
    }

    @Test
    void losesNothingWhenTheProcessEnds() {
        try (var journal = journal()) {
            var tallies = tallies(journal);
            tallies.add(receipt("a"), ofTeam);
            tallies.add(receipt("a"), ofTeam);
        }

        try (var journal = journal()) {
            var tallies = tallies(journal);
            tallies.add(receipt("a"), ofTeam);

            assertThat(counts(tallies)).containsExactly(2L);
            tallies.end();
            assertThat(counts(tallies)).containsExactlyInAnyOrder(2L, 1L);
        }
    }

    @Test
    void countsExactlyWhileMinutesEndAndAreTold() throws Exception {
        try (var journal = journal();
                var callers = Executors.newFixedThreadPool(8)) {
            var tallies = tallies(journal);
            var asking = new ArrayList<Callable<Void>>();
            for (int i = 0; i < 7; i++) {
                asking.add(() -> {
                    for (int call = 0; call < 500; call++) {
                        tallies.add(receipt("a"), ofTeam);
                    }
                    return null;
                });
            }
            var done = callers.submit(() -> callers.invokeAll(asking));
            long told = 0;
            while (!done.isDone()) {
                clock.pass(MINUTE);
                told += tell(tallies);
            }
            tallies.end();

            assertThat(told + tell(tallies)).isEqualTo(7 * 500);
        }
    }

    private static long tell(Tallies tallies) {
        var ended = tallies.ended();
        tallies.told(ended);
        return ended.stream().mapToLong(Tally.Counted::count).sum();
    }

    @Test
    void isBoundedAndCountsTheRestInTheMetric() {
        try (var journal = journal()) {
            var tallies = tallies(journal);
            for (int i = 0; i < 510; i++) {
                tallies.add(receipt("c" + i), ofTeam);
            }

            clock.pass(MINUTE);

            assertThat(tallies.ended()).hasSize(500);
            assertThat(metrics.prometheus()).contains("aigw_denials_untold_total 10");
            assertThat(journal.newest(600)).hasSize(510);
        }
    }

    @Test
    void saysInTheMetricWhatTheJournalDidNotTake() {
        var journal = journal();
        var tallies = tallies(journal);
        journal.close();

        assertThatThrownBy(() -> tallies.add(receipt("a"), ofTeam)).isInstanceOf(JournalFault.class);

        assertThat(metrics.prometheus()).contains("aigw_denials_untold_total 1");
    }

    @Test
    void isToldOnceWhenPostHogComesBack() {
        try (var sink = Sink.start(0);
                var journal = journal()) {
            var tallies = tallies(journal);
            sink.fail(new Failure("/batch", 503, 2, 0, Duration.ZERO));
            tallies.add(receipt("a"), ofTeam);
            clock.pass(MINUTE);
            try (var lane = new DenialLane(
                    tallies,
                    new GenerationEvent.Settings("ai-gateway", "test", null),
                    new ControlClient(Duration.ofSeconds(3), Duration.ofSeconds(15)),
                    new PlainLane.Place(sink.uri(), "phc_default", "ai-gateway/test"),
                    clock,
                    new Random(2))) {
                assertThat(lane.flush(Duration.ofSeconds(20))).isTrue();
            }

            assertThat(Eventually.get(sink::events, events -> !events.isEmpty()))
                    .singleElement()
                    .satisfies(event -> assertThat(
                                    event.path("properties").path("count").asLong())
                            .isOne());
        }
    }
}
