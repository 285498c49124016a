package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Bucket;
import com.posthog.aigateway.call.Grain;
import com.posthog.aigateway.testing.Chance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One root of the ledger, the processes that use it, their journals and the roster: what the model in
/// `docs/ledger.md` describes, around the real entry. Each event is one step of a history; an event that cannot happen
/// now answers false.
final class HistoryWorld {

    /// What can happen, and how often beside others.
    enum Event {
        START(6, 0),
        SEE_GRANT(9, 0),
        GIVE_UP(1, 0),
        DISPATCH(9, 0),
        GROW(6, 0),
        SHRINK(2, 0),
        SEE_GROWTH(9, 0),
        END(4, 0),
        SEE_END(6, 0),
        STATE(4, 0),
        DELIVER(24, 0),
        TICK(2, 2),
        KILL(1, 2),
        RESTART(6, 0),
        LEAVE(1, 3),
        EXIT(6, 0),
        LOSE_JOURNAL(1, 5),
        CHECKPOINT(3, 0),
        CLOSE(6, 0),
        LEAVE_ROSTER(6, 0),
        LOSE_ENTRY(2, 2),
        PROMOTE(1, 2),
        ASK(4, 0),
        ANSWER(12, 0),
        CREATE(12, 0),
        FORGET(1, 8),
        RENEW(2, 0),
        REGISTER(1, 0),
        /// An entry that is missing comes back at once.
        RESTORE(2, 0),
        /// A call is admitted and dispatched at once.
        PASS(3, 0);

        private final int weight;
        private final int outOf;

        /// @param outOf of so many histories one has it; 0 for what all have
        Event(int weight, int outOf) {
            this.weight = weight;
            this.outOf = outOf;
        }

        int weight() {
            return weight;
        }

        int outOf() {
            return outOf;
        }
    }

    private static final long BEGIN = Instant.parse("2026-02-28T23:57:00Z").toEpochMilli();
    private static final int MOST_LOSSES = 3;
    private static final int MOST_ASKS = 20;
    private static final int MOST_EPOCHS = 8;

    /// What is charged in a call's first window is known for so long that it may ask for more.
    private static final Duration LONGEST_GROWTH = Duration.ofMinutes(50);

    final Chance chance;
    final HistoryShape shape;
    final Sabotage sabotage;
    final HistoryGrid grid;
    final List<HistoryReplica> replicas = new ArrayList<>();
    final List<HistoryReplica.Epoch> epochs = new ArrayList<>();
    final List<HistoryCall> calls = new ArrayList<>();
    final List<HistoryMessage> messages = new ArrayList<>();
    /// Those that never arrived yet.
    final List<HistoryMessage> fresh = new ArrayList<>();

    final List<HistoryAsk> asks = new ArrayList<>();
    final List<Long> placeholders = new ArrayList<>();
    final Set<Long> told = new HashSet<>();
    final HistoryLaws laws = new HistoryLaws(this);

    /// No operator gave up a journal that might have told more.
    boolean clean = true;

    long now = BEGIN;
    int losses;
    private long names;
    private final @Nullable StringBuilder story;

    HistoryWorld(Chance chance, Sabotage sabotage, @Nullable StringBuilder story) {
        this.chance = chance;
        this.shape = HistoryShape.of(chance);
        this.sabotage = sabotage;
        this.story = story;
        this.grid = new HistoryGrid(sabotage.broken());
        for (int i = 0; i < shape.replicas(); i++) {
            var replica = new HistoryReplica(i, i < shape.data());
            replicas.add(replica);
            start(replica);
        }
        tell("world", shape);
        if (!chance.onceIn(5)) {
            restore();
        }
    }

    /// Somebody comes, and asks for the entry if it is missing; as far as everybody answers.
    boolean restore() {
        if (nobodyIsUp()) {
            return false;
        }
        if (grid.run(new Look(List.of()), name(), now, living(), false) instanceof Answer.Missing missing) {
            var ask = ask(missing.number());
            replicas.stream().filter(it -> mayAnswer(ask, it)).forEach(it -> answer(ask, it));
            if (ask.isComplete()) {
                deliver(create(ask));
            }
        }
        return grid.ready() != null;
    }

    // The processes.

    boolean happen(Event event) {
        return switch (event) {
            case START -> startCall();
            case SEE_GRANT -> seeGrant();
            case GIVE_UP -> giveUp();
            case DISPATCH -> dispatch();
            case GROW -> grow();
            case SHRINK -> shrink();
            case SEE_GROWTH -> seeGrowth();
            case END -> end();
            case SEE_END -> seeEnd();
            case STATE -> state();
            case DELIVER -> deliver();
            case TICK -> tick();
            case KILL -> kill();
            case RESTART -> restart();
            case LEAVE -> leave();
            case EXIT -> exit();
            case LOSE_JOURNAL -> loseJournal();
            case CHECKPOINT -> checkpoint();
            case CLOSE -> close();
            case LEAVE_ROSTER -> leaveRoster();
            case LOSE_ENTRY -> loseEntry();
            case PROMOTE -> promote();
            case ASK -> ask();
            case ANSWER -> answer();
            case CREATE -> create();
            case FORGET -> forget();
            case RENEW -> renew();
            case REGISTER -> register();
            case RESTORE -> grid.ready() == null && restore();
            case PASS -> pass();
        };
    }

    private boolean startCall() {
        var replica = any(replicas, it -> it.up && !it.leaving);
        if (replica == null || calls.size() >= shape.calls()) {
            return false;
        }
        var epoch = replica.current();
        if (!epoch.registered && sabotage != Sabotage.EPOCHS_ARE_ON_THE_ROSTER_FIRST) {
            return false;
        }
        var call = new HistoryCall(epoch, ++epoch.lastSeq, chance.of(shape.asking()), shape.hold());
        epoch.changed = true;
        calls.add(call);
        send(HistoryMessage.of(name(), call, call.enter()));
        return tell("starts", call);
    }

    private boolean pass() {
        if (!startCall()) {
            return false;
        }
        var call = calls.getLast();
        deliver(messages.getLast());
        if (!call.grants.isEmpty()) {
            seeGrant(call);
            dispatch(call);
        }
        return true;
    }

    private boolean seeGrant() {
        return seeGrant(any(calls, it -> it.phase == HistoryCall.Phase.PENDING && it.lives() && !it.grants.isEmpty()));
    }

    private boolean seeGrant(@Nullable HistoryCall call) {
        if (call == null) {
            return false;
        }
        call.at = chance.of(call.grants).at();
        call.seenStep = 1;
        call.amount = call.noted;
        call.phase = HistoryCall.Phase.INTENDED;
        call.intended = true;
        intend(call);
        return tell("sees its grant", call);
    }

    private void intend(HistoryCall call) {
        call.intent = sabotage == Sabotage.INTENT_FIRST ? -1 : call.amount;
    }

    private boolean giveUp() {
        return giveUp(any(calls, it -> it.phase == HistoryCall.Phase.PENDING && it.lives()));
    }

    boolean giveUp(@Nullable HistoryCall call) {
        if (call == null) {
            return false;
        }
        call.phase = HistoryCall.Phase.RELEASING;
        send(HistoryMessage.of(name(), call, call.release(), HistoryMessage.Kind.END));
        return tell("gives up", call);
    }

    private boolean dispatch() {
        return dispatch(any(calls, it -> it.phase == HistoryCall.Phase.INTENDED && it.lives()));
    }

    private boolean dispatch(@Nullable HistoryCall call) {
        if (call == null) {
            return false;
        }
        call.phase = HistoryCall.Phase.SENT;
        call.bill = chance.onceIn(3) ? chance.below((int) call.amount + 1) : call.amount;
        tell("is dispatched", call);
        laws.bills();
        return true;
    }

    /// Notes the larger amount as open, then asks for it.
    private boolean grow() {
        var call = shape.growth() == 0 ? null : any(calls, it -> it.phase == HistoryCall.Phase.SENT && it.lives());
        if (call == null
                || call.noted >= shape.hold() + shape.growth()
                || call.step > 5
                || now - call.at > LONGEST_GROWTH.toMillis()) {
            return false;
        }
        if (sabotage == Sabotage.GROWTH_IS_NOTED_FIRST) {
            send(HistoryMessage.of(name(), call, call.enter(call.step + 1, call.noted + shape.growth())));
        } else {
            call.step++;
            call.noted += shape.growth();
            send(HistoryMessage.of(name(), call, call.enter()));
        }
        return tell("asks for more", call);
    }

    /// From now on it costs no more than that, whatever the entry says.
    private boolean shrink() {
        var call = shape.growth() == 0
                ? null
                : any(calls, it -> it.phase == HistoryCall.Phase.SENT && it.lives() && it.noted > it.bill);
        if (call == null || call.step > 5 || sabotage == Sabotage.GROWTH_IS_NOTED_FIRST) {
            return false;
        }
        call.step++;
        call.noted--;
        call.amount = Math.min(call.amount, call.noted);
        intend(call);
        send(HistoryMessage.of(name(), call, call.enter()));
        return tell("needs less", call);
    }

    private boolean seeGrowth() {
        var call = any(calls, it -> it.phase == HistoryCall.Phase.SENT && it.lives() && grown(it));
        if (call == null) {
            return false;
        }
        if (sabotage == Sabotage.GROWTH_IS_NOTED_FIRST) {
            call.step++;
            call.noted += shape.growth();
        }
        call.seenStep = call.step;
        call.amount = call.noted;
        intend(call);
        call.bill = call.amount;
        tell("has more", call);
        laws.bills();
        return true;
    }

    private boolean grown(HistoryCall call) {
        int awaited = sabotage == Sabotage.GROWTH_IS_NOTED_FIRST ? call.step + 1 : call.step;
        return now - call.at <= LONGEST_GROWTH.toMillis()
                && call.seenStep < awaited
                && call.noted >= call.amount
                && call.grants.stream().anyMatch(grant -> grant.step() == awaited);
    }

    private boolean end() {
        return end(any(calls, it -> it.lives() && hasHold(it)));
    }

    static boolean hasHold(HistoryCall call) {
        return call.phase == HistoryCall.Phase.INTENDED || call.phase == HistoryCall.Phase.SENT;
    }

    /// The receipt first, then its totals.
    boolean end(@Nullable HistoryCall call) {
        if (call == null) {
            return false;
        }
        boolean sent = call.phase == HistoryCall.Phase.SENT;
        call.charge(sent ? chance.of(call.bill, call.amount) : 0);
        call.phase = HistoryCall.Phase.RECEIPTED;
        if (sabotage == Sabotage.HELD_UNTIL_ACKNOWLEDGED) {
            send(HistoryMessage.of(name(), call, call.release(), HistoryMessage.Kind.EARLY_END));
        }
        send(HistoryMessage.of(name(), call, call.settle(), HistoryMessage.Kind.END));
        return tell("ends, charged " + call.receipt, call);
    }

    private boolean seeEnd() {
        var call = any(
                calls,
                it -> it.lives()
                        && it.acknowledged
                        && (it.phase == HistoryCall.Phase.RECEIPTED || it.phase == HistoryCall.Phase.RELEASING));
        return call != null && seeEnd(call);
    }

    boolean seeEnd(HistoryCall call) {
        call.phase = HistoryCall.Phase.DONE;
        call.epoch.changed = true;
        return tell("is done", call);
    }

    private boolean state() {
        return state(any(epochs, it -> it.isCurrent() && it.replica.up && it.changed));
    }

    boolean state(HistoryReplica.@Nullable Epoch epoch) {
        if (epoch == null) {
            return false;
        }
        epoch.changed = false;
        epoch.stated++;
        send(HistoryMessage.of(name(), epoch, statement(epoch, false), epoch.stated, HistoryMessage.Kind.STATEMENT));
        return tell("states", epoch);
    }

    private Statement statement(HistoryReplica.Epoch epoch, boolean closed) {
        return new Statement(
                epoch.id,
                epoch.replica.member,
                epoch.lastSeq,
                closed ? List.of() : open(epoch).map(HistoryCall::open).toList(),
                epoch.totals(),
                closed);
    }

    Stream<HistoryCall> open(HistoryReplica.Epoch epoch) {
        return calls.stream().filter(call -> call.epoch == epoch && call.isOpen());
    }

    private boolean kill() {
        var replica = any(replicas, it -> it.up);
        if (replica == null) {
            return false;
        }
        replica.up = false;
        replica.leaving = false;
        calls.stream()
                .filter(call -> call.epoch.replica == replica && call.process == replica.process && call.isOpen())
                .forEach(call -> call.phase = HistoryCall.Phase.DEAD);
        return tell("is killed", replica);
    }

    private boolean restart() {
        var replica = any(replicas, it -> !it.up);
        if (replica == null || epochs.size() >= MOST_EPOCHS) {
            return false;
        }
        start(replica);
        return tell("starts again", replica);
    }

    /// Intents without a receipt become receipts; the new epoch is on the roster before its first admit.
    void start(HistoryReplica replica) {
        replica.process++;
        replica.up = true;
        replica.member = new UUID(replica.number, replica.process);
        calls.stream()
                .filter(call -> call.epoch.replica == replica && call.epoch.inJournal && call.intent >= 0)
                .forEach(call -> call.charge(call.intent));
        takeEpoch(replica);
    }

    private void takeEpoch(HistoryReplica replica) {
        var epoch = new HistoryReplica.Epoch(1 + epochs.size(), replica);
        epoch.registered = sabotage != Sabotage.EPOCHS_ARE_ON_THE_ROSTER_FIRST || chance.onceIn(2);
        replica.epoch = epoch;
        replica.epochs.add(epoch);
        epochs.add(epoch);
    }

    /// It is back, or goes on with another epoch.
    void happenTo(HistoryReplica replica) {
        if (!replica.up) {
            start(replica);
        } else {
            takeEpoch(replica);
        }
        tell("goes on", replica);
    }

    private boolean leave() {
        var replica = any(replicas, it -> it.up && !it.leaving);
        if (replica == null) {
            return false;
        }
        replica.leaving = true;
        return tell("leaves", replica);
    }

    private boolean exit() {
        var replica = any(
                replicas,
                it -> it.up
                        && it.leaving
                        && it.current().left
                        && open(it.current()).findAny().isEmpty());
        if (replica == null) {
            return false;
        }
        replica.up = false;
        replica.leaving = false;
        return tell("is gone", replica);
    }

    private boolean loseJournal() {
        var replica = any(replicas, it -> !it.up);
        if (replica == null) {
            return false;
        }
        replica.epochs.forEach(epoch -> epoch.inJournal = false);
        calls.stream().filter(call -> call.epoch.replica == replica).forEach(call -> call.intent = -1);
        replica.checkpoint.clear();
        replica.journalLost = replica.holdsData;
        return tell("has lost its journal", replica);
    }

    private boolean renew() {
        var replica = any(replicas, it -> it.up && !it.leaving && told.contains(it.current().id));
        if (replica == null || epochs.size() >= MOST_EPOCHS) {
            return false;
        }
        takeEpoch(replica);
        return tell("takes a new epoch", replica);
    }

    // The roster and the journals of data members.

    private boolean register() {
        var epoch = any(epochs, it -> !it.registered && it.replica.up && it.isCurrent());
        if (epoch == null) {
            return false;
        }
        epoch.registered = true;
        return tell("is on the roster", epoch);
    }

    private boolean checkpoint() {
        return checkpoint(any(replicas, it -> it.up && it.holdsData));
    }

    boolean checkpoint(@Nullable HistoryReplica replica) {
        var entry = grid.ready();
        if (replica == null || entry == null) {
            return false;
        }
        entry.sheets()
                .forEach((account, sheet) -> sheet.charged()
                        .forEach((grain, counters) -> counters.forEach((index, counter) -> {
                            for (int i = 0; i < counter.size(); i++) {
                                var bucket = new Bucket(grain, index);
                                replica.note(
                                        counter.epoch(i), new HistoryReplica.Line(account, bucket), counter.charged(i));
                            }
                        })));
        return tell("writes a checkpoint", replica);
    }

    private boolean close() {
        return close(any(epochs, it -> mayClose(it) && !it.closeAcknowledged));
    }

    /// The last words of an epoch: of an earlier start, or of a leaver whose calls are all acknowledged.
    boolean close(HistoryReplica.@Nullable Epoch epoch) {
        if (epoch == null) {
            return false;
        }
        send(HistoryMessage.of(name(), epoch, statement(epoch, true), 0, HistoryMessage.Kind.CLOSE));
        return tell("says its last words", epoch);
    }

    boolean mayClose(HistoryReplica.Epoch epoch) {
        return epoch.replica.up
                && epoch.inJournal
                && (!epoch.isCurrent() || epoch.replica.leaving)
                && open(epoch).findAny().isEmpty();
    }

    private boolean leaveRoster() {
        return leaveRoster(
                any(epochs, it -> it.closeAcknowledged && isOnRoster(it) && mayClose(it) && isConfirmed(it)));
    }

    boolean leaveRoster(HistoryReplica.@Nullable Epoch epoch) {
        if (epoch == null) {
            return false;
        }
        epoch.left = true;
        return tell("leaves the roster", epoch);
    }

    static boolean isOnRoster(HistoryReplica.Epoch epoch) {
        return epoch.registered && !epoch.left;
    }

    /// A data member has its last totals in its journal, as far as any window reaches.
    boolean isConfirmed(HistoryReplica.Epoch epoch) {
        return sabotage == Sabotage.LAST_TOTALS_ARE_CONFIRMED
                || replicas.stream()
                        .anyMatch(replica -> replica.holdsData
                                && epoch.charged.entrySet().stream()
                                        .allMatch(it -> isPast(it.getKey().bucket())
                                                || replica.noted(epoch.id, it.getKey()) >= it.getValue()));
    }

    boolean isPast(Bucket bucket) {
        return bucket.grain() != Grain.LIFETIME
                && bucket.index() < bucket.grain().oldest(now);
    }

    private boolean forget() {
        var epoch = any(epochs, HistoryWorld::isOnRoster);
        return epoch != null && forget(epoch);
    }

    boolean forget(HistoryReplica.Epoch epoch) {
        epoch.left = true;
        epoch.forgotten = true;
        clean = false;
        epoch.replica.journalLost = false;
        sendForgotten(epoch);
        return tell("is forgotten by an operator", epoch);
    }

    void sendForgotten(HistoryReplica.Epoch epoch) {
        var nothing = new Statement(epoch.id, epoch.replica.member, 0, List.of(), List.of(), true);
        send(HistoryMessage.of(name(), epoch, nothing, 0, HistoryMessage.Kind.FORGET));
    }

    // The entry.

    private boolean tick() {
        now += chance.of(Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofHours(5))
                .toMillis();
        if (chance.onceIn(8)) {
            now += chance.of(Duration.ofHours(20), Duration.ofDays(29)).toMillis();
        }
        return tell("time passes", Instant.ofEpochMilli(now));
    }

    private boolean loseEntry() {
        if (grid.isAbsent() || losses >= MOST_LOSSES) {
            return false;
        }
        losses++;
        grid.lose();
        return tell("is lost", "entry");
    }

    private boolean promote() {
        grid.promote();
        return tell("takes the primary's place", "backup");
    }

    private boolean deliver() {
        if (messages.isEmpty()) {
            return false;
        }
        boolean first = !fresh.isEmpty() && !chance.onceIn(3);
        deliver(first ? fresh.get(chance.below(fresh.size())) : chance.of(messages));
        return true;
    }

    /// On a member whose clock may be behind.
    Answer deliver(HistoryMessage message) {
        fresh.remove(message);
        long lag = chance.onceIn(3) ? Duration.ofMinutes(chance.of(1, 5)).toMillis() : 0;
        boolean anew = sabotage != Sabotage.PLACEHOLDERS_ARE_NUMBERED_ANEW;
        long number = anew ? name() : message.number();
        var answer = grid.run(message.operation(), number, now - lag, living(), chance.onceIn(4));
        if (story != null) {
            tell("-> " + answer, message.operation());
        }
        boolean acknowledged = answer instanceof Answer.Done
                || (answer instanceof Answer.Missing
                        && (sabotage == Sabotage.MISSING_DOES_NOT_ACKNOWLEDGE
                                || (sabotage == Sabotage.MISSING_DOES_NOT_CLOSE
                                        && message.kind() == HistoryMessage.Kind.CLOSE)));
        if (answer instanceof Answer.Missing missing && !placeholders.contains(missing.number())) {
            placeholders.add(missing.number());
        }
        var call = message.call();
        var epoch = message.epoch();
        switch (message.kind()) {
            case ENTER -> hear(answer, call, (Enter) message.operation());
            case END -> {
                if (call != null) {
                    call.acknowledged |= acknowledged;
                }
            }
            case STATEMENT -> {
                if (epoch != null && acknowledged) {
                    epoch.acknowledged = Math.max(epoch.acknowledged, message.count());
                }
            }
            case CLOSE -> {
                if (epoch != null) {
                    epoch.closeAcknowledged |= acknowledged;
                }
            }
            case FORGET -> {
                if (epoch != null) {
                    epoch.forgetAcknowledged |= acknowledged;
                }
            }
            case EARLY_END, CREATE -> {} // Nobody waits for it.
        }
        laws.entry(answer);
        return answer;
    }

    private void hear(Answer answer, @Nullable HistoryCall call, Enter enter) {
        if (answer instanceof Answer.Granted granted && call != null) {
            call.grants.add(new HistoryCall.Grant(enter.step(), granted.at()));
        }
        if (answer instanceof Answer.Over over && over.closed()) {
            told.add(enter.id().epoch());
        }
    }

    private Set<UUID> living() {
        var living = new HashSet<UUID>();
        for (var replica : replicas) {
            if (replica.up) {
                living.add(replica.member);
            }
        }
        return living;
    }

    // An entry that is missing.

    private boolean ask() {
        if (placeholders.isEmpty()
                || asks.size() >= MOST_ASKS
                || replicas.stream().noneMatch(it -> it.up)) {
            return false;
        }
        var last = placeholders.getLast();
        return ask(chance.onceIn(4) ? chance.of(placeholders) : last) != null;
    }

    private boolean nobodyIsUp() {
        return replicas.stream().noneMatch(it -> it.up);
    }

    /// The roster is read after the placeholder was met.
    HistoryAsk ask(long placeholder) {
        var needed = new HashSet<HistoryReplica.Epoch>();
        var data = new HashSet<HistoryReplica>();
        boolean all = sabotage != Sabotage.THE_WHOLE_ROSTER_IS_ASKED;
        epochs.stream().filter(it -> isOnRoster(it) && (all || it.replica.up)).forEach(needed::add);
        replicas.stream().filter(it -> it.holdsData && all).forEach(data::add);
        var ask = new HistoryAsk(placeholder, needed, data);
        epochs.stream().filter(it -> it.left).forEach(it -> ask.closed.add(it.id));
        asks.add(ask);
        tell("begins for " + placeholder, "ask");
        return ask;
    }

    private boolean answer() {
        var ask = any(asks, it -> !it.sent && !it.isComplete());
        var replica = ask == null ? null : any(replicas, it -> mayAnswer(ask, it));
        if (ask == null || replica == null) {
            return false;
        }
        answer(ask, replica);
        return true;
    }

    boolean mayAnswer(HistoryAsk ask, HistoryReplica replica) {
        return replica.up
                && ask.waitsFor(replica)
                && (!replica.journalLost || sabotage == Sabotage.A_LOST_JOURNAL_DOES_NOT_ANSWER);
    }

    /// Each epoch in its journal, and as a data member the checkpoint.
    void answer(HistoryAsk ask, HistoryReplica replica) {
        ask.answered.add(replica);
        for (var epoch : replica.epochs) {
            if (epoch.inJournal) {
                boolean closed = !epoch.isCurrent() && open(epoch).findAny().isEmpty();
                ask.told.add(epoch);
                ask.statements.add(statement(epoch, closed));
                if (closed) {
                    ask.closed.add(epoch.id);
                }
            }
        }
        if (replica.holdsData) {
            ask.learn(replica.checkpoint);
        }
        tell("answers", replica);
    }

    private boolean create() {
        var ask = any(asks, HistoryAsk::isComplete);
        if (ask == null) {
            return false;
        }
        create(ask);
        return true;
    }

    HistoryMessage create(HistoryAsk ask) {
        ask.sent = true;
        var message = HistoryMessage.of(name(), ask.create());
        send(message);
        tell("is complete", "ask for " + ask.placeholder);
        return message;
    }

    private void send(HistoryMessage message) {
        messages.add(message);
        fresh.add(message);
    }

    private long name() {
        return ++names;
    }

    <T> @Nullable T any(List<T> things, Predicate<T> fits) {
        int size = things.size();
        if (size == 0) {
            return null;
        }
        int first = chance.below(size);
        for (int i = 0; i < size; i++) {
            var thing = things.get((first + i) % size);
            if (fits.test(thing)) {
                return thing;
            }
        }
        return null;
    }

    boolean tell(String what, Object who) {
        if (story != null) {
            story.append(who).append(' ').append(what).append('\n');
        }
        return true;
    }
}
