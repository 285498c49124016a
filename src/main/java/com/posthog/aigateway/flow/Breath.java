package com.posthog.aigateway.flow;

import com.posthog.aigateway.admit.Admission;
import com.posthog.aigateway.admit.Admission.Resized;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.stream.Meter;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets the hold of a stream breathe: it follows the reported input, and grows slice by slice ahead of the output, on
/// another thread. The stream waits only when it has used up what is held before the ledger has answered.
final class Breath implements Meter {

    /// For a ledger that cannot be asked: longer than a member takes to be missed, and a quorum to come back.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long EVERYTHING = Long.MAX_VALUE;

    private final Admission admission;
    private final Bill bill;
    private final long slice;
    private final boolean stops;
    private final Consumer<Cost> grown;
    private @Nullable Usage begun;
    private long covered;
    private boolean asking;
    private Resized last = Resized.GRANTED;
    private boolean news;

    /// @param grown told, on the stream's own thread, what the call costs so far, when more was granted
    Breath(Admission admission, Bill bill, Consumer<Cost> grown) {
        this.admission = admission;
        this.bill = bill;
        this.slice = bill.slice();
        this.stops = admission.stops();
        this.grown = grown;
        this.covered = reach(null);
    }

    /// How many tokens of output are paid for by what is held.
    private long reach(@Nullable Usage begun) {
        var nothing = bill.upTo(begun, 0).total();
        long price = bill.upTo(begun, slice).total().above(nothing).nanos();
        long left = admission.estimate().nanos() - nothing.nanos();
        return price == 0
                ? EVERYTHING
                : Math.floorDiv(left, price) * slice + Math.floorMod(left, price) * slice / price;
    }

    @Override
    public synchronized boolean passed(long output, @Nullable Usage begun, Runnable beforeWaiting) {
        if (begun != null && this.begun == null && !asking) {
            meet(begun, output);
        }
        if (news) {
            news = false;
            grown.accept(bill.upTo(this.begun, output));
        }
        if (output < covered - slice / 2) {
            return true;
        }
        // What was refused ahead is asked for once more when all is used up: others may have ended meanwhile.
        if (!asking && (last == Resized.GRANTED || output >= covered)) {
            ask(Math.max(output, covered) + slice);
        }
        if (!stops) {
            return true;
        }
        if (asking && output >= covered) {
            beforeWaiting.run();
        }
        return waitWhileAsking(output) && output < covered;
    }

    /// The stream has said what it read: too much may have been held, or too little.
    private void meet(Usage begun, long output) {
        this.begun = begun;
        covered = reach(begun);
        if (covered != EVERYTHING && covered > output + 2 * slice) {
            covered = output + slice;
            ask(covered);
        }
    }

    private void ask(long target) {
        asking = true;
        var expected = bill.upTo(begun, target).total();
        Thread.ofVirtual().name("hold").start(() -> {
            var resized = Resized.REFUSED;
            try {
                resized = resize(expected);
            } finally {
                answer(target, resized);
            }
        });
    }

    private Resized resize(Money expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Resized resized;
        do {
            resized = admission.resize(expected);
        } while (resized == Resized.UNDECIDED && System.nanoTime() < deadline);
        return resized;
    }

    private synchronized void answer(long target, Resized resized) {
        asking = false;
        last = resized;
        if (resized == Resized.GRANTED) {
            news = true;
            covered = target;
        }
        notifyAll();
    }

    private boolean waitWhileAsking(long output) {
        try {
            while (asking && output >= covered) {
                wait();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public synchronized String why() {
        return last == Resized.UNDECIDED
                ? "the ledger could not be asked whether a budget holds more of this answer"
                : "a budget does not hold more of this answer";
    }

    @Override
    public Usage used(Reading reading) {
        return bill.used(reading);
    }
}
