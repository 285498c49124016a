package com.posthog.aigateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Stops one replica after the other and starts it again, as a rolling update does, and looks on from the admin port.
final class Roller {

    private static final Duration TO_LEAVE = Duration.ofMinutes(2);
    private static final Pattern DECIDED = Pattern.compile("(?m)^aigw_ledger_decided(?:\\{[^}]*})? ([0-9.]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Town town;
    private final Caller caller;
    private final RollPlan plan;
    private final Clock clock = Clock.systemUTC();

    Roller(Town town, Caller caller, RollPlan plan) {
        this.town = town;
        this.caller = caller;
        this.plan = plan;
    }

    /// How many ledgers it decides, as its own metrics say.
    private int decided(Replica replica) throws InterruptedException {
        var metrics = DECIDED.matcher(caller.look(replica.admin(), "/metrics").orElse(""));
        return metrics.find() ? (int) Double.parseDouble(metrics.group(1)) : 0;
    }

    /// Whoever decides most ledgers first: what his leaving costs is what one wants to know. IOException: as with one.
    List<Departure> rollAll(List<Replica> replicas, Duration between) throws IOException, InterruptedException {
        var departures = new ArrayList<Departure>();
        var left = new ArrayList<>(replicas);
        while (!left.isEmpty()) {
            Thread.sleep(between);
            var decided = decided(replicas);
            var next = Collections.max(left, Comparator.comparing(decided::get));
            left.remove(next);
            departures.add(roll(next, decided));
        }
        return departures;
    }

    private Map<Replica, Integer> decided(List<Replica> replicas) throws InterruptedException {
        var decided = new HashMap<Replica, Integer>();
        for (var replica : replicas) {
            decided.put(replica, decided(replica));
        }
        return decided;
    }

    /// IOException: it does not leave, or does not come back.
    private Departure roll(Replica replica, Map<Replica, Integer> decided) throws IOException, InterruptedException {
        int open = drain(replica).map(it -> it.path("running").asInt()).orElse(0);
        long signal = clock.millis();
        replica.process().terminate();
        while (caller.isReady(replica.admin())) {
            Thread.sleep(5);
        }
        long notReady = clock.millis() - signal;
        awaitDrained(replica);
        long drained = clock.millis() - signal;
        int exit = replica.process().exit(TO_LEAVE);
        long shut = clock.millis() - signal - drained;
        long start = clock.millis();
        town.start(replica);
        town.awaitReady(List.of(replica));
        long back = clock.millis();
        return new Departure(
                replica.number(),
                decided.getOrDefault(replica, 0),
                decided.values().stream().mapToInt(it -> it).sum(),
                signal,
                back,
                notReady,
                open,
                drained,
                shut,
                exit,
                back - start);
    }

    private Optional<JsonNode> drain(Replica replica) throws IOException, InterruptedException {
        var page = caller.look(replica.admin(), "/drain");
        return page.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(page.get()));
    }

    /// Until it waits for no call any more, or is gone.
    private void awaitDrained(Replica replica) throws IOException, InterruptedException {
        long until = System.nanoTime()
                + plan.delay().plus(plan.drain()).plus(TO_LEAVE).toNanos();
        while (replica.isAlive() && System.nanoTime() < until) {
            var page = drain(replica);
            if (page.isEmpty() || page.get().path("phase").asText().equals("closing")) {
                return;
            }
            Thread.sleep(50);
        }
    }
}
