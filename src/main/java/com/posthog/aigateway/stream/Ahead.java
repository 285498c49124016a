package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.ReplyAround;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// An answer whose beginning is read ahead of its reader, for a bounded time and up to a bound of bytes. It
/// reads as if nobody had. Another thread reads ahead, since whoever reads from a provider cannot be told to
/// stop waiting without losing the answer.
public final class Ahead extends ReplyAround {

    /// Is shown what has come, piece by piece, until it has seen enough.
    interface Until {
        boolean isEnough(byte[] bytes, int from, int to);
    }

    private static final int PIECE = 8 << 10;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final int most;
    private final Until until;
    private final GrowingBytes held;
    private int given;
    private boolean reading = true;
    private boolean waiting;
    private boolean enough;
    private boolean ended;
    private @Nullable Broken broken;

    private Ahead(Reply reply, int most, Until until) {
        super(reply);
        this.most = most;
        this.until = until;
        this.held = new GrowingBytes(1 << 10, most + PIECE);
    }

    /// Reads to the end, as long as it lies within the bounds: for the text of an error.
    public static Ahead toTheEnd(Reply reply, int most, Duration patience) {
        return of(reply, most, patience, (_, _, _) -> false, () -> true);
    }

    /// Reads until enough was seen, `most` bytes have come, or the time is over.
    ///
    /// @param worthWaiting asked once, where what has come is not enough; false: what comes passes
    static Ahead of(Reply reply, int most, Duration patience, Until until, BooleanSupplier worthWaiting) {
        var ahead = new Ahead(reply, most, until);
        Thread.ofVirtual().name("ahead").start(ahead::readAhead);
        if (ahead.needsMore() && worthWaiting.getAsBoolean()) {
            ahead.await(patience);
        } else {
            ahead.pass();
        }
        return ahead;
    }

    private void readAhead() {
        var piece = new byte[PIECE];
        try {
            int count;
            do {
                count = reply.read(piece, 0, this::waits);
            } while (took(piece, count));
        } catch (Broken e) {
            stop(e);
        }
    }

    private synchronized void waits() {
        waiting = true;
        notifyAll();
    }

    /// Returns once all was seen that had come.
    private synchronized boolean needsMore() {
        try {
            while (reading && !waiting) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return reading;
    }

    private synchronized void pass() {
        enough = true;
    }

    /// Returns whether more is wanted.
    private synchronized boolean took(byte[] piece, int count) {
        if (count < 0) {
            ended = true;
        } else {
            held.add(piece, 0, count);
            enough = enough || until.isEnough(piece, 0, count) || held.length() >= most;
        }
        reading = !ended && !enough;
        if (!reading) {
            notifyAll();
        }
        return reading;
    }

    private synchronized void stop(Broken why) {
        broken = why;
        reading = false;
        notifyAll();
    }

    /// After the time is over, one read may still be under way: what it brings is passed on.
    private synchronized void await(Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        try {
            long left = patience.toNanos();
            while (reading && left > 0) {
                wait(Math.max(1, left / NANOS_PER_MILLI));
                left = until - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        enough = true;
    }

    /// What has been read ahead.
    public synchronized byte[] beginning() {
        return held.copy();
    }

    /// True when the whole message is here.
    public synchronized boolean isWhole() {
        return ended;
    }

    /// Why no more will come; null where more may.
    synchronized @Nullable Broken broken() {
        return broken;
    }

    @Override
    public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
        int count = give(buffer, offset, beforeWaiting);
        return count == 0 ? reply.read(buffer, offset, beforeWaiting) : count;
    }

    /// Bytes that are here, -1 at the end of the message, or 0 where the reader has to read on by itself.
    private synchronized int give(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
        if (given == held.length() && reading) {
            beforeWaiting.run();
            awaitPiece();
        }
        int count = Math.min(buffer.length - offset, held.length() - given);
        if (count > 0) {
            System.arraycopy(held.array(), given, buffer, offset, count);
            given += count;
            return count;
        }
        if (broken != null) {
            throw broken;
        }
        return ended ? -1 : 0;
    }

    private void awaitPiece() throws Broken {
        try {
            while (reading) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Broken(Broken.How.CANCELLED, "interrupted");
        }
    }
}
