package com.posthog.aigateway.report;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.catalogue.Estimates;
import com.posthog.aigateway.catalogue.Model;
import java.math.BigDecimal;

/// What the calls of one model used, in the terms of its estimates, and how many of them used more than is estimated
/// now.
final class Used {

    /// With fewer calls of a kind, a few odd ones would decide.
    static final long FEWEST = 100;

    /// How much input a byte brings differs little from call to call, and what is too little shows only when it is
    /// billed: a high share costs little.
    static final int INPUT_COVERED = 90;

    /// The lengths of answers differ by far: to cover the longest, all others would hold a multiple of what they use.
    static final int OUTPUT_COVERED = 75;

    private static final int MEDIAN = 50;

    /// A stream of usual length grows its hold about five times: rarely enough for the ledger, and at its end a fifth
    /// of what it wrote is held too much at most.
    private static final long SLICES = 5;

    /// Below it a fast stream would wait for the ledger; above it holds would be large, whatever is written.
    private static final long SMALLEST_SLICE = 200;

    private static final long LARGEST_SLICE = 4_000;
    private static final int MILLIONTHS = 6;
    private static final long MOST_PER_BYTE = 1_000_000;
    private static final long MOST_OUTPUT = 1_000_000;

    private final Estimates present;
    private final Tally perByte = new Tally();
    private final Tally shown = new Tally();
    private final Tally hidden = new Tally();
    private final Tally whole = new Tally();
    private long moreInput;
    private long moreHidden;
    private long moreWhole;

    Used(Model model) {
        this.present = model.estimates();
    }

    /// @param bytes of the request
    /// @param input all that was read, also from the cache
    /// @param output all that was written, in tokens as well
    void add(Receipt receipt, long bytes, long input, long output) {
        perByte.add(Math.min(Math.ceilDiv(input * MOST_PER_BYTE, bytes), MOST_PER_BYTE));
        moreInput += input > present.inputTokens(bytes) ? 1 : 0;
        if (receipt.intent().endpoint() == Endpoint.EMBEDDINGS) {
            return;
        }
        if (receipt.intent().stream()) {
            addStream(receipt.reading().outputTokens(), output);
        } else {
            whole.add(output);
            moreWhole += output > present.wholeOutput() + present.hiddenOutput() ? 1 : 0;
        }
    }

    /// What a stream has shown is counted by its bytes, and may come to more than its provider reports.
    private void addStream(long seen, long output) {
        long unseen = Math.max(0, output - seen);
        shown.add(seen);
        hidden.add(unseen);
        moreHidden += unseen > present.hiddenOutput() ? 1 : 0;
    }

    boolean isThin() {
        return perByte.count() < FEWEST;
    }

    boolean fewStreams() {
        return shown.count() < FEWEST;
    }

    boolean fewWhole() {
        return whole.count() < FEWEST;
    }

    Share moreInput() {
        return new Share(moreInput, perByte.count());
    }

    Share moreHidden() {
        return new Share(moreHidden, hidden.count());
    }

    Share moreWhole() {
        return new Share(moreWhole, whole.count());
    }

    /// What would have suited these calls; what too few of them tell of is as it is now. Only where it is not thin.
    Estimates suggested() {
        long hiddenOutput = fewStreams() ? present.hiddenOutput() : most(hidden.covering(OUTPUT_COVERED));
        return new Estimates(
                BigDecimal.valueOf(Math.max(1, perByte.covering(INPUT_COVERED)), MILLIONTHS),
                fewStreams() ? present.slice() : slice(),
                fewWhole() ? present.wholeOutput() : wholeOutput(hiddenOutput),
                hiddenOutput);
    }

    private long slice() {
        return Math.clamp(Tally.roundedUp(Math.ceilDiv(shown.covering(MEDIAN), SLICES)), SMALLEST_SLICE, LARGEST_SLICE);
    }

    /// An answer that is not streamed holds what is hidden as well.
    private long wholeOutput(long hiddenOutput) {
        return Math.max(1, most(Tally.roundedUp(Math.max(0, whole.covering(OUTPUT_COVERED) - hiddenOutput))));
    }

    private static long most(long tokens) {
        return Math.min(tokens, MOST_OUTPUT);
    }
}
