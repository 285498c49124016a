package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.testing.Chance;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How large a world is, and what happens often in it. Small ones break the laws soonest; each history leaves most
/// kinds of events rare or out, so that together they try many mixtures.
///
/// @param asking what a call may ask of the root's accounts
/// @param weights of the events; 0 where there are none of that kind
record HistoryShape(
        int replicas,
        int data,
        int calls,
        int steps,
        long hold,
        long growth,
        List<List<Claim>> asking,
        Map<HistoryWorld.Event, Integer> weights) {

    private static final List<Window> WINDOWS = List.of(
            Window.FIVE_HOURS,
            Window.FIVE_HOURS,
            Window.FIVE_HOURS,
            Window.FIVE_HOURS,
            Window.TWENTY_FOUR_HOURS,
            Window.THIRTY_DAYS,
            Window.DAY,
            Window.DAY,
            Window.MONTH,
            Window.LIFETIME);

    static HistoryShape of(Chance chance) {
        int replicas = 1 + chance.below(3);
        int data = 1 + chance.below(replicas);
        long hold = 1L + chance.below(2);
        long growth = chance.onceIn(2) ? 1 : 0;
        return new HistoryShape(
                replicas,
                data,
                2 + chance.below(chance.onceIn(3) ? 4 : 2),
                20 + chance.below(70),
                hold,
                growth,
                asking(chance, hold, growth),
                weights(chance));
    }

    private static List<List<Claim>> asking(Chance chance, long hold, long growth) {
        var team = claim(chance, Scope.TEAM, "dev", hold + growth + chance.below(2));
        if (chance.onceIn(2)) {
            return List.of(List.of(team));
        }
        var ada = claim(chance, Scope.USER, "dev/ada", hold + growth);
        var ben = claim(chance, Scope.USER, "dev/ben", hold + growth);
        return List.of(List.of(team, ada), List.of(team, ben), List.of(team));
    }

    private static Claim claim(Chance chance, Scope scope, String id, long limit) {
        var caps = new ArrayList<Cap>();
        caps.add(new Cap(chance.of(WINDOWS), limit, Mode.ENFORCE));
        if (chance.onceIn(3)) {
            caps.add(new Cap(chance.of(WINDOWS), limit + 1, chance.of(Mode.ENFORCE, Mode.SHADOW)));
        }
        var rates = new ArrayList<Rate>();
        if (chance.onceIn(3)) {
            rates.add(new Rate(Rate.Kind.CONCURRENT, 3, Mode.ENFORCE));
        }
        if (chance.onceIn(6)) {
            rates.add(new Rate(Rate.Kind.REQUESTS, 7, Mode.SHADOW));
            rates.add(new Rate(Rate.Kind.TOKENS, 11, Mode.ENFORCE));
        }
        return new Claim(new Account(scope, id), 0, true, caps, rates);
    }

    private static Map<HistoryWorld.Event, Integer> weights(Chance chance) {
        var weights = new EnumMap<HistoryWorld.Event, Integer>(HistoryWorld.Event.class);
        for (var event : HistoryWorld.Event.values()) {
            boolean out = event.outOf() > 0 && !chance.onceIn(event.outOf());
            weights.put(event, out ? 0 : event.weight() * (1 + chance.below(4)));
        }
        return weights;
    }
}
