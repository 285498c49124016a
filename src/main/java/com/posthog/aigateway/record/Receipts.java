package com.posthog.aigateway.record;

import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.journal.JournalFault;
import com.posthog.aigateway.telemetry.CallLog;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes down what happened: an intent before a provider is asked, then exactly one receipt.
public final class Receipts {

    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
    private static final Duration UNTIL_ROOM = Duration.ofSeconds(5);

    private final Journal journal;
    private final Lane lane;
    private final CallLog log;
    private final CallFigures figures;
    private final Tallies tallies;
    private final Clock clock;

    public Receipts(Journal journal, Lane lane, CallLog log, CallFigures figures, Tallies tallies, Clock clock) {
        this.journal = journal;
        this.lane = lane;
        this.log = log;
        this.figures = figures;
        this.tallies = tallies;
        this.clock = clock;
    }

    /// Every call that the last process left open becomes a receipt: lost, at its estimate. Returns how many.
    public int recover() {
        var unfinished = journal.unfinished();
        unfinished.forEach(intent -> write(lost(intent), Content.NONE));
        return unfinished.size();
    }

    private Receipt lost(Intent intent) {
        var serving = intent.serving();
        var cost = serving == null ? Cost.NOTHING : serving.estimate();
        var age = Duration.between(intent.at(), clock.instant());
        return new Receipt(
                intent,
                Ending.LOST,
                0,
                "the gateway ended before the call did",
                List.of(),
                Reading.NOTHING,
                cost,
                age.isNegative() ? Duration.ZERO : age,
                null);
    }

    /// Notes what is about to be sent.
    ///
    /// Refusal: the journal cannot be written, so nothing may be spent.
    public void intend(Intent intent) {
        try {
            journal.intend(intent);
        } catch (JournalFault fault) {
            LOG.error("a call was refused: {}", fault.getMessage());
            throw new Refusal(Reason.UNAVAILABLE, "the gateway cannot write its journal; ask again")
                    .retryAfter(UNTIL_ROOM);
        }
    }

    /// Notes how far a call has come. Where that cannot be written, what was noted before stands.
    public void progress(Intent intent) {
        try {
            journal.intend(intent);
        } catch (JournalFault fault) {
            LOG.warn("call {} goes on as it was noted before: {}", intent.id(), fault.getMessage());
        }
    }

    /// The end of the story. The event follows on its own. Returns whether the receipt is on disk: only then
    /// it counts.
    public boolean write(Receipt receipt, Content content) {
        boolean deliver = receipt.intent().endpoint().isTold() && receipt.ending() != Ending.REFUSED;
        boolean onDisk = finish(receipt, () -> journal.write(receipt, content, deliver));
        if (deliver) {
            lane.wake();
        }
        return onDisk;
    }

    /// The end of a call that was refused, which a tally may count.
    public boolean refuse(Receipt receipt, Refusal refusal) {
        return Tallies.count(refusal.reason())
                ? finish(receipt, () -> tallies.add(receipt, refusal))
                : write(receipt, Content.NONE);
    }

    private boolean finish(Receipt receipt, Runnable writing) {
        boolean onDisk = true;
        try {
            writing.run();
        } catch (JournalFault fault) {
            onDisk = false;
            figures.unwritten();
            LOG.error(
                    "the receipt of call {} was not written: {}",
                    receipt.intent().id(),
                    fault.getMessage());
        }
        log.write(receipt);
        figures.count(receipt);
        return onDisk;
    }
}
