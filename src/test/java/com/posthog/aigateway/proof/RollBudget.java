package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/// The budget of the counted team: an operator sets it, while the replicas run, to what an exact number of calls needs.
final class RollBudget {

    private static final List<Duration> ANSWERS = List.of(Duration.ofSeconds(2), Duration.ofSeconds(20));
    private static final int MOST_MORE = 400;

    private final Town town;
    private final Caller caller;
    private final RollCrowd crowd;
    private final List<Replica> replicas;

    RollBudget(Town town, Caller caller, RollCrowd crowd, List<Replica> replicas) {
        this.town = town;
        this.caller = caller;
        this.crowd = crowd;
        this.replicas = List.copyOf(replicas);
    }

    /// All calls but one at what they cost, and the last at what it holds. IOException: nobody can see what that is.
    void narrow(int room) throws IOException, InterruptedException {
        long held = held();
        long cost = cost();
        var usd = new Money((room - 1) * cost + held);
        caller.operate(
                replicas.getFirst().admin(),
                "/ledger/budgets",
                "{\"account\":\"team:" + RollTeams.COUNTED.id() + "\",\"window\":\"" + RollTeams.WINDOW
                        + "\",\"usd\":\"" + usd + "\"}");
        for (var replica : replicas) {
            Town.await(
                    () -> limit(replica).equals(OptionalLong.of(usd.nanos())),
                    "an operator's change is not in force at " + replica);
        }
    }

    private long held() throws IOException, InterruptedException {
        for (var answer : ANSWERS) {
            var one = Thread.startVirtualThread(() -> taste(answer));
            long held = 0;
            while (held == 0 && one.isAlive()) {
                held = standing(replicas.getFirst(), RollTeams.TASTER).held();
                Thread.sleep(2);
            }
            one.join();
            if (held != 0) {
                return held;
            }
        }
        throw new IOException("this machine is too slow to see what one call holds");
    }

    private void taste(Duration answer) {
        try {
            crowd.once(RollTeams.TASTER, RollTeams.tight(answer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long cost() throws IOException {
        return town.bill().stream()
                .filter(billed -> billed.team().equals(RollTeams.TASTER.id()))
                .mapToLong(Billed::nanos)
                .max()
                .orElseThrow(() -> new IOException("the provider has not billed the first call"));
    }

    private OptionalLong limit(Replica replica) throws InterruptedException {
        try {
            return OptionalLong.of(standing(replica, RollTeams.COUNTED).limit());
        } catch (IOException notYet) {
            return OptionalLong.empty();
        }
    }

    Standing standing(Replica replica, Team team) throws IOException, InterruptedException {
        return Standing.of(team, caller.usage(replica.uri(), team));
    }

    /// Asks one call after the other until there is no room: a call that is open, or not settled yet, holds more than
    /// it
    /// costs, and so has kept others out.
    void exhaust() throws IOException, InterruptedException {
        for (int more = 0; more < MOST_MORE; more++) {
            awaitRest(List.of(RollTeams.COUNTED));
            if (!crowd.once(RollTeams.COUNTED, RollTeams.tight(Duration.ZERO)).isServed()) {
                return;
            }
        }
    }

    /// Until nothing is held, for as long as a slow machine needs. What is held then is for the report to say.
    void awaitRest(List<Team> teams) throws InterruptedException {
        try {
            for (var team : teams) {
                Town.await(() -> holdsNothing(team), "something is still held");
            }
        } catch (IOException stillHeld) {
            // The report says how much.
        }
    }

    private boolean holdsNothing(Team team) throws InterruptedException {
        try {
            return standing(replicas.getFirst(), team).held() == 0;
        } catch (IOException notYet) {
            return false;
        }
    }
}
