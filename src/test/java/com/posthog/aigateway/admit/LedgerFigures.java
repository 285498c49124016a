package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Grain;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.testing.Chance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Figures of one large root: how large its entry is, and how long operations on it take. Run by
/// `scripts/ledger-figures`; nothing depends on them.
final class LedgerFigures {

    private static final long NOW = Instant.parse("2026-03-15T12:00:00Z").toEpochMilli();
    private static final UUID MEMBER = new UUID(1, 1);
    private static final int USERS = 1_000;
    private static final int EPOCHS = 90;
    private static final List<Window> WINDOWS =
            List.of(Window.FIVE_HOURS, Window.TWENTY_FOUR_HOURS, Window.THIRTY_DAYS);
    private static final Account TEAM = new Account(Scope.TEAM, "research");
    private static final Here HERE = new Here(NOW, Set.of(MEMBER), Law.NONE_BROKEN);

    private LedgerFigures() {}

    public static void main(String[] arguments) throws IOException {
        tell("usual", 3, false, 50);
        tell("worst", EPOCHS, true, 50);
        tell("usual, 1,000 calls open", 3, false, 1_000);
    }

    /// @param inTeam how many epochs charged each bucket of the team
    /// @param always all users in each bucket, by three epochs; else each in some, by one to three
    private static void tell(String name, int inTeam, boolean always, int calls) throws IOException {
        var chance = new Chance(7);
        var entry = entry(chance, inTeam, always);
        for (int i = 0; i < calls; i++) {
            run(entry, enter(chance, 1_000_000L + i));
        }
        var bytes = bytes(entry);
        System.out.printf(
                "%s: %,d sub-records, %,d counters, %,d totals, %,d calls open%n",
                name, entry.sheets().size(), counters(entry), totals(entry), calls);
        System.out.printf(
                "  serialised %,d bytes in %,d us, read in %,d us%n",
                bytes.length, micros(() -> bytes(entry)), micros(() -> read(bytes)));
        pairs(chance, entry);
        create(entry);
    }

    private static Entry entry(Chance chance, int inTeam, boolean always) {
        var entry = Entry.placeholder(1);
        entry.becomeReady();
        entry.pass(NOW);
        for (var window : WINDOWS) {
            var grain = window.grain();
            for (long index = window.oldest(NOW); index <= grain.at(NOW).index(); index++) {
                var bucket = new Bucket(grain, index);
                for (int epoch = 0; epoch < inTeam; epoch++) {
                    charge(entry, TEAM, bucket, 1L + (always ? epoch : chance.below(EPOCHS)));
                }
                for (int user = 0; user < USERS; user++) {
                    int first = chance.below(EPOCHS);
                    int epochs = always ? 3 : touches(chance, grain) ? 1 + chance.below(3) : 0;
                    for (int epoch = 0; epoch < epochs; epoch++) {
                        charge(entry, user(user), bucket, 1L + (first + epoch) % EPOCHS);
                    }
                }
            }
        }
        return entry;
    }

    /// A user works eight hours a day: about a third of all buckets.
    private static boolean touches(Chance chance, Grain grain) {
        return grain == Grain.HALF_DAY ? chance.onceIn(2) : chance.onceIn(3);
    }

    private static void charge(Entry entry, Account account, Bucket bucket, long epoch) {
        entry.charge(epoch, List.of(new Total(account, bucket, 1_000_000 * epoch)), true);
    }

    private static Account user(int number) {
        return new Account(Scope.USER, "research/user-" + number);
    }

    private static Enter enter(Chance chance, long seq) {
        var caps = WINDOWS.stream()
                .map(window -> new Cap(window, Long.MAX_VALUE / 4, Mode.ENFORCE))
                .toList();
        var rates = List.of(
                new Rate(Rate.Kind.REQUESTS, 1_000_000, Mode.ENFORCE),
                new Rate(Rate.Kind.TOKENS, 1_000_000_000, Mode.ENFORCE),
                new Rate(Rate.Kind.CONCURRENT, 10_000, Mode.ENFORCE));
        var claims = List.of(
                new Claim(TEAM, 50_000_000, true, caps, rates),
                new Claim(user(chance.below(USERS)), 50_000_000, true, caps, rates));
        return new Enter(new HoldId(EPOCHS, seq), 1, 0, MEMBER, claims, 1_000);
    }

    private static Answer run(Entry entry, Operation operation) {
        var answer = operation.answer(entry, HERE);
        if (operation.changes(answer)) {
            operation.change(entry, answer, HERE);
        }
        return answer;
    }

    private static void pairs(Chance chance, Entry entry) {
        var enters = new long[20_000];
        var settles = new long[enters.length];
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < enters.length; i++) {
                var enter = enter(chance, 2_000_000L + i);
                var totals = new ArrayList<Total>();
                for (var claim : enter.claims()) {
                    for (var grain : claim.grains()) {
                        totals.add(new Total(claim.account(), grain.at(NOW), 1_000_000L * i));
                    }
                }
                var settle =
                        new Settle(EPOCHS, List.of(new Settle.Ended(enter.id().seq(), 10, List.of(TEAM))), totals);
                long begin = System.nanoTime();
                run(entry, enter);
                long between = System.nanoTime();
                run(entry, settle);
                enters[i] = between - begin;
                settles[i] = System.nanoTime() - between;
            }
        }
        System.out.printf(
                "  enter p50 %s p99 %s us, settle p50 %s p99 %s us%n",
                at(enters, 50), at(enters, 99), at(settles, 50), at(settles, 99));
    }

    private static String at(long[] nanos, int percent) {
        Arrays.sort(nanos);
        return String.format("%.1f", nanos[nanos.length * percent / 100] / 1_000.0);
    }

    private static void create(Entry known) throws IOException {
        var statements = new HashMap<Long, List<Total>>();
        known.sheets()
                .forEach((account, sheet) -> sheet.charged()
                        .forEach((grain, counters) -> counters.forEach((index, counter) -> {
                            for (int i = 0; i < counter.size(); i++) {
                                statements
                                        .computeIfAbsent(counter.epoch(i), _ -> new ArrayList<>())
                                        .add(new Total(account, new Bucket(grain, index), counter.charged(i)));
                            }
                        })));
        var create = new Create(2, List.of(), statements, List.of());
        var bytes = new ByteArrayOutputStream();
        Codec.write(create, new DataOutputStream(bytes));
        System.out.printf("  create of %,d bytes in %,d us%n", bytes.size(), micros(() -> fresh(create)));
    }

    private static void fresh(Create create) {
        run(Entry.placeholder(create.placeholder()), create);
    }

    private interface Work {
        void run() throws IOException;
    }

    /// The median of a few, after as many.
    private static long micros(Work work) throws IOException {
        var nanos = new long[15];
        for (int i = -15; i < nanos.length; i++) {
            long begin = System.nanoTime();
            work.run();
            if (i >= 0) {
                nanos[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(nanos);
        return nanos[nanos.length / 2] / 1_000;
    }

    private static byte[] bytes(Entry entry) throws IOException {
        var bytes = new ByteArrayOutputStream();
        Codec.write(entry, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static Entry read(byte[] bytes) throws IOException {
        return Codec.entry(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    private static long counters(Entry entry) {
        return entry.sheets().values().stream()
                .flatMap(sheet -> sheet.charged().values().stream())
                .mapToLong(Map::size)
                .sum();
    }

    private static long totals(Entry entry) {
        return entry.sheets().values().stream()
                .flatMap(sheet -> sheet.charged().values().stream())
                .flatMap(counters -> counters.values().stream())
                .mapToLong(Counter::size)
                .sum();
    }
}
