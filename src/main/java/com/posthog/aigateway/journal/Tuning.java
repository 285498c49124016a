package com.posthog.aigateway.journal;

import com.posthog.aigateway.journal.Journal.Limits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionOptionsFIFO;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.UInt64AddOperator;

/// How RocksDB is set: little memory, and so much room for writing that a call does not wait for a compaction.
final class Tuning implements AutoCloseable {

    private static final long MIB = 1 << 20;
    private static final long BLOCK_CACHE = 32 * MIB;
    /// Bounds what a start has to read again, and so how long it takes.
    private static final long MAX_LOG = 128 * MIB;

    /// Some hundred million rows.
    private static final long MOST_OWNERS = 16L << 30;

    private static final int WRITE_BUFFERS = 4;

    private final Deque<AbstractNativeReference> natives = new ArrayDeque<>();
    private final Limits limits;
    private final Cache cache;

    Tuning(Limits limits) {
        this.limits = limits;
        this.cache = keep(new LRUCache(BLOCK_CACHE));
    }

    @SuppressWarnings("resource") // Closed with the rest.
    DBOptions database() {
        return keep(new DBOptions())
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxTotalWalSize(MAX_LOG)
                .setMaxBackgroundJobs(2)
                .setBytesPerSync(MIB)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MIB)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
    }

    /// Our families, and those that a newer version left behind: RocksDB opens all or nothing.
    List<ColumnFamilyDescriptor> families(List<byte[]> present) {
        var ours = Arrays.stream(Shelf.values())
                .map(shelf -> new ColumnFamilyDescriptor(shelf.bytes(), family(shelf)))
                .toList();
        var foreign = present.stream()
                .filter(name -> Arrays.stream(Shelf.values()).noneMatch(shelf -> Arrays.equals(shelf.bytes(), name)))
                .map(name -> new ColumnFamilyDescriptor(name, levels(MIB)))
                .toList();
        var all = new ArrayList<>(ours);
        all.addAll(foreign);
        return all;
    }

    private ColumnFamilyOptions family(Shelf shelf) {
        return switch (shelf) {
            case META, REGISTER, ROSTER -> levels(MIB);
            case CHECKPOINTS -> levels(4 * MIB);
            case TOTALS, TALLIES -> levels(4 * MIB).setMergeOperator(keep(new UInt64AddOperator()));
            case UNDELIVERED -> levels(4 * MIB);
            case INTENTS -> levels(16 * MIB);
            case RECEIPTS -> levels(32 * MIB);
            case CONTENT -> queue(limits.maxContentBytes(), limits.keepReceipts());
            case OWNERS -> queue(MOST_OWNERS, limits.keepOwners());
        };
    }

    private ColumnFamilyOptions levels(long writeBuffer) {
        return options(writeBuffer).setLevel0SlowdownWritesTrigger(40).setLevel0StopWritesTrigger(80);
    }

    /// The oldest whole files go when the bound is reached, or when all in them is too old to matter.
    @SuppressWarnings("resource") // Closed with the rest.
    private ColumnFamilyOptions queue(long maxBytes, Duration keep) {
        long writeBuffer = Math.clamp(maxBytes / 16, MIB / 4, 32 * MIB);
        return options(writeBuffer)
                .setCompactionStyle(CompactionStyle.FIFO)
                .setTtl(keep.toSeconds())
                .setCompactionOptionsFIFO(
                        keep(new CompactionOptionsFIFO()).setMaxTableFilesSize(Math.max(1, maxBytes)));
    }

    @SuppressWarnings("resource") // Closed with the rest.
    private ColumnFamilyOptions options(long writeBuffer) {
        return keep(new ColumnFamilyOptions())
                .setWriteBufferSize(writeBuffer)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(keep(new BloomFilter(10))));
    }

    <T extends AbstractNativeReference> T keep(T reference) {
        natives.push(reference);
        return reference;
    }

    @Override
    public void close() {
        natives.forEach(AbstractNativeReference::close);
    }
}
