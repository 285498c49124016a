package com.posthog.aigateway.journal;

import static com.posthog.aigateway.testing.SampleReceipts.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.journal.Journal.Limits;
import com.posthog.aigateway.journal.Journal.Sync;
import com.posthog.aigateway.testing.SampleReceipts;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalTest {

    private static final Sync OFTEN = new Sync.Every(Duration.ofMillis(50));
    private static final Limits LIMITS = new Limits(Duration.ofDays(30), Duration.ofDays(30), 1 << 30, OFTEN);
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);

    @TempDir
    Path folder;

    static Journal open(Path folder) {
        return open(folder, LIMITS);
    }

    private static Journal open(Path folder, Limits limits) {
        return Journal.open(folder, limits, CLOCK, new SecureRandom());
    }

    @Test
    void keepsItsNumberAndTheFactsOfOperators() {
        var first = new Fact("kill/model/gpt-5.4", "on", 1, "eve", NOON);
        var second = new Fact("kill/model/gpt-5.4", null, 2, "eve", NOON.plusNanos(1));
        var other = new Fact("refill/team/7", "12.5", 1, "adam", NOON);
        long id;
        try (var journal = open(folder)) {
            id = journal.id();
            journal.put(first);
            journal.put(other);
            journal.put(second);
        }

        try (var journal = open(folder);
                var stranger = open(folder.resolve("stranger"))) {
            assertThat(journal.facts()).containsExactly(second, other);
            assertThat(journal.id()).isEqualTo(id).isNotEqualTo(stranger.id());
            assertThat(stranger.facts()).isEmpty();
        }
        try (var reading = Journal.openReadOnly(folder, CLOCK)) {
            assertThat(reading.id()).isEqualTo(id);
        }
    }

    @Test
    void givesBackEveryFieldAfterReopening() {
        var full = SampleReceipts.fullAt(NOON);
        var bare = SampleReceipts.bareAt(NOON);
        try (var journal = open(folder)) {
            journal.write(full, Content.NONE, false);
            journal.write(bare, Content.NONE, false);
        }

        try (var journal = open(folder)) {
            assertThat(journal.receipt(full.intent().id())).contains(full);
            assertThat(journal.receipt(bare.intent().id())).contains(bare);
            assertThat(journal.receipt(UUID.randomUUID())).isEmpty();
        }
    }

    @Test
    void keepsAnIntentUntilItsReceiptComes() {
        var receipt = SampleReceipts.fullAt(NOON);
        var lost = SampleReceipts.intentAt(NOON.plusSeconds(1));
        try (var journal = open(folder)) {
            journal.intend(receipt.intent());
            journal.intend(lost);
            assertThat(journal.unfinished()).containsExactly(receipt.intent(), lost);

            journal.write(receipt, Content.NONE, false);
        }

        try (var journal = open(folder)) {
            assertThat(journal.unfinished()).containsExactly(lost);
            assertThat(journal.receipt(lost.id())).isEmpty();
            assertThat(journal.receipt(receipt.intent().id())).isPresent();
        }
    }

    @Test
    void keepsContentBesideTheReceiptAndOnlyWhereThereIsSome() {
        var spoken = SampleReceipts.fullAt(NOON);
        var silent = SampleReceipts.fullAt(NOON);
        try (var journal = open(folder)) {
            journal.write(spoken, new Content("ask".getBytes(UTF_8), new byte[] {0, -1, 13}), true);
            journal.write(silent, Content.NONE, true);

            assertThat(journal.content(silent.intent().id())).isEmpty();
            assertThat(journal.content(spoken.intent().id())).hasValueSatisfying(content -> {
                assertThat(content.request()).asString(UTF_8).isEqualTo("ask");
                assertThat(content.answer()).containsExactly(0, -1, 13);
            });
        }
    }

    @Test
    void keepsNamesThatAreNoText() {
        var intent = SampleReceipts.intentAt(NOON);
        var odd = new Intent(
                intent.id(), NOON, Endpoint.RESPONSES, false, intent.who(), Labels.NONE, "\uD800 \0\u2028", null);
        try (var journal = open(folder)) {
            journal.intend(odd);

            assertThat(journal.unfinished()).containsExactly(odd);
        }
    }

    @Test
    void pagesThroughWhatIsUndelivered() {
        try (var journal = open(folder)) {
            var ids = new ArrayList<UUID>();
            for (int i = 0; i < 5; i++) {
                ids.add(write(journal, NOON.plusSeconds(i), true));
            }
            write(journal, NOON, false);

            assertThat(journal.undelivered(null, 3)).isEqualTo(ids.subList(0, 3));
            assertThat(journal.undelivered(ids.get(2), 3)).isEqualTo(ids.subList(3, 5));

            journal.delivered(ids.subList(0, 4));
            assertThat(journal.undelivered(null, 3)).containsExactly(ids.get(4));
        }
    }

    @Test
    void findsAnUndeliveredCallThatArrivedBeforeThoseDelivered() {
        try (var journal = open(folder)) {
            journal.delivered(List.of(write(journal, NOON, true)));
            assertThat(journal.undelivered(null, 10)).isEmpty();

            var slow = write(journal, NOON.minusSeconds(600), true);

            assertThat(journal.undelivered(null, 10)).containsExactly(slow);
        }
    }

    @Test
    void showsTheNewestFirst() {
        try (var journal = open(folder)) {
            var ids = new ArrayList<UUID>();
            for (int i = 0; i < 5; i++) {
                ids.addFirst(write(journal, NOON.plusSeconds(i), false));
            }

            assertThat(journal.newest(3)).extracting(it -> it.intent().id()).isEqualTo(ids.subList(0, 3));
            assertThat(journal.newest(0)).isEmpty();
        }
    }

    @Test
    void visitsEveryReceiptOfATime() {
        try (var journal = open(folder)) {
            write(journal, NOON.minusSeconds(1), false);
            var ids = new ArrayList<UUID>();
            for (int i = 0; i < 600; i++) {
                ids.add(write(journal, NOON.plusMillis(i), false));
            }
            write(journal, NOON.plusSeconds(1), false);

            var visited = new ArrayList<UUID>();
            journal.receipts(
                    NOON,
                    NOON.plusSeconds(1),
                    receipt -> visited.add(receipt.intent().id()));

            assertThat(visited).isEqualTo(ids);
        }
    }

    @Test
    void forgetsOldReceiptsAndKeepsNewOnes() {
        try (var journal = open(folder)) {
            var old = write(journal, NOON.minusSeconds(1), true);
            var recent = write(journal, NOON.plusSeconds(1), true);
            var unfinished = SampleReceipts.intentAt(NOON.minusSeconds(2));
            journal.intend(unfinished);

            journal.forgetBefore(NOON);

            assertThat(journal.receipt(old)).isEmpty();
            assertThat(journal.content(old)).isEmpty();
            assertThat(journal.receipt(recent)).isPresent();
            assertThat(journal.content(recent)).isPresent();
            assertThat(journal.undelivered(null, 10)).containsExactly(recent);
            assertThat(journal.forgottenUndelivered()).isEqualTo(1);
            assertThat(journal.unfinished()).containsExactly(unfinished);
        }
    }

    @Test
    void forgetsByItselfWhatIsOlderThanIsKept() throws Exception {
        UUID old;
        try (var journal = open(folder)) {
            old = write(journal, NOON.minus(Duration.ofDays(2)), false);
        }

        try (var journal = open(folder, new Limits(Duration.ofDays(1), Duration.ofDays(30), 0, OFTEN))) {
            while (journal.receipt(old).isPresent()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void letsTheOldestContentGoWhenTheBoundIsReached() {
        var bound = 4 << 20;
        var chance = new Random(7);
        try (var journal = open(folder, new Limits(Duration.ofDays(30), Duration.ofDays(30), bound, OFTEN))) {
            var answer = new byte[32 << 10];
            chance.nextBytes(answer);
            var first = SampleReceipts.fullAt(NOON);
            journal.write(first, new Content(new byte[0], answer), false);
            var last = first;
            int written = 0;
            while (journal.content(first.intent().id()).isPresent()) {
                chance.nextBytes(answer);
                last = SampleReceipts.fullAt(NOON.plusMillis(++written));
                journal.write(last, new Content(new byte[0], answer), false);
            }

            assertThat((long) written * answer.length).isBetween(bound / 2L, 6L * bound);
            assertThat(journal.content(last.intent().id())).isPresent();
            assertThat(journal.receipt(first.intent().id())).isPresent();
        }
    }

    @Test
    void keepsNoContentWhereThereIsNoRoomForAny() {
        try (var journal = open(folder, new Limits(Duration.ofDays(30), Duration.ofDays(30), 0, OFTEN))) {
            assertThat(journal.content(write(journal, NOON, true))).isEmpty();
        }
    }

    @Test
    void passesOverRowsThatCannotBeRead() {
        var good = SampleReceipts.intentAt(NOON);
        try (var store = Store.open(folder, LIMITS, new Damage())) {
            for (var junk : List.of("", "\1{\"id\":7", "\1null", "\1{}", "\7{}")) {
                store.put(Shelf.INTENTS, Key.of(SampleReceipts.idAt(NOON)), junk.getBytes(UTF_8));
            }
            store.put(Shelf.INTENTS, Key.of(good.id()), Rows.ofNoun(good));
            store.put(Shelf.CONTENT, Key.of(good.id()), new byte[] {1, 0, 0, 0, 9, 1});
        }

        try (var journal = open(folder)) {
            assertThat(journal.unfinished()).containsExactly(good);
            assertThat(journal.unreadable()).isEqualTo(5);
            assertThat(journal.content(good.id())).isEmpty();
            assertThat(journal.unreadable()).isEqualTo(6);
        }
    }

    @Test
    void startsWithABlockThatIsBroken() throws Exception {
        try (var journal = open(folder)) {
            for (int i = 0; i < 100; i++) {
                journal.intend(SampleReceipts.intentAt(NOON));
            }
        }
        open(folder).close();
        try (var table = new RandomAccessFile(largestTable(), "rw")) {
            table.write(new byte[40]);
        }

        try (var journal = open(folder)) {
            assertThat(journal.unfinished()).hasSizeLessThan(100);
            assertThat(journal.unreadable()).isEqualTo(1);
            assertThat(journal.receipt(write(journal, NOON, true))).isPresent();
        }
    }

    private File largestTable() throws IOException {
        try (var files = Files.list(folder.resolve("journal"))) {
            return files.map(Path::toFile)
                    .filter(file -> file.getName().endsWith(".sst"))
                    .max(Comparator.comparingLong(File::length))
                    .orElseThrow();
        }
    }

    @Test
    void passesOverMembersOfANewerVersion() throws Exception {
        var intent = SampleReceipts.intentAt(NOON);
        var row = new String(Rows.ofNoun(intent), UTF_8).replace("\"stream\":", "\"newer\":{\"a\":[1]},\"stream\":");

        assertThat(Rows.noun(row.getBytes(UTF_8), Intent.class)).isEqualTo(intent);
    }

    @Test
    void readsRowsThatLackWhatOnlyLaterVersionsWrite() throws Exception {
        var intent = SampleReceipts.intentAt(NOON);
        var row = new String(Rows.ofNoun(intent), UTF_8);
        var earlier = row.replace(",\"bodyBytes\":4321", "");
        assertThat(earlier).isNotEqualTo(row);

        var read = Rows.noun(earlier.getBytes(UTF_8), Intent.class);

        assertThat(read.bodyBytes()).isNull();
        assertThat(read).usingRecursiveComparison().ignoringFields("bodyBytes").isEqualTo(intent);
    }

    @Test
    void isANewEpochAtEachOpening() {
        long first;
        try (var journal = open(folder)) {
            first = journal.epoch();
            assertThat(journal.epochSince()).isEqualTo(NOON);
        }
        try (var journal = open(folder)) {
            assertThat(journal.epoch()).isNotEqualTo(first);
        }
    }

    @Test
    void isRefusedToASecondOneInTheSameProcess() {
        try (var _ = open(folder)) {
            assertThatThrownBy(() -> open(folder))
                    .isInstanceOf(JournalFault.class)
                    .hasMessage("the data folder '" + folder + "' is used by another process");
        }
    }

    @Test
    void saysThatAFileIsNoFolder() throws Exception {
        var file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(JournalFault.class)
                .hasMessageStartingWith("the data folder '" + file + "' cannot be written: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void saysThatAFolderIsReadOnly() throws Exception {
        assumeTrue(!System.getProperty("user.name").equals("root"), "root may write everywhere");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(JournalFault.class)
                .hasMessageStartingWith("the data folder '" + folder + "' cannot be written: ");
    }

    @Test
    void saysThatAJournalIsBroken() throws Exception {
        open(folder).close();
        try (var files = Files.list(folder.resolve("journal"))) {
            for (var file : files.filter(it -> it.getFileName().toString().startsWith("MANIFEST"))
                    .toList()) {
                Files.writeString(file, "no manifest");
            }
        }

        assertThatThrownBy(() -> open(folder))
                .isInstanceOf(JournalFault.class)
                .hasMessageStartingWith("the journal in '" + folder + "' is broken: ");
    }

    @Test
    void makesADataFolderThatIsOursAlone() throws Exception {
        var made = folder.resolve("a/data");
        open(made).close();

        assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void canBeReadWhileItIsWritten() {
        try (var journal = open(folder)) {
            var id = write(journal, NOON, true);

            try (var report = Journal.openReadOnly(folder, CLOCK)) {
                assertThat(report.receipt(id)).isPresent();
                assertThat(report.newest(10)).hasSize(1);
                assertThat(report.epoch()).isEqualTo(journal.epoch());
                assertThatThrownBy(() -> write(report, NOON, true)).isInstanceOf(JournalFault.class);
            }
        }
    }

    @Test
    void saysWhatIsMissingToBeRead() {
        var nowhere = folder.resolve("nowhere");

        assertThatThrownBy(() -> Journal.openReadOnly(nowhere, CLOCK))
                .isInstanceOf(JournalFault.class)
                .hasMessageStartingWith("the data folder '" + nowhere + "' cannot be read: ");
    }

    @Test
    void turnsAwayWhoeverComesAfterTheEnd() {
        var journal = open(folder);
        journal.close();
        journal.close();

        assertThatThrownBy(() -> write(journal, NOON, true))
                .isInstanceOf(JournalFault.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void writesFromManyThreadsWithEverySyncAwaited() {
        var receipts = new ArrayList<Receipt>();
        for (int i = 0; i < 200; i++) {
            receipts.add(SampleReceipts.fullAt(NOON.plusMillis(i)));
        }
        try (var journal =
                open(folder, new Limits(Duration.ofDays(1), Duration.ofDays(30), 1 << 20, new Sync.Always()))) {
            try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var receipt : receipts) {
                    calls.execute(() -> {
                        journal.intend(receipt.intent());
                        journal.write(receipt, Content.NONE, false);
                    });
                }
            }

            assertThat(journal.unfinished()).isEmpty();
            assertThat(journal.newest(1000).reversed()).isEqualTo(receipts);
        }
    }

    private static UUID write(Journal journal, Instant at, boolean deliver) {
        var receipt = SampleReceipts.fullAt(at);
        journal.write(receipt, new Content(new byte[] {1}, new byte[] {2}), deliver);
        return receipt.intent().id();
    }
}
