package com.posthog.aigateway.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.call.Grain;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What a ledger that lives in memory needs to come back: the totals of this process's epochs, the last known
/// totals of all epochs (on data members), and the roster, which says whom to ask.
///
/// A row of totals has the key `root 0 epoch account 0 grain index`, numbers big endian, and eight bytes of
/// nano-dollars.
/// Every method may throw [JournalFault].
public final class LedgerRows {

    private static final byte SEPARATOR = 0;

    private static final int LEAST = 2 + Long.BYTES;

    private final Store store;
    private final Runnable written;

    LedgerRows(Store store, Runnable written) {
        this.store = store;
        this.written = written;
    }

    static void add(Store.Batch batch, Charge charge) {
        batch.merge(
                Shelf.TOTALS,
                key(charge.root(), charge.epoch(), charge.account(), charge.bucket()),
                number(charge.nanos(), ByteOrder.LITTLE_ENDIAN));
    }

    /// Notes that an epoch is about to be known in a root, before its first admit there; in an empty one, that it is.
    public void touch(String root, long epoch) {
        store.write(batch -> batch.merge(Shelf.TOTALS, prefix(root, epoch), number(0, ByteOrder.LITTLE_ENDIAN)));
        written.run();
    }

    /// The totals of this process's epochs in a root, by epoch. An epoch that is only known there has none.
    public Map<Long, List<Charge>> totals(String root) {
        return rows(Shelf.TOTALS, root, ByteOrder.LITTLE_ENDIAN);
    }

    /// The roots in which an epoch of this process is known.
    public Map<Long, Set<String>> roots() {
        var roots = new HashMap<Long, Set<String>>();
        store.scan(Shelf.TOTALS, new byte[0], (key, _) -> {
            int end = end(key, 0);
            roots.computeIfAbsent(ByteBuffer.wrap(key).getLong(end + 1), _ -> new HashSet<>())
                    .add(new String(key, 0, end, UTF_8));
            return true;
        });
        return roots;
    }

    /// The totals of an epoch are known elsewhere now.
    public void forget(long epoch) {
        drop(Shelf.TOTALS, key -> ByteBuffer.wrap(key).getLong(end(key, 0) + 1) == epoch);
    }

    /// Notes the totals of any epochs, the larger of what is there and what comes.
    public void checkpoint(Collection<Charge> totals) {
        var larger = totals.stream().filter(this::isLarger).toList();
        store.write(batch -> larger.forEach(total -> batch.put(
                Shelf.CHECKPOINTS,
                key(total.root(), total.epoch(), total.account(), total.bucket()),
                number(total.nanos(), ByteOrder.BIG_ENDIAN))));
        written.run();
    }

    private boolean isLarger(Charge total) {
        var there = store.get(Shelf.CHECKPOINTS, key(total.root(), total.epoch(), total.account(), total.bucket()));
        return there == null || ByteBuffer.wrap(there).getLong() < total.nanos();
    }

    public Map<Long, List<Charge>> checkpoints(String root) {
        return rows(Shelf.CHECKPOINTS, root, ByteOrder.BIG_ENDIAN);
    }

    /// Forgets the buckets that no window touches any more.
    ///
    /// @param now milliseconds since 1970
    public void prune(long now) {
        for (var shelf : List.of(Shelf.TOTALS, Shelf.CHECKPOINTS)) {
            drop(shelf, key -> {
                int start = end(key, 0) + 1 + Long.BYTES;
                if (start >= key.length) {
                    return false;
                }
                var bucket = bucket(key, end(key, start) + 1);
                return bucket.index() < bucket.grain().oldest(now);
            });
        }
    }

    /// One fact of the roster; a later one takes its place.
    public void enlist(String name, String fact) {
        store.put(Shelf.ROSTER, name.getBytes(UTF_8), fact.getBytes(UTF_8));
        written.run();
    }

    public Map<String, String> roster() {
        var roster = new HashMap<String, String>();
        store.scan(Shelf.ROSTER, new byte[0], (key, row) -> {
            roster.put(new String(key, UTF_8), new String(row, UTF_8));
            return true;
        });
        return roster;
    }

    /// Waits for the disk: for platform threads only.
    public void sync() {
        store.sync();
    }

    private void drop(Shelf shelf, Predicate<byte[]> old) {
        var keys = new ArrayList<byte[]>();
        store.scan(shelf, new byte[0], (key, _) -> {
            if (old.test(key)) {
                keys.add(key);
            }
            return true;
        });
        store.write(batch -> keys.forEach(key -> batch.delete(shelf, key)));
    }

    private Map<Long, List<Charge>> rows(Shelf shelf, String root, ByteOrder order) {
        var rows = new HashMap<Long, List<Charge>>();
        var begin = (root + '\0').getBytes(UTF_8);
        store.scan(shelf, begin, (key, row) -> {
            if (!Arrays.equals(key, 0, Math.min(begin.length, key.length), begin, 0, begin.length)) {
                return false;
            }
            long epoch = ByteBuffer.wrap(key).getLong(begin.length);
            var ofEpoch = rows.computeIfAbsent(epoch, _ -> new ArrayList<>());
            int start = begin.length + Long.BYTES;
            if (start < key.length) {
                int end = end(key, start);
                ofEpoch.add(new Charge(
                        root,
                        epoch,
                        Account.parse(new String(key, start, end - start, UTF_8)),
                        bucket(key, end + 1),
                        ByteBuffer.wrap(row).order(order).getLong()));
            }
            return true;
        });
        return rows;
    }

    private static Bucket bucket(byte[] key, int at) {
        return new Bucket(Grain.of(key[at]), ByteBuffer.wrap(key).getLong(at + 1));
    }

    private static int end(byte[] key, int from) {
        int end = from;
        while (end < key.length && key[end] != SEPARATOR) {
            end++;
        }
        return end;
    }

    private static byte[] prefix(String root, long epoch) {
        var name = root.getBytes(UTF_8);
        return ByteBuffer.allocate(name.length + 1 + Long.BYTES)
                .put(name)
                .put(SEPARATOR)
                .putLong(epoch)
                .array();
    }

    private static byte[] key(String root, long epoch, Account account, Bucket bucket) {
        var prefix = prefix(root, epoch);
        var name = account.toString().getBytes(UTF_8);
        return ByteBuffer.allocate(prefix.length + name.length + LEAST)
                .put(prefix)
                .put(name)
                .put(SEPARATOR)
                .put(bucket.grain().code())
                .putLong(bucket.index())
                .array();
    }

    private static byte[] number(long number, ByteOrder order) {
        return ByteBuffer.allocate(Long.BYTES).order(order).putLong(number).array();
    }
}
