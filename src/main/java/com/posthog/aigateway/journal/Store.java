package com.posthog.aigateway.journal;

import com.posthog.aigateway.journal.Journal.Limits;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB, known to nobody else: its faults become [JournalFault], and nobody reaches it once it is closed,
/// which would end the process.
final class Store implements AutoCloseable {

    /// Takes one row; answers whether it wants the next.
    interface Visitor {
        boolean take(byte[] key, byte[] value);
    }

    /// Changes that happen together or not at all.
    final class Batch {
        private final WriteBatch changes;

        private Batch(WriteBatch changes) {
            this.changes = changes;
        }

        void put(Shelf shelf, byte[] key, byte[] value) {
            attempt(() -> changes.put(handle(shelf), key, value));
        }

        void merge(Shelf shelf, byte[] key, byte[] value) {
            attempt(() -> changes.merge(handle(shelf), key, value));
        }

        void delete(Shelf shelf, byte[] key) {
            attempt(() -> changes.delete(handle(shelf), key));
        }

        void deleteRange(Shelf shelf, byte[] from, byte[] until) {
            attempt(() -> changes.deleteRange(handle(shelf), from, until));
        }
    }

    private interface Step {
        void run() throws RocksDBException;
    }

    private static final byte[] FIRST = new byte[0];

    private final Path folder;
    private final Tuning tuning;
    private final RocksDB database;
    private final List<ColumnFamilyHandle> handles;
    private final Map<Shelf, ColumnFamilyHandle> shelves = new EnumMap<>(Shelf.class);
    private final WriteOptions unsynced;
    private final StampedLock door = new StampedLock();
    private boolean closed;

    private final Damage damage;

    private Store(Path folder, Damage damage, Tuning tuning, RocksDB database, List<ColumnFamilyHandle> handles) {
        this.folder = folder;
        this.damage = damage;
        this.tuning = tuning;
        this.database = database;
        this.handles = handles;
        this.unsynced = tuning.keep(new WriteOptions());
        var opened = handles.iterator();
        for (var shelf : Shelf.values()) {
            shelves.put(shelf, opened.next());
        }
    }

    static Store open(Path data, Limits limits, Damage damage) {
        try {
            if (!Files.isDirectory(data)) {
                Files.createDirectories(data);
                keepToOurselves(data);
            }
        } catch (IOException e) {
            throw unusable(data, "written", why(e), e);
        }
        return open(data, "written", limits, damage, RocksDB::open);
    }

    private static String why(IOException e) {
        return switch (e) {
            case FileAlreadyExistsException file -> "'" + file.getFile() + "' is not a folder";
            case AccessDeniedException folder -> "'" + folder.getFile() + "' is not ours to write";
            default -> String.valueOf(e.getMessage());
        };
    }

    /// What is in a journal that this or another process has open, as it is now.
    static Store openReadOnly(Path data, Limits limits, Damage damage) {
        return open(data, "read", limits, damage, RocksDB::openReadOnly);
    }

    private interface Opening {
        RocksDB open(
                DBOptions options, String path, List<ColumnFamilyDescriptor> families, List<ColumnFamilyHandle> handles)
                throws RocksDBException;
    }

    private static Store open(Path data, String use, Limits limits, Damage damage, Opening opening) {
        loadLibrary();
        var folder = data.resolve("journal");
        var tuning = new Tuning(limits);
        var handles = new ArrayList<ColumnFamilyHandle>();
        try {
            var database =
                    opening.open(tuning.database(), folder.toString(), tuning.families(present(folder)), handles);
            return new Store(data, damage, tuning, database, handles);
        } catch (RocksDBException e) {
            tuning.close();
            throw notOpened(data, use, e);
        }
    }

    /// Before any object of theirs is made.
    private static void loadLibrary() {
        try {
            RocksDB.loadLibrary();
        } catch (UnsatisfiedLinkError | RuntimeException e) {
            throw new JournalFault(
                    "RocksDB's library cannot be loaded: " + e.getMessage()
                            + "; it needs a folder that can be written and executed from:"
                            + " -Djava.io.tmpdir=<folder> or ROCKSDB_SHAREDLIB_DIR=<folder>",
                    e);
        }
    }

    private static List<byte[]> present(Path folder) throws RocksDBException {
        if (!Files.exists(folder.resolve("CURRENT"))) {
            return List.of();
        }
        try (var options = new Options()) {
            return RocksDB.listColumnFamilies(options, folder.toString());
        }
    }

    private static void keepToOurselves(Path data) throws IOException {
        if (data.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static JournalFault notOpened(Path data, String use, RocksDBException e) {
        var why = String.valueOf(e.getMessage());
        if (why.contains("While lock file") || why.contains("lock hold by current process")) {
            return new JournalFault("the data folder '" + data + "' is used by another process", e);
        }
        if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.IOError) {
            return unusable(data, use, why, e);
        }
        return new JournalFault("the journal in '" + data + "' is broken: " + why, e);
    }

    private static JournalFault unusable(Path data, String use, String why, Exception e) {
        return new JournalFault("the data folder '" + data + "' cannot be " + use + ": " + why, e);
    }

    void put(Shelf shelf, byte[] key, byte[] value) {
        inside(() -> database.put(handle(shelf), unsynced, key, value));
    }

    void write(Consumer<Batch> filling) {
        inside(() -> {
            try (var changes = new WriteBatch()) {
                filling.accept(new Batch(changes));
                database.write(unsynced, changes);
            }
        });
    }

    byte @Nullable [] get(Shelf shelf, byte[] key) {
        var found = new byte[1][];
        inside(() -> readAround(shelf, () -> found[0] = database.get(handle(shelf), key)));
        return found[0];
    }

    /// From this key on, upwards.
    void scan(Shelf shelf, byte[] from, Visitor visitor) {
        inside(() -> readAround(shelf, () -> {
            try (var rows = database.newIterator(handle(shelf))) {
                rows.seek(from);
                while (rows.isValid() && visitor.take(rows.key(), rows.value())) {
                    rows.next();
                }
                rows.status();
            }
        }));
    }

    /// From the last key on, downwards.
    void scanBack(Shelf shelf, Visitor visitor) {
        inside(() -> readAround(shelf, () -> {
            try (var rows = database.newIterator(handle(shelf))) {
                rows.seekToLast();
                while (rows.isValid() && visitor.take(rows.key(), rows.value())) {
                    rows.prev();
                }
                rows.status();
            }
        }));
    }

    /// A broken block on the disk ends a reading early, and is told, but stops nobody.
    private void readAround(Shelf shelf, Step reading) throws RocksDBException {
        try {
            reading.run();
        } catch (RocksDBException e) {
            if (e.getStatus() == null || e.getStatus().getCode() != Status.Code.Corruption) {
                throw e;
            }
            damage.found(shelf, String.valueOf(e.getMessage()));
        }
    }

    /// Gives whole files back to the disk at once; rows in files that reach beyond the range stay.
    void dropFiles(Shelf shelf, byte[] until) {
        inside(() -> database.deleteFilesInRanges(handle(shelf), List.of(FIRST, until), false));
    }

    /// Waits for the disk: for platform threads only.
    void sync() {
        inside(() -> database.flushWal(true));
    }

    private ColumnFamilyHandle handle(Shelf shelf) {
        var handle = shelves.get(shelf);
        if (handle == null) {
            throw new IllegalStateException("no family '" + shelf + "'");
        }
        return handle;
    }

    private void inside(Step step) {
        long stamp = door.readLock();
        try {
            if (closed) {
                throw new JournalFault("the journal in '" + folder + "' is closed");
            }
            attempt(step);
        } finally {
            door.unlockRead(stamp);
        }
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (RocksDBException e) {
            throw new JournalFault("the journal in '" + folder + "' failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        long stamp = door.writeLock();
        try {
            if (!closed) {
                closed = true;
                handles.forEach(ColumnFamilyHandle::close);
                database.close();
                tuning.close();
            }
        } finally {
            door.unlockWrite(stamp);
        }
    }
}
