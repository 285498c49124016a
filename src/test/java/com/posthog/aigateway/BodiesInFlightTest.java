package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The sum of all bodies has a bound: whoever is too many waits, and is told to come back.
@Timeout(60)
class BodiesInFlightTest {

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = Rig.start(folder, "server: { max_body: 512KiB, bodies_in_memory: 1MiB }");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void haveRoomForSoManyAndTheNextWaitsWhileSmallOnesPass() throws Exception {
        var held = new ArrayList<RawHttp>();
        for (int i = 0; i < 2; i++) {
            held.add(ask("mock-silent", 500_000));
        }
        Eventually.get(() -> rig.mock.received().size(), size -> size == 2);
        try (var late = ask("gpt-5-mini", 400_000)) {
            long begin = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                try (var small = ask("gpt-5-mini", 1_000)) {
                    assertThat(small.answer().status()).isEqualTo(200);
                }
            }
            assertThat(since(begin)).isLessThan(Duration.ofSeconds(4));

            var answer = late.answer();

            assertThat(since(begin)).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(15));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("retry-after")).isEqualTo("5");
            assertThat(answer.body()).contains("service_unavailable", "no room for another body");
        }
        for (var caller : held) {
            caller.close();
        }
        Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 0);
        for (int i = 0; i < 10; i++) {
            try (var large = ask("gpt-5-mini", 500_000)) {
                assertThat(large.answer().status()).as("room given back").isEqualTo(200);
            }
        }
    }

    @Test
    void takeNoRoomBeforeTheyCome() throws Exception {
        var idle = new ArrayList<RawHttp>();
        for (int i = 0; i < 8; i++) {
            idle.add(new RawHttp(rig.gateway.port()).send(head(500_000) + "{"));
        }
        Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 8);

        try (var large = ask("gpt-5-mini", 400_000)) {
            long begin = System.nanoTime();
            assertThat(large.answer().status()).isEqualTo(200);
            assertThat(since(begin)).isLessThan(Duration.ofSeconds(4));
        }

        for (var caller : idle) {
            caller.close();
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private RawHttp ask(String model, int size) throws IOException {
        var body = "{\"model\":\"" + model + "\",\"messages\":[],\"user\":\"\"}";
        var padded = body.replace("\"\"}", "\"" + "x".repeat(size - body.length()) + "\"}");
        return rig.connect().send(head(size) + padded);
    }

    private static String head(int length) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Rig.KEY
                + "\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
