package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Money;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request as it is charged: what was made of its answer so far, and how that was told to the bill.
final class Charged {

    /// Where no bill is kept, or nothing is known of the request.
    static final Charged NOT = new Charged(null, Answer.NOTHING, Directives.NONE, "", "");

    private final @Nullable Bill bill;
    private final Answer answer;
    private final Directives directives;
    private final String model;
    private final String mark;
    private final long number;
    private long sent;

    private Charged(@Nullable Bill bill, Answer answer, Directives directives, String model, String mark) {
        this.bill = bill;
        this.answer = answer;
        this.directives = directives;
        this.model = model;
        this.mark = mark;
        this.number = bill == null ? 0 : bill.number();
    }

    static Charged of(@Nullable Bill bill, Answer answer, Directives directives, Asked asked) {
        return bill == null ? NOT : new Charged(bill, answer, directives, asked.model(), asked.mark());
    }

    /// Before the first byte.
    void begin() {
        write(false, answer.stream() ? 0 : visible());
    }

    void sent(int bytes) {
        sent += bytes;
    }

    /// Before the last byte, or when there will be no more.
    void end() {
        write(true, answer.stream() ? madeUntilNow() : visible());
    }

    /// The caller left; some more was made before that was noticed.
    void left() {
        write(true, answer.stream() ? Math.min(visible(), madeUntilNow() + late()) : visible());
    }

    private int visible() {
        var work = answer.work();
        return work == null ? 0 : work.visible();
    }

    private int madeUntilNow() {
        var work = answer.work();
        // The events of an error carry no output.
        int most = directives.failsLater() ? directives.after() : Integer.MAX_VALUE;
        return work == null ? 0 : work.made(Math.min(most, answer.begun(sent)));
    }

    private int late() {
        var work = answer.work();
        var late = directives.extras().late();
        var gap = directives.chunkGap();
        if (work == null || late.isZero()) {
            return 0;
        }
        return gap.equals(Duration.ZERO)
                ? work.visible()
                : Math.toIntExact(Math.min(work.visible(), late.dividedBy(gap) + 1));
    }

    private void write(boolean last, int made) {
        if (bill == null) {
            return;
        }
        var work = answer.work();
        var charged = work == null ? Money.ZERO : bill.price(model, work.charged(made));
        var shown = work == null ? Money.ZERO : bill.price(model, work.shown(made));
        bill.write(new BillLine(number, mark, model, last, answer.status(), answer.stream(), charged, shown));
    }
}
