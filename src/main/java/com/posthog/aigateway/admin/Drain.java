package com.posthog.aigateway.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How far this process is on its way out, and what still runs: what `GET /drain` tells operators.
///
/// @param running how many calls are being answered, by endpoint, as in `POST /v1/messages`
/// @param oldest how long the first of them has been answered for; zero without one
/// @param left how long calls may still run before they are cut; null while nobody has told the process to stop
public record Drain(
        Phase phase,
        Map<String, Integer> running,
        Duration oldest,
        @Nullable Duration left) {

    /// What becomes of a new call, and what the process is busy with.
    public enum Phase {
        /// Not open yet.
        STARTING,
        SERVING,
        /// Not ready any more, so that balancers turn away; still serving whoever comes.
        LEAVING,
        /// New calls are refused; those in flight may end.
        DRAINING,
        /// No call is left: settling, delivering events, leaving the cluster.
        CLOSING
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MILLIS = 1_000;

    public Drain {
        running = Map.copyOf(running);
    }

    String json() {
        var page = JSON.createObjectNode()
                .put("phase", phase.name().toLowerCase(Locale.ROOT))
                .put("running", running.values().stream().mapToInt(it -> it).sum());
        page.set("by_endpoint", JSON.valueToTree(new TreeMap<>(running)));
        page.put("oldest_seconds", seconds(oldest));
        page.put("seconds_left", left == null ? null : seconds(left));
        return page.toString();
    }

    private static Double seconds(Duration time) {
        return time.toMillis() / MILLIS;
    }
}
