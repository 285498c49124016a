package com.posthog.aigateway.admit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Cluster.Audience;
import com.posthog.aigateway.cluster.Tenant;
import com.posthog.aigateway.cluster.Unreachable;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import com.posthog.aigateway.journal.LedgerRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This process's way to the entries of the ledger: it enters its attempts, settles them, says from time to
/// time what is open, brings back what is missing, and closes its epochs.
public final class Ledger implements AutoCloseable {

    /// What became of an attempt to enter.
    sealed interface Entered {
        /// It was granted.
        ///
        /// @param at by the root's clock
        record In(HoldId id, long at, List<Denial> shadowed) implements Entered {}

        record Refused(Denial denial, List<Denial> shadowed) implements Entered {}

        /// The ledger cannot say.
        record NoLedger(String why) implements Entered {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final String BEQUEST = "ledger.bequest";
    private static final String SHUT = "ledger.shut";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PATIENCE_WITHOUT_MONEY = Duration.ofMillis(300);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final String NO_ROOT = "";
    private static final int SECONDS_UNTIL_RECOUNT = 10;
    private static final int READINGS = 3;
    private static final int SHUTTINGS = 30;
    private static final Duration FOR_LAST_WORDS = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final LedgerRows rows;
    private final long journal;
    private final RandomGenerator chance;
    private final Set<Law> broken;
    private final Checkpoints checkpoints;
    private final Roster roster;
    private final Restorer restorer;
    private final Map<String, Book> books = new ConcurrentHashMap<>();
    private final Set<Long> earlier = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("ledger-upkeep").daemon().factory());
    private Set<UUID> known = Set.of();
    private int untilRecount;
    private volatile long epoch;
    private volatile boolean enlisted;
    private volatile boolean closing;

    private Ledger(Cluster cluster, Journal journal, RandomGenerator chance, LedgerErrand.Context context) {
        this.cluster = cluster;
        this.rows = journal.ledger();
        this.journal = journal.id();
        this.epoch = journal.epoch();
        this.chance = chance;
        this.broken = context.broken();
        this.checkpoints = context.checkpoints();
        this.roster = new Roster(cluster, rows, this.journal);
        this.restorer = new Restorer(cluster, this::told);
        cluster.answer(BEQUEST, this::inherit);
        cluster.answer(SHUT, this::shut);
        earlier.addAll(rows.roots().keySet());
        earlier.remove(epoch);
        rows.touch(NO_ROOT, epoch);
    }

    /// What a cluster has to give to the ledger's errands.
    ///
    /// @param checkpoints true where other replicas' totals are kept on disk here
    /// @param broken no law, outside of proofs
    public static Object context(Journal journal, boolean checkpoints, RandomGenerator chance, Set<Law> broken) {
        return new LedgerErrand.Context(broken, chance, new Checkpoints(journal.ledger(), checkpoints));
    }

    /// As the owner of a cluster's entries.
    ///
    /// @param context made by [#context]
    public static Tenant tenant(Object context) {
        return new Tenant(LedgerForms.ID, new LedgerForms(), context, List.of(Ledger::rehearsal));
    }

    private static LedgerErrand rehearsal() {
        return new LedgerErrand(new Look(List.of()));
    }

    /// Begins to speak for this process: every call that an earlier start left open must have its receipt.
    ///
    /// @param context what the cluster was given
    public static Ledger open(Cluster cluster, Journal journal, RandomGenerator chance, Object context) {
        var ledger = new Ledger(cluster, journal, chance, (LedgerErrand.Context) context);
        ledger.begin();
        return ledger;
    }

    private void begin() {
        if (cluster.ready()) {
            enlist();
        }
        var _ = upkeep.scheduleWithFixedDelay(this::everySecond, 1, 1, TimeUnit.SECONDS);
        var _ = upkeep.scheduleWithFixedDelay(this::everyHour, 1, 1, TimeUnit.HOURS);
        Thread.ofVirtual().name("ledger-earlier").start(this::closeEarlier);
    }

    /// True when calls can be admitted: the roster knows this epoch.
    public boolean isOpen() {
        return enlisted && !closing;
    }

    boolean keeps(Law law) {
        return !broken.contains(law);
    }

    /// Enters one call in one root: all of its claims, or none.
    Entered enter(Demand demand, long tokens) {
        if (closing || (!enlisted && !enlist())) {
            return new Entered.NoLedger("no quorum");
        }
        var book = book(demand.root());
        var claims = demand.claims();
        var id = book.begin(cluster.self(), nanos(claims), slots(claims), tokens);
        return enter(book, id, 1, demand, tokens);
    }

    /// Sets other amounts for an attempt that was entered. A refusal leaves it as it was.
    ///
    /// @param before what it was
    Entered resize(Demand resized, Demand before, HoldId id, int step, long tokens) {
        var book = book(resized.root());
        book.resize(id, step, nanos(resized.claims()));
        var entered = enter(book, id, step, resized, tokens);
        if (entered instanceof Entered.Refused) {
            book.resize(id, step, nanos(before.claims()));
        }
        return entered;
    }

    private Entered enter(Book book, HoldId id, int step, Demand demand, long tokens) {
        var patience = demand.enforcesMoney() ? PATIENCE : PATIENCE_WITHOUT_MONEY;
        long deadline = System.nanoTime() + patience.toNanos();
        long pause = FIRST_PAUSE.toMillis();
        var why = "no answer";
        while (true) {
            try {
                var enter = new Enter(id, step, book.at(id), cluster.self(), demand.claims(), tokens);
                switch (send(book, id, enter)) {
                    case Answer.Granted granted -> {
                        return new Entered.In(id, granted.at(), granted.shadowed());
                    }
                    case Answer.Denied denied -> {
                        if (step == 1) {
                            book.refused(id);
                        }
                        return new Entered.Refused(denied.denial(), denied.shadowed());
                    }
                    case Answer.Missing missing -> {
                        if (!restorer.restore(book.root(), missing.number(), demand.isStrict())) {
                            why = "some of those who know what was spent cannot be asked";
                        } else {
                            continue;
                        }
                    }
                    case Answer.Over over -> {
                        abandon(book, id, step);
                        if (over.closed()) {
                            renew(book.epoch());
                        }
                        return new Entered.NoLedger("this replica's epoch was closed");
                    }
                    case Answer.Done _, Answer.Seen _, Answer.Described _ ->
                        throw new IllegalStateException("no answer to an admit");
                }
            } catch (Unreachable e) {
                why = e.how() == Unreachable.How.UNKNOWN_OUTCOME ? "no answer" : "no quorum";
            }
            if (System.nanoTime() - deadline > 0 || !sleep(pause)) {
                abandon(book, id, step);
                return new Entered.NoLedger(why);
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE.toMillis());
        }
    }

    private Answer send(Book book, HoldId id, Enter enter) {
        book.sending(id);
        try {
            var answer = run(book.root(), enter);
            if (answer instanceof Answer.Granted granted) {
                book.granted(id, granted.at());
            }
            return answer;
        } finally {
            book.returned(id);
        }
    }

    /// It is not known what the entry holds: a settle without a charge tells it.
    private void abandon(Book book, HoldId id, int step) {
        if (step == 1) {
            end(book, id, List.of(), new Settle.Ended(id.seq(), 0, List.of()));
        }
    }

    private Answer run(String root, Operation operation) {
        return cluster.run(root, new LedgerErrand(operation)).answer();
    }

    private static Map<Account, Long> nanos(List<Claim> claims) {
        var nanos = new HashMap<Account, Long>();
        claims.stream()
                .filter(claim -> !claim.caps().isEmpty())
                .forEach(claim -> nanos.put(claim.account(), claim.nanos()));
        return nanos;
    }

    private static List<Account> slots(List<Claim> claims) {
        return claims.stream()
                .filter(claim -> claim.has(Rate.Kind.CONCURRENT))
                .map(Claim::account)
                .toList();
    }

    private Book book(String root) {
        return books.computeIfAbsent(root, name -> {
            rows.touch(name, epoch);
            return new Book(name, epoch);
        });
    }

    /// An attempt has ended. What it charges is on disk. Returns at once; the entry is told soon.
    void end(String root, HoldId id, List<Charge> charges, Settle.Ended how) {
        var book = books.get(root);
        if (book != null && book.epoch() == id.epoch()) {
            end(book, id, charges, how);
        } else {
            settleAlone(root, id, how);
        }
    }

    /// Of an epoch that was closed while the call went on: its totals on disk are all there is to say.
    private void settleAlone(String root, HoldId id, Settle.Ended how) {
        Thread.ofVirtual().start(() -> {
            var totals = rows.totals(root).getOrDefault(id.epoch(), List.of());
            trying(root, new Settle(id.epoch(), List.of(how), totals(totals)));
        });
    }

    private void end(Book book, HoldId id, List<Charge> charges, Settle.Ended how) {
        if (book.end(id, charges, how)) {
            Thread.ofVirtual().name("ledger-settle").start(() -> settle(book));
        }
    }

    private void settle(Book book) {
        long pause = FIRST_PAUSE.toMillis();
        while (true) {
            var settle = book.settle();
            if (settle == null) {
                return;
            }
            if (!keeps(Law.HELD_UNTIL_ACKNOWLEDGED)) {
                var _ = trying(book.root(), settle.released()) && sleep(LONGEST_PAUSE.toMillis());
            }
            if (trying(book.root(), settle)) {
                book.acknowledged(settle);
                pause = FIRST_PAUSE.toMillis();
            } else if (!sleep(pause)) {
                return;
            } else {
                pause = Math.min(pause * 2, LONGEST_PAUSE.toMillis());
            }
        }
    }

    /// Returns whether the entry has taken it. One that is missing is brought back first, where that can be
    /// done.
    private boolean trying(String root, Operation operation) {
        try {
            var answer = run(root, operation);
            if (answer instanceof Answer.Missing missing) {
                restorer.restore(root, missing.number(), true);
            }
            return answer instanceof Answer.Done;
        } catch (Unreachable e) {
            return false;
        }
    }

    private static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// How accounts stand, in the order of the claims.
    ///
    /// Unreachable: the entry cannot be asked. An entry that is missing is brought back first.
    List<Standing> look(String root, List<Claim> claims) {
        return read(root, new Look(claims)) instanceof Answer.Seen seen ? seen.standings() : List.of();
    }

    /// All that the entry of a root knows, as JSON for operators.
    ///
    /// Unreachable: the entry cannot be asked, or cannot come back yet.
    String describe(String root) {
        return read(root, new Describe()) instanceof Answer.Described described ? described.json() : "";
    }

    private Answer read(String root, Operation reading) {
        for (int tries = 0; tries < READINGS; tries++) {
            var answer = run(root, reading);
            if (!(answer instanceof Answer.Missing missing)) {
                return answer;
            }
            if (!restorer.restore(root, missing.number(), true)) {
                break;
            }
        }
        throw new Unreachable(Unreachable.How.UNKNOWN_OUTCOME, null);
    }

    private boolean enlist() {
        enlisted = enlisted || roster.enlist(epoch);
        return enlisted;
    }

    /// Somebody has closed our epoch while we live: we take a new one.
    private synchronized void renew(long closed) {
        if (closed == epoch) {
            LOG.warn("this replica's epoch was closed; it takes a new one");
            epoch = chance.nextLong();
            enlisted = false;
            books.clear();
            enlist();
        }
    }

    private void everySecond() {
        try {
            if (!enlisted) {
                enlist();
            }
            checkpoints.write();
            recountSometimes();
            for (var book : books.values()) {
                var news = book.news(cluster.self());
                if (news != null) {
                    Thread.ofVirtual().name("ledger-news").start(() -> {
                        if (!trying(book.root(), news)) {
                            book.unheard();
                        }
                    });
                }
            }
        } catch (JournalFault | Unreachable e) {
            LOG.warn("the ledger's upkeep failed and is tried again: {}", e.toString());
        }
    }

    /// Some time after members have come or gone, when the entries are where they are to be.
    private void recountSometimes() {
        var living = cluster.living();
        untilRecount = living.equals(known) ? untilRecount - 1 : SECONDS_UNTIL_RECOUNT;
        known = living;
        if (untilRecount == 0 && cluster.holdsData()) {
            Thread.ofVirtual()
                    .name("ledger-recount")
                    .start(() -> cluster.ownKeys().forEach(root -> trying(root, new Recount())));
        }
    }

    private void everyHour() {
        long now = cluster.now();
        books.values().forEach(book -> book.prune(now));
        rows.prune(now);
    }

    /// What this replica knows of a root.
    private Told told(String root) {
        var statements = new ArrayList<Statement>();
        var epochs = new HashSet<Long>(earlier);
        epochs.add(epoch);
        rows.totals(root).forEach((number, charges) -> {
            if (number != epoch) {
                statements.add(last(number, charges));
            }
        });
        earlier.stream()
                .filter(number -> statements.stream().noneMatch(statement -> statement.epoch() == number))
                .forEach(number -> statements.add(last(number, List.of())));
        var book = books.get(root);
        if (book != null) {
            statements.add(book.all(cluster.self()));
        }
        var known = new HashMap<Long, List<Total>>();
        if (cluster.holdsData()) {
            rows.checkpoints(root).forEach((number, charges) -> known.put(number, totals(charges)));
        }
        return new Told(
                journal, cluster.holdsData(), epochs, roster.facts(), new Create(0, statements, known, List.of()));
    }

    private Statement last(long earlier, List<Charge> charges) {
        return new Statement(earlier, cluster.self(), 0, List.of(), totals(charges), true);
    }

    private static List<Total> totals(List<Charge> charges) {
        return charges.stream()
                .map(charge -> new Total(charge.account(), charge.bucket(), charge.nanos()))
                .toList();
    }

    /// The epochs of earlier starts get their last totals and are closed; then only data members need to know
    /// them.
    private void closeEarlier() {
        long pause = FIRST_PAUSE.toMillis();
        while (!closing && !earlier.isEmpty()) {
            for (long number : Set.copyOf(earlier)) {
                if (enlist() && close(number)) {
                    earlier.remove(number);
                }
            }
            if (!earlier.isEmpty() && !sleep(pause)) {
                return;
            }
            pause = Math.min(pause * 2, LONGEST_PAUSE.toMillis());
        }
    }

    private boolean close(long number) {
        var roots = rows.roots().getOrDefault(number, Set.of());
        var last = new HashMap<String, Statement>();
        for (var root : roots) {
            var statement = last(number, rows.totals(root).getOrDefault(number, List.of()));
            last.put(root, statement);
            // Also where the entry is missing: somebody who asked before may bring back what is closed now.
            if (!root.equals(NO_ROOT) && !trying(root, statement)) {
                return false;
            }
        }
        if (!bequeath(last) || !roster.close(number)) {
            return false;
        }
        rows.forget(number);
        return true;
    }

    /// Data members write the last totals of an epoch to their disks.
    private boolean bequeath(Map<String, Statement> last) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(last.size());
            for (var statement : last.entrySet()) {
                out.writeUTF(statement.getKey());
                Codec.write(statement.getValue(), out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return !cluster.ask(BEQUEST, bytes.toByteArray(), Audience.DATA_MEMBERS, PATIENCE)
                .isEmpty();
    }

    private byte[] inherit(byte[] bequest) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bequest))) {
            var charges = new ArrayList<Charge>();
            for (int i = in.readInt(); i > 0; i--) {
                var root = in.readUTF();
                var last = (Statement) Codec.operation(in);
                last.totals()
                        .forEach(total -> charges.add(
                                new Charge(root, last.epoch(), total.account(), total.bucket(), total.nanos())));
            }
            rows.checkpoint(charges);
            rows.sync();
            return new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An operator gives up on an epoch whose process does not come back: its holds go.
    void closeForLost(long number) {
        roster.close(number);
        cluster.ask(SHUT, Long.toString(number).getBytes(UTF_8), Audience.DATA_MEMBERS, PATIENCE);
    }

    /// An operator gives up on a journal that does not come back, and on its epochs.
    List<Long> forget(long journal) {
        var epochs = roster.forget(journal);
        epochs.forEach(this::closeForLost);
        return epochs;
    }

    private byte[] shut(byte[] number) {
        long closed = Long.parseLong(new String(number, UTF_8));
        cluster.ownKeys().forEach(root -> Thread.ofVirtual().name("ledger-shut").start(() -> shut(root, closed)));
        return new byte[0];
    }

    private void shut(String root, long closed) {
        for (int tries = 0; tries < SHUTTINGS && !trying(root, last(closed, List.of())); tries++) {
            if (!sleep(LONGEST_PAUSE.toMillis())) {
                return;
            }
        }
    }

    /// How many attempts of this process are open in a root.
    int open(String root) {
        var book = books.get(root);
        return book == null ? 0 : book.openCount();
    }

    /// How many roots cannot come back, because somebody who knows of them cannot be asked: an alarm.
    public int waiting() {
        return restorer.waiting();
    }

    /// How many roots this replica decides: they move to others when it leaves. 0 while it cannot know.
    public int decided() {
        try {
            return cluster.ownKeys().size();
        } catch (Unreachable unknown) {
            return 0;
        }
    }

    /// The last words: everything is settled, and the epoch is closed. Calls must have ended.
    @Override
    public void close() {
        closing = true;
        upkeep.shutdown();
        long deadline = System.nanoTime() + FOR_LAST_WORDS.toNanos();
        boolean waits = true;
        while (waits && !books.values().stream().allMatch(Book::isQuiet)) {
            waits = System.nanoTime() - deadline < 0 && sleep(10);
        }
        try {
            checkpoints.write();
            if (!close(epoch)) {
                LOG.warn("this replica's epoch stays open until it comes back: the ledger cannot be reached");
            }
        } catch (JournalFault | Unreachable e) {
            LOG.warn("this replica's epoch stays open until it comes back: {}", e.toString());
        }
        checkpoints.write();
    }
}
