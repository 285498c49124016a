package com.posthog.aigateway.record;

import com.posthog.aigateway.call.Tally;
import com.posthog.aigateway.wire.ControlClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the tallies of minutes that are over to PostHog, on capture's door for what is no AI event. It has a thread
/// of its own: its trouble is not that of the other events.
public final class DenialLane implements Lane {

    private static final Logger LOG = LoggerFactory.getLogger(DenialLane.class);
    private static final String PATH = "/batch/";
    private static final int MOST_EVENTS = 100;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Tallies tallies;
    private final DenialEvent events;
    private final ControlClient client;
    private final PlainLane.Place place;
    private final Clock clock;
    private final Backoff backoff;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread carrier;

    public DenialLane(
            Tallies tallies,
            GenerationEvent.Settings settings,
            ControlClient client,
            PlainLane.Place place,
            Clock clock,
            RandomGenerator chance) {
        this.tallies = tallies;
        this.events = new DenialEvent(settings);
        this.client = client;
        this.place = place;
        this.clock = clock;
        this.backoff = new Backoff(chance);
        this.carrier = Thread.ofPlatform().name("denial-lane").daemon().start(this::carry);
    }

    public long delivered() {
        return delivered.get();
    }

    public long dropped() {
        return dropped.get();
    }

    /// A minute's end wakes nobody: it is looked for.
    @Override
    public void wake() {}

    private void carry() {
        var pause = PAUSE;
        while (closed.getCount() > 0) {
            rest(pause);
            try {
                pause = carryOnce();
            } catch (RuntimeException e) {
                LOG.error("the lane of denials failed; it goes on", e);
                pause = backoff.next("");
            }
        }
    }

    /// Returns how long to wait now.
    private Duration carryOnce() {
        var byToken = tallies.ended().stream().collect(Collectors.groupingBy(this::token));
        for (var ofOne : byToken.entrySet()) {
            for (int from = 0; from < ofOne.getValue().size(); from += MOST_EVENTS) {
                int until = Math.min(from + MOST_EVENTS, ofOne.getValue().size());
                var wait = deliver(ofOne.getKey(), ofOne.getValue().subList(from, until));
                if (wait.isPositive()) {
                    return wait;
                }
            }
        }
        return PAUSE;
    }

    private String token(Tally.Counted counted) {
        var token = counted.tally().first().who().projectToken();
        return token == null ? place.token() : token;
    }

    /// Zero when it is done with; else how long to wait before the next try.
    private Duration deliver(String token, List<Tally.Counted> batch) {
        var bytes = batch.stream().map(events::of).map(GenerationEvent::bytes).toList();
        var answer = client.postGzip(
                place.host().resolve(PATH), BatchBody.gzip(token, clock.instant(), bytes), place.userAgent());
        int status = answer.status();
        if (status == 0 || status == 408 || status == 429 || status >= 500) {
            return backoff.next(answer.retryAfter());
        }
        backoff.reset();
        if (status >= 200 && status < 300) {
            delivered.addAndGet(batch.size());
        } else {
            dropped.addAndGet(batch.size());
            LOG.warn("{} events of denials are not delivered: PostHog answered {}", batch.size(), status);
        }
        tallies.told(batch);
        return Duration.ZERO;
    }

    private void rest(Duration time) {
        try {
            var _ = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    /// All calls have ended: the minute that goes on is told too.
    @Override
    public boolean flush(Duration within) {
        tallies.end();
        long until = System.nanoTime() + within.toNanos();
        while (!tallies.ended().isEmpty() && System.nanoTime() < until) {
            rest(LOOK_AGAIN);
        }
        return tallies.ended().isEmpty();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            carrier.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
