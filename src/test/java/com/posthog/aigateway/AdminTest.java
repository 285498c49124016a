package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.admin.AdminDoor;
import com.posthog.aigateway.admin.Reloading;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.testing.RawHttp;
import com.posthog.aigateway.testing.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
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
                        free, ready::get, metrics, ledger.operators(), ledger.targets(metrics), NOTHING_TO_RELOAD)) {
            door.open();
            ready.set(false);

            var answer = ask(door.port(), "GET /ready");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("draining\n");
            assertThat(ask(door.port(), "GET /live").status()).isEqualTo(200);
        }
    }
}
