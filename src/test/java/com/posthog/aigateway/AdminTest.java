package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.admin.AdminDoor;
import com.posthog.aigateway.admin.Drain;
import com.posthog.aigateway.admin.Reloading;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Secret;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.testing.RawHttp;
import com.posthog.aigateway.testing.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminTest {

    private static final Reloading NOTHING_TO_RELOAD = () -> new Reloading.Outcome.Refused(List.of(), Instant.EPOCH);
    private static final Drain DRAINING = new Drain(
            Drain.Phase.DRAINING,
            Map.of("POST /v1/messages", 2, "POST /v1/responses", 1),
            Duration.ofMillis(61_250),
            Duration.ofMillis(538_750));

    @TempDir
    Path folder;

    private static Answer ask(int port, String line) throws IOException {
        try (var http = new RawHttp(port)) {
            return http.send(line + " HTTP/1.1\r\nHost: here\r\n\r\n").answer();
        }
    }

    @Test
    void opensThreePathsAndForbidsTheRest() throws Exception {
        try (var rig = Rig.start(folder)) {
            int port = rig.gateway.adminPort();

            assertThat(ask(port, "GET /live").body()).isEqualTo("live\n");
            assertThat(ask(port, "GET /ready").body()).isEqualTo("ready\n");
            assertThat(ask(port, "GET /metrics").body()).contains("aigw_calls_in_flight");
            for (var line : new String[] {"GET /", "GET /live/", "POST /live", "GET /config", "DELETE /metrics"}) {
                assertThat(ask(port, line).status()).as(line).isEqualTo(403);
            }
        }
    }

    @Test
    void isNotReadyOnceItDrains() throws Exception {
        var ready = new AtomicBoolean(true);
        var settings = Configuration.load(null, new Environment(Map.of()), Clock.systemUTC())
                .settings();
        var free = new GatewaySettings.Admin(settings.admin().host(), 0, null);
        try (var metrics = Metrics.create();
                var ledger = AloneLedger.open(folder);
                var door = new AdminDoor(
                        free,
                        ready::get,
                        metrics,
                        ledger.operators(),
                        ledger.breakers(),
                        ledger.targets(metrics),
                        NOTHING_TO_RELOAD,
                        () -> DRAINING)) {
            door.open();
            ready.set(false);

            var answer = ask(door.port(), "GET /ready");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("draining\n");
            assertThat(ask(door.port(), "GET /live").status()).isEqualTo(200);
        }
    }

    @Test
    void tellsOnlyOperatorsWhatStillRuns() throws Exception {
        var settings = Configuration.load(null, new Environment(Map.of()), Clock.systemUTC())
                .settings();
        var guarded = new GatewaySettings.Admin(settings.admin().host(), 0, new Secret("token-of-operators"));
        try (var metrics = Metrics.create();
                var ledger = AloneLedger.open(folder);
                var door = new AdminDoor(
                        guarded,
                        () -> false,
                        metrics,
                        ledger.operators(),
                        ledger.breakers(),
                        ledger.targets(metrics),
                        NOTHING_TO_RELOAD,
                        () -> DRAINING)) {
            door.open();

            assertThat(ask(door.port(), "GET /drain").status()).isEqualTo(403);
            try (var http = new RawHttp(door.port())) {
                var head = List.of(
                        "GET /drain HTTP/1.1", "Host: here", "Authorization: Bearer token-of-operators", "", "");
                var answer = http.send(String.join("\r\n", head)).answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body())
                        .isEqualTo("{\"phase\":\"draining\",\"running\":3,"
                                + "\"by_endpoint\":{\"POST /v1/messages\":2,\"POST /v1/responses\":1},"
                                + "\"oldest_seconds\":61.25,\"seconds_left\":538.75}");
            }
        }
    }
}
