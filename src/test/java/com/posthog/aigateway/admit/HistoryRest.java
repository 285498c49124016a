package com.posthog.aigateway.admit;

import java.util.ArrayList;

/// Brings a world to rest: all processes are back, all calls have ended, all that must be acknowledged is; and then
/// lets everything that was ever sent arrive once more.
final class HistoryRest {

    private static final int ROUNDS = 12;

    private final HistoryWorld world;

    HistoryRest(HistoryWorld world) {
        this.world = world;
    }

    void come() {
        world.tell("comes to rest", "world");
        if (world.chance.onceIn(2)) {
            giveUpLostJournals();
        }
        for (int round = 0; round < ROUNDS; round++) {
            processes();
            calls();
            entry();
            lastWords();
        }
        if (world.grid.ready() == null) {
            world.laws.receipts(); // A journal of the roster is lost, and nobody gave it up.
            return;
        }
        check();
        haunt();
        check();
    }

    private void check() {
        world.laws.rest();
        world.laws.totals();
        world.laws.receipts();
        world.laws.bills();
    }

    private void giveUpLostJournals() {
        for (var epoch : world.epochs) {
            boolean unheard = !epoch.inJournal && HistoryWorld.isOnRoster(epoch);
            if (unheard || (epoch.replica.journalLost && HistoryWorld.isOnRoster(epoch))) {
                world.forget(epoch);
            }
        }
        for (var replica : world.replicas) {
            if (replica.journalLost) {
                replica.journalLost = false;
                world.clean = false;
            }
        }
    }

    private void processes() {
        for (var replica : world.replicas) {
            if (!replica.up || world.told.contains(replica.current().id)) {
                world.happenTo(replica);
            }
            replica.current().registered = true;
        }
    }

    private void calls() {
        for (var call : world.calls) {
            if (!call.lives()) {
                continue;
            }
            if (call.phase == HistoryCall.Phase.PENDING) {
                world.giveUp(call);
            } else if (HistoryWorld.hasHold(call)) {
                world.end(call);
            }
        }
    }

    private void entry() {
        if (world.grid.ready() == null) {
            world.restore();
        }
    }

    /// What waits for an acknowledgement is sent until it has one.
    private void lastWords() {
        for (var message : new ArrayList<>(world.messages)) {
            var call = message.call();
            if (message.kind() == HistoryMessage.Kind.END
                    && call != null
                    && call.lives()
                    && call.isOpen()
                    && (call.acknowledged || world.deliver(message) instanceof Answer.Done || call.acknowledged)) {
                world.seeEnd(call);
            }
        }
        for (var epoch : world.epochs) {
            if (epoch.isCurrent() && epoch.replica.up && !epoch.replica.leaving) {
                if (epoch.changed || epoch.acknowledged < epoch.stated) {
                    world.state(epoch);
                    world.deliver(world.messages.getLast());
                }
            }
            if (world.mayClose(epoch) && !epoch.closeAcknowledged) {
                world.close(epoch);
                world.deliver(world.messages.getLast());
            }
            if (epoch.forgotten && !epoch.forgetAcknowledged) {
                world.sendForgotten(epoch);
                world.deliver(world.messages.getLast());
            }
        }
        for (var replica : world.replicas) {
            if (replica.holdsData) {
                world.checkpoint(replica);
            }
        }
        for (var epoch : world.epochs) {
            if (epoch.closeAcknowledged
                    && HistoryWorld.isOnRoster(epoch)
                    && world.mayClose(epoch)
                    && world.isConfirmed(epoch)) {
                world.leaveRoster(epoch);
            }
        }
    }

    /// Once more, in any order, some of them twice.
    private void haunt() {
        world.tell("is haunted", "world");
        var again = new ArrayList<>(world.messages);
        world.chance.shuffle(again);
        for (var message : again) {
            world.deliver(message);
            if (world.chance.onceIn(4)) {
                world.deliver(message);
            }
        }
    }
}
