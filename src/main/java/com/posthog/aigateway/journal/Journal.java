package com.posthog.aigateway.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Tally;
import com.posthog.aigateway.journal.Rows.Unreadable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this replica knows of its calls, on its own disk: before a provider is asked an intent, then exactly
/// one receipt.
///
/// A write that returned survives the end of this process. Every method may throw [JournalFault].
public final class Journal implements AutoCloseable {

    /// How long, how much and how safely things are kept.
    ///
    /// @param keepReceipts for how long a receipt, its content and its delivery are kept
    /// @param keepOwners for how long it is remembered whose a stored answer is
    /// @param maxContentBytes on disk; the oldest content goes first; 0 keeps none
    public record Limits(Duration keepReceipts, Duration keepOwners, long maxContentBytes, Sync sync) {
        public Limits {
            if (!keepOwners.isPositive()) {
                throw new IllegalArgumentException("journal.keep_responses must be positive: " + keepOwners);
            }
            if (!keepReceipts.isPositive()) {
                throw new IllegalArgumentException("journal.keep_receipts must be positive: " + keepReceipts);
            }
            if (maxContentBytes < 0) {
                throw new IllegalArgumentException(
                        "journal.max_content_bytes must not be negative: " + maxContentBytes);
            }
        }
    }

    /// When what was written is forced to the disk: that much a loss of power can take.
    public sealed interface Sync {
        record Every(Duration pause) implements Sync {
            public Every {
                if (!pause.isPositive()) {
                    throw new IllegalArgumentException("journal.sync must be positive or 'always': " + pause);
                }
            }
        }

        /// Before a write returns.
        record Always() implements Sync {}
    }

    /// This opening of the journal: a number that no other has, and when it began.
    private record Epoch(long number, Instant since) {
        static final byte[] KEY = "epoch".getBytes(UTF_8);
    }

    /// The journal itself: a number that stays as long as its folder, and that no other has.
    private record Identity(long number) {
        static final byte[] KEY = "id".getBytes(UTF_8);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final Duration BETWEEN_FORGETTING = Duration.ofHours(1);
    private static final byte[] NOTHING = new byte[0];
    private static final int PAGE = 256;
    private static final Limits TO_READ = new Limits(Duration.ofDays(1), Duration.ofDays(1), 0, new Sync.Always());

    private final Store store;
    private final Damage damage;
    private final Limits limits;
    private final Clock clock;
    private final Identity identity;
    private final Epoch epoch;
    private final Syncer syncer;
    private final ScheduledExecutorService upkeep = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("journal-upkeep").daemon().factory());
    private final Backlog backlog = new Backlog();
    private final LedgerRows ledger;
    private final TallyRows tallies;
    private final AtomicLong forgottenUndelivered = new AtomicLong();

    private Journal(Store store, Damage damage, Limits limits, Clock clock, Identity identity, Epoch epoch) {
        this.store = store;
        this.damage = damage;
        this.limits = limits;
        this.clock = clock;
        this.identity = identity;
        this.epoch = epoch;
        this.syncer = new Syncer(store::sync, limits.sync());
        this.ledger = new LedgerRows(store, syncer::written);
        this.tallies = new TallyRows(store, damage, syncer::written);
    }

    /// Opens or begins the journal in this data folder, which belongs to one process at a time.
    ///
    /// JournalFault: in use by another process, not to be written, or broken.
    public static Journal open(Path data, Limits limits, Clock clock, RandomGenerator chance) {
        var damage = new Damage();
        var store = Store.open(data, limits, damage);
        var epoch = new Epoch(chance.nextLong(), clock.instant());
        Identity identity;
        try {
            identity = identity(store, damage).orElseGet(() -> new Identity(chance.nextLong()));
            store.put(Shelf.META, Identity.KEY, Rows.ofNoun(identity));
            store.put(Shelf.META, Epoch.KEY, Rows.ofNoun(epoch));
            store.sync();
        } catch (JournalFault e) {
            store.close();
            throw e;
        }
        var journal = new Journal(store, damage, limits, clock, identity, epoch);
        journal.begin();
        return journal;
    }

    /// What is in the journal at this moment, also while another process has it open; it cannot be written.
    public static Journal openReadOnly(Path data, Clock clock) {
        var damage = new Damage();
        var store = Store.openReadOnly(data, TO_READ, damage);
        var epoch = read(damage, Shelf.META, store.get(Shelf.META, Epoch.KEY), row -> Rows.noun(row, Epoch.class));
        return new Journal(
                store,
                damage,
                TO_READ,
                clock,
                identity(store, damage).orElse(new Identity(0)),
                epoch.orElse(new Epoch(0, Instant.EPOCH)));
    }

    private static Optional<Identity> identity(Store store, Damage damage) {
        return read(damage, Shelf.META, store.get(Shelf.META, Identity.KEY), row -> Rows.noun(row, Identity.class));
    }

    private void begin() {
        syncer.start();
        var _ = upkeep.scheduleWithFixedDelay(this::forgetOld, 0, BETWEEN_FORGETTING.toSeconds(), TimeUnit.SECONDS);
    }

    /// Before a provider is asked.
    public void intend(Intent intent) {
        store.put(Shelf.INTENTS, Key.of(intent.id()), Rows.ofNoun(intent));
        syncer.written();
    }

    /// The receipt takes the place of its intent, together with the content that is to be kept. What it
    /// charges is added to the totals of its epoch in the same write.
    ///
    /// @param deliver whether an event is to be made of it
    public void write(Receipt receipt, Content content, boolean deliver) {
        var id = receipt.intent().id();
        var key = Key.of(id);
        var row = Rows.ofNoun(receipt);
        store.write(batch -> {
            batch.delete(Shelf.INTENTS, key);
            batch.put(Shelf.RECEIPTS, key, row);
            if (!content.isEmpty() && limits.maxContentBytes() > 0) {
                batch.put(Shelf.CONTENT, key, Rows.ofContent(content));
            }
            if (deliver) {
                batch.put(Shelf.UNDELIVERED, key, NOTHING);
            }
            receipt.charges().forEach(charge -> LedgerRows.add(batch, charge));
        });
        if (deliver) {
            backlog.marked(id);
        }
        syncer.written();
    }

    /// As [#write], of a call that was refused: it is counted in a tally.
    ///
    /// @param tally its id
    /// @param begun the tally, where this call is its first
    public void refuse(Receipt receipt, UUID tally, Reason reason, @Nullable Tally begun) {
        var key = Key.of(receipt.intent().id());
        var row = Rows.ofNoun(receipt);
        store.write(batch -> {
            batch.delete(Shelf.INTENTS, key);
            batch.put(Shelf.RECEIPTS, key, row);
            if (begun != null) {
                TallyRows.begin(batch, begun);
            }
            TallyRows.count(batch, tally, reason.word());
        });
        syncer.written();
    }

    /// The intents without a receipt, oldest first: at start, the calls that an earlier process did not end.
    public List<Intent> unfinished() {
        var intents = new ArrayList<Intent>();
        store.scan(Shelf.INTENTS, NOTHING, (key, row) -> {
            read(damage, Shelf.INTENTS, row, it -> Rows.intent(key, it)).ifPresent(intents::add);
            return true;
        });
        return intents;
    }

    public Optional<Receipt> receipt(UUID id) {
        var key = Key.of(id);
        return receipt(key, store.get(Shelf.RECEIPTS, key));
    }

    /// Empty also where it had to go to save space.
    public Optional<Content> content(UUID id) {
        return read(damage, Shelf.CONTENT, store.get(Shelf.CONTENT, Key.of(id)), Rows::content);
    }

    /// The receipts of the calls that arrived last, newest first.
    public List<Receipt> newest(int limit) {
        var receipts = new ArrayList<Receipt>();
        if (limit > 0) {
            store.scanBack(Shelf.RECEIPTS, (key, row) -> {
                receipt(key, row).ifPresent(receipts::add);
                return receipts.size() < limit;
            });
        }
        return receipts;
    }

    /// Every receipt of the calls that arrived in this time, oldest first, in the order of their ids.
    public void receipts(Instant from, Instant until, Consumer<Receipt> visitor) {
        var next = Key.firstAt(from);
        var end = Key.firstAt(until);
        while (next.length > 0) {
            var page = new ArrayList<Receipt>(PAGE);
            next = page(next, end, page);
            page.forEach(visitor);
        }
    }

    /// Fills one page; answers where the next begins, or nothing behind the last.
    private byte[] page(byte[] from, byte[] end, List<Receipt> page) {
        var next = new byte[][] {NOTHING};
        store.scan(Shelf.RECEIPTS, from, (key, row) -> {
            if (Arrays.compareUnsigned(key, end) >= 0) {
                return false;
            }
            receipt(key, row).ifPresent(page::add);
            if (page.size() == PAGE) {
                next[0] = Key.after(key);
            }
            return page.size() < PAGE;
        });
        return next[0];
    }

    /// Remembers whose a stored answer is, before the caller can ask for it.
    ///
    /// @param id as the provider made it
    public void own(String id, Owner owner) {
        store.put(Shelf.OWNERS, id.getBytes(UTF_8), Rows.ofNoun(owner));
        syncer.written();
    }

    /// True where there is one whose id begins so, also when it is not known any more.
    public boolean hasOwner(String prefix) {
        var from = prefix.getBytes(UTF_8);
        var has = new boolean[1];
        store.scan(Shelf.OWNERS, from, (key, _) -> {
            has[0] = key.length >= from.length && Arrays.equals(from, Arrays.copyOf(key, from.length));
            return false;
        });
        return has[0];
    }

    /// Empty where it is not known, or not any more.
    public Optional<Owner> owner(String id) {
        return read(
                        damage,
                        Shelf.OWNERS,
                        store.get(Shelf.OWNERS, id.getBytes(UTF_8)),
                        row -> Rows.noun(row, Owner.class))
                .filter(owner -> clock.instant().isBefore(owner.until()));
    }

    /// The ids of receipts whose event is not delivered, in the order of arrival.
    ///
    /// @param after where the last page ended; null for the first
    public List<UUID> undelivered(@Nullable UUID after, int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("the limit must be positive: " + limit);
        }
        return after == null
                ? backlog.walk(from -> undelivered(Key.of(from), limit))
                : undelivered(Key.after(Key.of(after)), limit);
    }

    private List<UUID> undelivered(byte[] from, int limit) {
        var ids = new ArrayList<UUID>();
        store.scan(Shelf.UNDELIVERED, from, (key, _) -> {
            ids.add(Key.id(key));
            return ids.size() < limit;
        });
        return ids;
    }

    /// These events need no delivery any more.
    public void delivered(Collection<UUID> ids) {
        store.write(batch -> ids.forEach(id -> batch.delete(Shelf.UNDELIVERED, Key.of(id))));
        syncer.written();
    }

    /// What the ledger needs to come back.
    public LedgerRows ledger() {
        return ledger;
    }

    /// Refusals that are counted, and not told yet.
    public TallyRows tallies() {
        return tallies;
    }

    /// Takes the place of the fact of this name.
    public void put(Fact fact) {
        store.put(Shelf.REGISTER, fact.name().getBytes(UTF_8), Rows.ofNoun(fact));
        syncer.written();
    }

    /// As if a fact of this name had never been.
    public void remove(Fact fact) {
        store.write(batch -> batch.delete(Shelf.REGISTER, fact.name().getBytes(UTF_8)));
        syncer.written();
    }

    /// What operators have laid down, also what they have removed.
    public List<Fact> facts() {
        var facts = new ArrayList<Fact>();
        store.scan(Shelf.REGISTER, NOTHING, (_, row) -> {
            read(damage, Shelf.REGISTER, row, it -> Rows.noun(it, Fact.class)).ifPresent(facts::add);
            return true;
        });
        return facts;
    }

    /// A number that stays as long as this folder, and that no other journal has.
    public long id() {
        return identity.number();
    }

    /// A number that no other opening of this journal has.
    public long epoch() {
        return epoch.number();
    }

    public Instant epochSince() {
        return epoch.since();
    }

    /// How often a row was met that cannot be read.
    public long unreadable() {
        return damage.count();
    }

    /// How many events grew too old to be delivered.
    public long forgottenUndelivered() {
        return forgottenUndelivered.get();
    }

    /// Forgets the calls that arrived before, but for those that are still unfinished.
    public void forgetBefore(Instant time) {
        var until = Key.firstAt(time);
        long undelivered = undeliveredBefore(Shelf.UNDELIVERED, until) + undeliveredBefore(Shelf.TALLIES, until);
        store.write(batch -> {
            for (var shelf : List.of(Shelf.RECEIPTS, Shelf.CONTENT, Shelf.UNDELIVERED, Shelf.TALLIES)) {
                batch.deleteRange(shelf, NOTHING, until);
            }
        });
        store.dropFiles(Shelf.RECEIPTS, until);
        syncer.written();
        if (undelivered > 0) {
            forgottenUndelivered.addAndGet(undelivered);
            LOG.warn("{} events from before {} were never delivered, and are forgotten", undelivered, time);
        }
    }

    private long undeliveredBefore(Shelf shelf, byte[] until) {
        var count = new long[1];
        store.scan(shelf, NOTHING, (key, _) -> {
            boolean before = Arrays.compareUnsigned(key, until) < 0;
            count[0] += before && key.length == Key.LENGTH ? 1 : 0;
            return before;
        });
        return count[0];
    }

    private void forgetOld() {
        try {
            forgetBefore(clock.instant().minus(limits.keepReceipts()));
        } catch (JournalFault e) {
            LOG.error("old receipts stay for now: {}", e.getMessage());
        }
    }

    private Optional<Receipt> receipt(byte[] key, byte @Nullable [] row) {
        return read(damage, Shelf.RECEIPTS, row, it -> Rows.receipt(key, it));
    }

    private interface Reading<T> {
        T of(byte[] row) throws Unreadable;
    }

    private static <T> Optional<T> read(Damage damage, Shelf shelf, byte @Nullable [] row, Reading<T> reading) {
        try {
            return row == null ? Optional.empty() : Optional.of(reading.of(row));
        } catch (Unreadable e) {
            damage.found(shelf, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /// Brings everything to the disk; whoever comes later meets a [JournalFault].
    @Override
    public void close() {
        upkeep.shutdownNow();
        syncer.close();
        store.close();
    }
}
