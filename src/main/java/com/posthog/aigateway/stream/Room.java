package com.posthog.aigateway.stream;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// The memory that whole requests and answers may take together.
public final class Room {

    private final Semaphore free;

    /// @param bytes in all, at most 2 GiB
    public Room(long bytes) {
        free = new Semaphore(whole(bytes), true);
    }

    /// Takes room at once, or not at all.
    public boolean take(long bytes) {
        return free.tryAcquire(whole(bytes));
    }

    /// Takes room within a time.
    public boolean take(long bytes, Duration wait) {
        try {
            return take(bytes) || free.tryAcquire(whole(bytes), wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public void giveBack(long bytes) {
        free.release(whole(bytes));
    }

    private static int whole(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }
}
