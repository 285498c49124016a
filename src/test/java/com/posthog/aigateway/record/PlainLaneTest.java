package com.posthog.aigateway.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.mock.Failure;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.telemetry.CallLog;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.SampleReceipts;
import com.posthog.aigateway.wire.ControlClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class PlainLaneTest {

    private static final Instant NOON = SampleReceipts.NOON;
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(NOON);
    private final Sink sink = Sink.start(0);

    @AfterEach
    void close() {
        sink.close();
    }

    private Journal journal() {
        var limits = new Journal.Limits(
                Duration.ofDays(7), Duration.ofDays(30), 1 << 30, new Journal.Sync.Every(Duration.ofMillis(50)));
        return Journal.open(folder, limits, clock, new Random(1));
    }

    private PlainLane lane(Journal journal) {
        return lane(journal, sink.uri());
    }

    private PlainLane lane(Journal journal, URI host) {
        return new PlainLane(
                journal,
                new GenerationEvent(new GenerationEvent.Settings("ai-gateway", "test", null)),
                new ControlClient(Duration.ofSeconds(3), Duration.ofSeconds(15)),
                new PlainLane.Place(host, "phc_default", "ai-gateway/test"),
                clock,
                new Random(2));
    }

    /// The n-th call; calls are in the order of their numbers.
    private static Receipt receipt(int n) {
        return SampleReceipts.fullAt(NOON.plusMillis(n));
    }

    private static List<UUID> write(Journal journal, int many) {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < many; i++) {
            ids.add(write(journal, receipt(i)));
        }
        return ids;
    }

    private static UUID write(Journal journal, Receipt receipt) {
        journal.write(receipt, new Content("{\"messages\":[]}".getBytes(UTF_8), "{}".getBytes(UTF_8)), true);
        return receipt.intent().id();
    }

    private List<UUID> arrived() {
        return sink.events().stream()
                .map(event -> UUID.fromString(event.path("uuid").asText()))
                .toList();
    }

    @Test
    void deliversEachEventOnceInOrder() {
        try (var journal = journal()) {
            var ids = write(journal, 250);

            try (var lane = lane(journal)) {
                assertThat(lane.flush(LONG)).isTrue();
                assertThat(lane.delivered()).isEqualTo(250);
            }

            assertThat(arrived()).isEqualTo(ids);
        }
    }

    @Test
    void isWokenByANewEvent() {
        try (var journal = journal();
                var lane = lane(journal)) {
            var id = write(journal, receipt(0));

            lane.wake();

            Eventually.get(this::arrived, List.of(id)::equals);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 500, 429, 408})
    void triesAgainWithTheSameEventsUntilTheSinkIsUp(int status) {
        sink.fail(Failure.of(status, 3));
        try (var journal = journal()) {
            var ids = write(journal, 5);

            try (var lane = lane(journal)) {
                assertThat(lane.flush(LONG)).isTrue();
                assertThat(lane.dropped()).isZero();
            }

            assertThat(arrived()).isEqualTo(ids);
        }
    }

    @Test
    void keepsEverythingWhileNobodyIsThere() {
        var nowhere = Sink.start(0);
        var uri = nowhere.uri();
        nowhere.close();
        List<UUID> ids;
        try (var journal = journal()) {
            ids = write(journal, 3);
            try (var lane = lane(journal, uri)) {
                assertThat(lane.flush(Duration.ofMillis(300))).isFalse();
                assertThat(lane.dropped()).isZero();
            }
        }

        try (var journal = journal();
                var lane = lane(journal)) {
            assertThat(lane.flush(LONG)).isTrue();
            assertThat(arrived()).isEqualTo(ids);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {413, 400})
    void splitsABatchThatIsRefused(int status) {
        sink.fail(Failure.of(status, 1));
        try (var journal = journal()) {
            var ids = write(journal, 7);

            try (var lane = lane(journal)) {
                assertThat(lane.flush(LONG)).isTrue();
                assertThat(lane.dropped()).isZero();
                assertThat(lane.delivered()).isEqualTo(7);
            }

            assertThat(arrived()).isEqualTo(ids);
        }
    }

    @Test
    void dropsTheOneThatIsPoisonousAndDeliversTheRest() {
        sink.fail(Failure.of(400, 2));
        try (var journal = journal()) {
            var ids = write(journal, 4);

            try (var lane = lane(journal)) {
                assertThat(lane.flush(LONG)).isTrue();
                assertThat(lane.dropped()).isOne();
            }

            assertThat(arrived()).isEqualTo(ids.subList(1, 4));
            assertThat(journal.receipt(ids.getFirst())).isPresent();
        }
    }

    @Test
    void dropsWhatIsRefusedForGood() {
        sink.fail(Failure.of(401, 1));
        try (var journal = journal()) {
            write(journal, 3);

            try (var lane = lane(journal)) {
                assertThat(lane.flush(LONG)).isTrue();
                assertThat(lane.dropped()).isEqualTo(3);
            }

            assertThat(sink.events()).isEmpty();
        }
    }

    @Test
    void sendsEachTokensEventsOnTheirOwn() {
        // One batch fails and is split; the other is not touched by it.
        sink.fail(Failure.of(401, 1));
        try (var journal = journal()) {
            write(journal, withToken(receipt(0), "phc_first"));
            var second = write(journal, withToken(receipt(1), null));
            write(journal, withToken(receipt(2), "phc_first"));
            var fourth = write(journal, withToken(receipt(3), null));

            try (var lane = lane(journal)) {
                assertThat(lane.flush(LONG)).isTrue();
                assertThat(lane.dropped()).isEqualTo(2);
            }

            assertThat(arrived()).containsExactly(second, fourth);
        }
    }

    private static Receipt withToken(Receipt receipt, @Nullable String token) {
        var intent = receipt.intent();
        var who = intent.who();
        return SampleReceipts.of(new Intent(
                intent.id(),
                intent.at(),
                intent.endpoint(),
                intent.stream(),
                new Intent.Who(
                        who.credential(),
                        who.team(),
                        who.posthogTeamId(),
                        who.user(),
                        who.product(),
                        token,
                        who.recordsContent()),
                intent.labels(),
                intent.model(),
                intent.serving()));
    }

    @Test
    void carriesMoreThanItHoldsAtATime() {
        try (var journal = journal()) {
            var ids = new ArrayList<UUID>();
            var text = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(3 << 20) + "\"}]}";
            for (int i = 0; i < 9; i++) {
                var receipt = receipt(i);
                journal.write(receipt, new Content(text.getBytes(UTF_8), "{}".getBytes(UTF_8)), true);
                ids.add(receipt.intent().id());
            }

            try (var lane = lane(journal)) {
                assertThat(lane.flush(LONG)).isTrue();
            }

            assertThat(arrived()).isEqualTo(ids);
        }
    }

    @Test
    void makesOneLostReceiptOfEachOpenIntent() {
        var open = SampleReceipts.intentAt(NOON);
        var other = SampleReceipts.intentAt(NOON.plusMillis(5));
        try (var journal = journal()) {
            journal.intend(open);
            journal.intend(other);
            journal.write(SampleReceipts.of(other), Content.NONE, false);
        }
        clock.pass(Duration.ofMinutes(1));

        try (var journal = journal();
                var metrics = Metrics.create();
                var lane = lane(journal)) {
            var receipts = new Receipts(
                    journal,
                    lane,
                    new CallLog(),
                    new CallFigures(metrics),
                    new Tallies(journal, clock, metrics),
                    clock);

            assertThat(receipts.recover()).isOne();
            assertThat(receipts.recover()).isZero();

            assertThat(journal.receipt(open.id())).hasValueSatisfying(lost -> {
                assertThat(lost.ending()).isEqualTo(Ending.LOST);
                assertThat(lost.latency()).isEqualTo(Duration.ofMinutes(1));
                assertThat(lost.cost())
                        .isEqualTo(Objects.requireNonNull(open.serving()).estimate());
            });
            assertThat(lane.flush(LONG)).isTrue();
            assertThat(sink.events())
                    .extracting((JsonNode event) -> event.path("uuid").asText())
                    .containsExactly(open.id().toString());
        }
    }
}
