package com.posthog.aigateway.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Tally;
import com.posthog.aigateway.journal.Rows.Unreadable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Refusals that are counted and not told yet. A tally has the key of its first call; behind it stands, for each
/// reason, `key reason` with a number that only grows. Every method may throw [JournalFault].
public final class TallyRows {

    private static final byte[] ONE = ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(1)
            .array();

    private final Store store;
    private final Damage damage;
    private final Runnable written;

    TallyRows(Store store, Damage damage, Runnable written) {
        this.store = store;
        this.damage = damage;
        this.written = written;
    }

    static void begin(Store.Batch batch, Tally tally) {
        batch.put(Shelf.TALLIES, Key.of(tally.id()), Rows.ofNoun(tally));
    }

    static void count(Store.Batch batch, UUID tally, String reason) {
        batch.merge(Shelf.TALLIES, count(tally, reason), ONE);
    }

    private static byte[] count(UUID tally, String reason) {
        var word = reason.getBytes(UTF_8);
        return ByteBuffer.allocate(Key.LENGTH + word.length)
                .put(Key.of(tally))
                .put(word)
                .array();
    }

    /// Those that began first, in that order.
    public List<Tally.Counted> oldest(int limit) {
        var tallies = new LinkedHashMap<UUID, Tally>();
        var counts = new LinkedHashMap<UUID, Map<String, Long>>();
        store.scan(Shelf.TALLIES, new byte[0], (key, row) -> {
            var id = Key.id(key);
            if (key.length == Key.LENGTH && tallies.size() == limit) {
                return false;
            } else if (key.length == Key.LENGTH) {
                read(row, tallies, id);
            } else {
                var reason = new String(key, Key.LENGTH, key.length - Key.LENGTH, UTF_8);
                counts.computeIfAbsent(id, _ -> new LinkedHashMap<>()).put(reason, number(row));
            }
            return true;
        });
        var oldest = new ArrayList<Tally.Counted>();
        tallies.forEach((id, tally) -> oldest.add(new Tally.Counted(tally, counts.getOrDefault(id, Map.of()))));
        return oldest;
    }

    private void read(byte[] row, Map<UUID, Tally> tallies, UUID id) {
        try {
            tallies.put(id, Rows.noun(row, Tally.class));
        } catch (Unreadable e) {
            damage.found(Shelf.TALLIES, String.valueOf(e.getMessage()));
        }
    }

    private static long number(byte[] row) {
        return ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /// These need to be told no more.
    public void told(Collection<Tally.Counted> tallies) {
        store.write(batch -> tallies.forEach(counted -> {
            var id = counted.tally().id();
            batch.delete(Shelf.TALLIES, Key.of(id));
            counted.counts().keySet().forEach(reason -> batch.delete(Shelf.TALLIES, count(id, reason)));
        }));
        written.run();
    }
}
