package com.posthog.aigateway.journal;

import com.posthog.aigateway.journal.Journal.Sync;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what was written to the disk, on a platform thread of its own: a virtual thread that waited inside the
/// library would hold its carrier. All that was written while one sync ran goes with the next.
final class Syncer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);
    private static final Duration AFTER_FAULT = Duration.ofMillis(500);

    private final Runnable disk;
    private final Sync sync;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private final Condition done = lock.newCondition();
    private final Thread thread;
    private long written;
    private long synced;
    private @Nullable JournalFault fault;
    private boolean closing;
    private boolean closed;

    Syncer(Runnable disk, Sync sync) {
        this.disk = disk;
        this.sync = sync;
        this.thread = Thread.ofPlatform().name("journal-sync").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Something was written. Waits for the disk where every write is synced.
    ///
    /// JournalFault: the last sync failed, so nothing that is written now can be trusted to stay.
    void written() {
        lock.lock();
        try {
            long mine = ++written;
            if (mine == synced + 1) {
                wake.signal();
            }
            if (sync instanceof Sync.Always) {
                while (synced < mine && fault == null && !closed) {
                    done.awaitUninterruptibly();
                }
                if (synced < mine && fault == null) {
                    throw new JournalFault("the journal was closed while a call waited for the disk");
                }
            }
            if (fault != null) {
                throw new JournalFault(String.valueOf(fault.getMessage()), fault);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                long upTo = next();
                if (upTo == 0) {
                    return;
                }
                note(upTo, attempt());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for something to sync, and for more that can go with it; 0 at the end.
    private long next() throws InterruptedException {
        lock.lock();
        try {
            while (!closing && synced == written) {
                wake.await();
            }
            long left = pause().toNanos();
            while (!closing && left > 0) {
                left = wake.awaitNanos(left);
            }
            return closing ? 0 : written;
        } finally {
            lock.unlock();
        }
    }

    private Duration pause() {
        if (fault != null) {
            return AFTER_FAULT;
        }
        return switch (sync) {
            case Sync.Every(Duration pause) -> pause;
            case Sync.Always() -> Duration.ZERO;
        };
    }

    private @Nullable JournalFault attempt() {
        try {
            disk.run();
            return null;
        } catch (JournalFault e) {
            return e;
        }
    }

    private void note(long upTo, @Nullable JournalFault outcome) {
        lock.lock();
        try {
            if (outcome == null) {
                synced = upTo;
            } else if (fault == null) {
                LOG.error("what was written is not synced: {}", outcome.getMessage());
            }
            fault = outcome;
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Syncs what is left.
    @Override
    public void close() {
        end(() -> closing = true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (pending()) {
            note(soFar(), attempt());
        }
        end(() -> closed = true);
    }

    private void end(Runnable mark) {
        lock.lock();
        try {
            mark.run();
            wake.signalAll();
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean pending() {
        lock.lock();
        try {
            return synced < written;
        } finally {
            lock.unlock();
        }
    }

    private long soFar() {
        lock.lock();
        try {
            return written;
        } finally {
            lock.unlock();
        }
    }
}
