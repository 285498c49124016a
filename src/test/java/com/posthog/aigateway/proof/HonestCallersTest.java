package com.posthog.aigateway.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.admit.Estimate;
import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Ceiling;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import com.posthog.aigateway.config.YamlFile;
import com.posthog.aigateway.resolve.Resolver;
import com.posthog.aigateway.runaway.Guarded;
import com.posthog.aigateway.testing.FakeClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Nobody who is honest is taken to run away: ten thousand calls of the profile, by agents of several users behind one
/// credential, who fan out, sleep, meet outages and retry, and a check that asks the same every five seconds.
@Timeout(120)
class HonestCallersTest {

    private static final Instant MORNING = Instant.parse("2026-11-28T08:00:00Z");
    private static final int CALLS = 10_000;
    private static final int AGENTS = 12;

    private record Step(long at, long number, Runnable what) implements Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(MORNING);
    private final PriorityQueue<Step> steps = new PriorityQueue<>();
    private final Catalogue catalogue = catalogue();
    private final Resolver resolver = new Resolver(catalogue, Policy.FORWARD);
    private long number;
    private int calls;

    private static Catalogue catalogue() {
        var faults = new Faults();
        var yaml = new YamlFile(new Environment(Map.of("OPENAI_API_KEY", "k", "ANTHROPIC_API_KEY", "k")), faults);
        return Objects.requireNonNull(
                Catalogue.readSample(yaml, faults, new Ceiling(new BigDecimal("15"), new BigDecimal("180"))));
    }

    private void in(long millis, Runnable what) {
        steps.add(new Step(clock.millis() + millis, number++, what));
    }

    /// One world.
    private final class World {
        private final Guarded guarded;
        private final Profile profile;
        private final RandomGenerator chance;
        private final int context;

        World(Guarded guarded, Profile profile, RandomGenerator chance, int context) {
            this.guarded = guarded;
            this.profile = profile;
            this.chance = chance;
            this.context = context;
        }

        /// A turn, then the next; now and then many at once, or a pause; at noon everybody leaves until the next
        /// morning.
        void turn(String agent) {
            int many = chance.nextInt(40) == 0 ? 8 : 1;
            for (int i = 0; i < many; i++) {
                ask(agent + "-" + calls + "-" + i);
            }
            boolean noon = clock.instant().isAfter(MORNING.plus(Duration.ofHours(1)))
                    && clock.instant().isBefore(MORNING.plus(Duration.ofHours(2)));
            long pause = noon
                    ? Duration.ofHours(20).toMillis() + chance.nextInt(60_000)
                    : chance.nextInt(30) == 0 ? chance.nextInt(600_000) : 2_000 + chance.nextInt(15_000);
            in(pause, () -> turn(agent));
        }

        private void ask(String mark) {
            var row = profile.draw(Team.Kind.BREATHING, chance);
            var body = row.body(mark);
            send(row, body, Headers.NONE);
            int luck = chance.nextInt(1_000);
            if (luck < 30) {
                in(500, () -> send(row, body, Headers.of("x-stainless-retry-count", "1")));
                in(1_500, () -> send(row, body, Headers.of("x-stainless-retry-count", "2")));
            } else if (luck < 35) {
                for (int retry = 0; retry < 10; retry++) {
                    in(1_000L << Math.min(retry, 5), () -> send(row, body, Headers.NONE));
                }
            }
        }

        void check() {
            var row = profile.rows().getFirst();
            send(row, row.body("check"), Headers.NONE);
            in(5_000, this::check);
        }

        /// Refusal: it was taken to run away.
        private void send(Profile.Row row, String body, Headers headers) {
            calls++;
            var endpoint = switch (row.shape()) {
                case CHAT -> Endpoint.CHAT_COMPLETIONS;
                case RESPONSES -> Endpoint.RESPONSES;
                case MESSAGES -> Endpoint.MESSAGES;
            };
            var call = new Call(
                    new UUID(0, calls),
                    clock.instant(),
                    endpoint,
                    null,
                    null,
                    "",
                    headers,
                    Body.of(body.getBytes(UTF_8)));
            var watched = guarded.runaway().check(Guarded.CALLER, call);
            var route = resolver.route(call, Guarded.CALLER);
            long input = row.prompt() / 4L + (context == 0 ? 0 : chance.nextInt(context));
            watched.spends(new Estimate(input, Math.min(1_000, row.most())).cost(catalogue, call, route));
            // Most of a long context comes from a cache.
            var cost = new Estimate(input / 8, chance.nextInt(row.most() + 1)).cost(catalogue, call, route);
            in(500 + chance.nextInt(30_000), () -> watched.ended(Guarded.receipt(Ending.COMPLETE, cost.toString())));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,0", "3,400000", "4,400000", "5,400000", "6,400000"})
    void areNeverStopped(int seed, int context) throws IOException {
        try (var guarded = Guarded.open(folder, clock, "{}")) {
            var world = new World(guarded, Profile.committed(), new Random(seed), context);
            for (int agent = 0; agent < AGENTS; agent++) {
                var name = "agent" + agent;
                in(1_000L * agent, () -> world.turn(name));
            }
            in(0, world::check);

            while (calls < CALLS) {
                var step = steps.remove();
                clock.pass(Duration.ofMillis(step.at() - clock.millis()));
                step.what().run();
            }

            assertThat(guarded.breakers().all()).isEmpty();
            assertThat(guarded.metrics().prometheus()).doesNotContain("aigw_runaway_opened_total{");
        }
    }
}
