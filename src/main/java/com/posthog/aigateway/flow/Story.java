package com.posthog.aigateway.flow;

import com.posthog.aigateway.admit.Admission;
import com.posthog.aigateway.admit.Estimate;
import com.posthog.aigateway.call.Arrival;
import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Delivered;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Overrun;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Skipped;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.dispatch.Outcome;
import com.posthog.aigateway.provider.Splices;
import com.posthog.aigateway.record.LabelReader;
import com.posthog.aigateway.runaway.Watched;
import com.posthog.aigateway.stream.Relay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What is known of one call so far. However it ends, one receipt is written: at the latest when it is closed.
final class Story implements AutoCloseable {

    /// Unknown names go on as they are, and may be anything.
    private static final Pattern FIT_FOR_A_HEADER = Pattern.compile("[!-~][ -~]{0,199}");

    private static final byte[] NOTHING_SAID = new byte[0];

    private final Bookkeeper books;
    private final Arrival arrival;
    private final Caller caller;
    private @Nullable Call call;
    private @Nullable Bill bill;
    private @Nullable Route route;
    private @Nullable Target target;
    private Watched watched = Watched.NOT;
    private Admission admission = Admission.FREE;
    private Intent intent;
    private List<Attempt> attempts = List.of();
    private List<Skipped> skipped = List.of();
    private boolean mayBill = true;
    private @Nullable Refusal refusal;
    private boolean written;

    Story(Bookkeeper books, Arrival arrival, Caller caller) {
        this.books = books;
        this.arrival = arrival;
        this.caller = caller;
        this.intent = intent(null, Labels.NONE, null);
    }

    Call asked(Call call) {
        this.call = call;
        this.intent = intent(call, LabelReader.read(call), null);
        return call;
    }

    Labels labels() {
        return intent.labels();
    }

    /// Whoever watches hears what the call spends, and how it ends.
    void watched(Watched watched) {
        this.watched = watched;
    }

    /// What is taken is given back, or charged, with the receipt.
    void admitted(Admission admission) {
        this.admission = admission;
    }

    /// One more attempt may be made, at this target: what it may cost is held, beside what an earlier one may,
    /// and on disk.
    boolean again(Target next, boolean beside) {
        if (!admission.again(target(), next, beside)) {
            return false;
        }
        serve(next);
        books.receipts().intend(intent);
        return true;
    }

    void intend(Route route) {
        this.route = route;
        serve(route.primary());
        if (admission.wantsIntentFirst()) {
            books.receipts().intend(intent);
        }
        watched.spends(Estimate.of(asked(), route).cost(books.catalogue(), asked(), route));
    }

    private void serve(Target next) {
        target = next;
        bill = billAt(next);
        var serving = new Intent.Serving(
                next.provider().id(), next.provider().url() + "/v1", bill.sent(), bill.estimate(Reading.NOTHING));
        intent = intent(asked(), intent.labels(), serving);
    }

    private Bill billAt(Target next) {
        return new Bill(books.catalogue(), asked(), route(), next);
    }

    void answered(Outcome.Answered answered) {
        made(answered, answered.served());
        if (!answered.target().equals(target)) {
            serve(answered.target());
        }
    }

    /// @param covered the attempt whose cost is that of the call; what others may cost stands beside it
    private void made(Outcome outcome, int covered) {
        skipped = outcome.skipped();
        attempts = IntStream.range(0, outcome.attempts().size())
                .mapToObj(index -> estimated(outcome.attempts().get(index), index == covered))
                .toList();
    }

    private Attempt estimated(Attempt attempt, boolean covered) {
        return covered || !attempt.mayBill()
                ? attempt
                : attempt.estimatedAt(route().targets().stream()
                        .filter(it -> it.provider().id().equals(attempt.provider())
                                && it.model().equals(attempt.model()))
                        .findFirst()
                        .map(it -> billAt(it).estimate(Reading.NOTHING).total())
                        .orElse(Money.ZERO));
    }

    Relay.Passage passage() {
        var call = asked();
        var bill = bill();
        return new Relay.Passage(
                call.id(),
                call.endpoint().shape(),
                headers(),
                Splices.addsUsage(call),
                Estimate.choices(call),
                intent.who().recordsContent() ? books.keptBytes() : 0,
                id -> books.stored().keep(id, call, caller, target().provider()),
                admission.breathes() ? new Breath(admission, bill, this::grown) : null,
                reading -> bill.known(reading) ? bill.cost(reading).total().toString() : null);
    }

    /// The hold has grown with the stream: what would be charged if this process ended now is on disk.
    private void grown(Cost soFar) {
        var serving = intent.serving();
        if (serving != null) {
            intent = intent(
                    asked(),
                    intent.labels(),
                    new Intent.Serving(serving.provider(), serving.baseUrl(), serving.model(), soFar));
            books.receipts().progress(intent);
        }
    }

    private Headers headers() {
        var target = target();
        var fields = new ArrayList<>(List.of(
                new Headers.Field("x-posthog-request-id", arrival.id().toString()),
                new Headers.Field("x-posthog-provider", target.provider().id()),
                new Headers.Field("x-posthog-attempts", Integer.toString(attempts.size()))));
        if (FIT_FOR_A_HEADER.matcher(target.model()).matches()) {
            fields.add(new Headers.Field("x-posthog-model", target.model()));
        }
        return new Headers(fields);
    }

    void delivered(Delivered delivered) {
        var cost = delivered.status() >= 400 ? Cost.NOTHING : bill().cost(delivered.reading());
        if (bill().guessed(delivered.reading())) {
            books.guessedPrices().add(1);
        }
        write(
                delivered.ending(),
                delivered.status(),
                delivered.cause(),
                delivered.reading(),
                cost,
                delivered.firstToken(),
                delivered.answer());
    }

    Refusal unanswered(Outcome.Unanswerable none) {
        made(none, none.attempts().size() - 1);
        mayBill = none.mayBill();
        return none.refusal();
    }

    void abandoned(Outcome.CallerLeft left) {
        made(left, left.attempts().size() - 1);
        mayBill = left.mayBill();
        write(
                Ending.ABANDONED,
                0,
                "the caller left before the answer began",
                Reading.NOTHING,
                unfinished(),
                null,
                NOTHING_SAID);
    }

    /// Before a provider was asked this is a refusal; after it, a failure that may have cost.
    void refused(Refusal refusal) {
        boolean asked = !attempts.isEmpty();
        this.refusal = asked ? null : refusal;
        write(
                asked ? Ending.FAILED : Ending.REFUSED,
                refusal.reason().status(),
                refusal.what(),
                Reading.NOTHING,
                asked ? unfinished() : Cost.NOTHING,
                null,
                NOTHING_SAID);
    }

    /// What went out but brought no usage back costs what it is estimated to.
    private Cost unfinished() {
        return mayBill ? bill().estimate(Reading.NOTHING) : Cost.NOTHING;
    }

    private void write(
            Ending ending,
            int status,
            @Nullable String cause,
            Reading reading,
            Cost cost,
            @Nullable Instant firstToken,
            byte[] answer) {
        var latency = Duration.between(arrival.at(), books.clock().instant());
        var toFirst = firstToken == null ? null : Duration.between(arrival.at(), firstToken);
        var receipt = new Receipt(
                intent,
                ending,
                status,
                cause,
                attempts,
                reading,
                cost,
                latency,
                toFirst,
                overruns(reading, cost),
                skipped);
        written = true;
        boolean onDisk = refusal == null
                ? books.receipts().write(receipt, content(answer))
                : books.receipts().refuse(receipt, refusal);
        if (onDisk) {
            admission.settle(receipt);
        }
        watched.ended(receipt);
    }

    private List<Overrun> overruns(Reading reading, Cost cost) {
        var overruns = new ArrayList<Overrun>();
        if (bill != null && admission.breathes()) {
            overruns.addAll(bill.overruns(reading, cost, admission.estimate()));
        }
        if (!admission.ranOn().equals(Money.ZERO)) {
            overruns.add(new Overrun(Overrun.Cause.FINISH, admission.ranOn()));
        }
        return overruns;
    }

    private Content content(byte[] answer) {
        boolean kept = call != null
                && intent.serving() != null
                && intent.who().recordsContent()
                && intent.endpoint().isTold();
        return kept ? new Content(asked().body().bytes(), answer) : Content.NONE;
    }

    private Intent intent(@Nullable Call call, Labels labels, Intent.@Nullable Serving serving) {
        return new Intent(
                arrival.id(),
                arrival.at(),
                arrival.endpoint(),
                call != null && call.stream(),
                who(labels),
                labels,
                call == null ? null : call.body().text("model").orElse(null),
                serving,
                admission.held(),
                call == null ? null : (long) call.body().bytes().length);
    }

    private Intent.Who who(Labels labels) {
        return new Intent.Who(
                caller.credential(),
                caller.team(),
                caller.posthogTeamId(),
                caller.user(),
                product(labels),
                caller.projectToken(),
                caller.recordsContent());
    }

    private String product(Labels labels) {
        var product = caller.product(arrival.product() != null ? arrival.product() : labels.product());
        return product == null ? "none" : product;
    }

    private Call asked() {
        if (call == null) {
            throw new IllegalStateException("the call has not been read yet");
        }
        return call;
    }

    private Route route() {
        if (route == null) {
            throw new IllegalStateException("the call has no route yet");
        }
        return route;
    }

    private Target target() {
        if (target == null) {
            throw new IllegalStateException("the call has no target yet");
        }
        return target;
    }

    private Bill bill() {
        if (bill == null) {
            throw new IllegalStateException("the call has no route yet");
        }
        return bill;
    }

    /// Nothing else ended it: our own fault.
    @Override
    public void close() {
        if (!written) {
            write(
                    Ending.FAILED,
                    500,
                    "the gateway failed",
                    Reading.NOTHING,
                    bill == null ? Cost.NOTHING : unfinished(),
                    null,
                    NOTHING_SAID);
        }
    }
}
