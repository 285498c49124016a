package com.posthog.aigateway.record;

import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.wire.ControlClient;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One lane for all events, by capture's `v0` protocol: batches by project token, gzip, oldest first. What PostHog
/// refuses for good is counted and logged, and does not stand in the way of the rest.
public final class PlainLane implements Lane {

    /// Where events go.
    ///
    /// @param token of the project that gets what no team claims
    public record Place(URI host, String token, String userAgent) {}

    private record Parcel(UUID id, String token, byte[] event) {}

    private static final Logger LOG = LoggerFactory.getLogger(PlainLane.class);
    private static final String PATH = "/i/v0/ai/batch/";
    private static final int MOST_EVENTS = 100;
    private static final int MOST_BYTES = 5 << 20;

    /// So much of a backlog is in memory at a time, but always one event.
    private static final int MOST_HELD = 16 << 20;

    private static final Duration NAP = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Journal journal;
    private final GenerationEvent events;
    private final ControlClient client;
    private final Place place;
    private final Clock clock;
    private final Backoff backoff;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Semaphore bell = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread carrier;

    public PlainLane(
            Journal journal,
            GenerationEvent events,
            ControlClient client,
            Place place,
            Clock clock,
            RandomGenerator chance) {
        this.journal = journal;
        this.events = events;
        this.client = client;
        this.place = place;
        this.clock = clock;
        this.backoff = new Backoff(chance);
        this.carrier = Thread.ofPlatform().name("event-lane").daemon().start(this::carry);
    }

    public long delivered() {
        return delivered.get();
    }

    public long dropped() {
        return dropped.get();
    }

    @Override
    public void wake() {
        if (bell.availablePermits() == 0) {
            bell.release();
        }
    }

    private void carry() {
        while (closed.getCount() > 0) {
            try {
                if (!carryOnce()) {
                    nap();
                }
            } catch (RuntimeException e) {
                LOG.error("the event lane failed; it goes on", e);
                rest(backoff.next(""));
            }
        }
    }

    /// False when nothing was there to carry.
    private boolean carryOnce() {
        var ids = journal.undelivered(null, MOST_EVENTS);
        if (ids.isEmpty()) {
            return false;
        }
        for (var batch : batches(ids)) {
            if (!deliver(batch)) {
                return true;
            }
        }
        return true;
    }

    /// By token, in order, closed before they grow too large; one that is larger goes alone.
    private List<List<Parcel>> batches(List<UUID> ids) {
        var byToken = new LinkedHashMap<String, List<List<Parcel>>>();
        long held = 0;
        for (var id : ids) {
            var parcel = parcel(id).orElse(null);
            if (parcel == null) {
                continue;
            }
            held += parcel.event().length;
            var batches = byToken.computeIfAbsent(parcel.token(), token -> new ArrayList<>());
            if (batches.isEmpty() || size(batches.getLast()) + parcel.event().length > MOST_BYTES) {
                batches.add(new ArrayList<>());
            }
            batches.getLast().add(parcel);
            if (held > MOST_HELD) {
                break;
            }
        }
        return byToken.values().stream().flatMap(List::stream).toList();
    }

    /// Empty for one that had to be dropped.
    private Optional<Parcel> parcel(UUID id) {
        var receipt = journal.receipt(id).orElse(null);
        if (receipt == null) {
            drop(List.of(id), "its receipt cannot be read");
            return Optional.empty();
        }
        var content = journal.content(id).orElse(Content.NONE);
        var token = receipt.intent().who().projectToken();
        try {
            var event = GenerationEvent.bytes(events.of(receipt, content));
            return Optional.of(new Parcel(id, token == null ? place.token() : token, event));
        } catch (RuntimeException broken) {
            // What cannot be told now never will be, and would stand in the way of all that follow.
            LOG.error("no event can be made of call {}", id, broken);
            drop(List.of(id), "no event can be made of it");
            return Optional.empty();
        }
    }

    private static int size(List<Parcel> batch) {
        return batch.stream().mapToInt(parcel -> parcel.event().length).sum();
    }

    /// False when the other side cannot take anything now.
    private boolean deliver(List<Parcel> batch) {
        var answer = client.postGzip(place.host().resolve(PATH), body(batch), place.userAgent());
        int status = answer.status();
        if (status >= 200 && status < 300) {
            backoff.reset();
            delivered.addAndGet(batch.size());
            journal.delivered(ids(batch));
            return true;
        } else if (status == 0 || status == 408 || status == 429 || status >= 500) {
            rest(backoff.next(answer.retryAfter()));
            return false;
        } else if (batch.size() > 1 && (status == 413 || status == 400)) {
            return batch.stream().allMatch(parcel -> deliver(List.of(parcel)));
        }
        drop(ids(batch), "PostHog answered " + status);
        return true;
    }

    private static List<UUID> ids(List<Parcel> batch) {
        return batch.stream().map(Parcel::id).toList();
    }

    private void drop(List<UUID> ids, String why) {
        dropped.addAndGet(ids.size());
        LOG.warn("{} events from {} on are not delivered: {}; their receipts stay", ids.size(), ids.getFirst(), why);
        journal.delivered(ids);
    }

    private byte[] body(List<Parcel> batch) {
        var events = batch.stream().map(Parcel::event).toList();
        return BatchBody.gzip(batch.getFirst().token(), clock.instant(), events);
    }

    /// Nothing can be delivered for a while.
    private void rest(Duration time) {
        try {
            var _ = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    /// There is nothing to do until the bell rings; a ring that was missed is made up for by the nap's end.
    private void nap() {
        try {
            var _ = bell.tryAcquire(NAP.toMillis(), TimeUnit.MILLISECONDS);
            bell.drainPermits();
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    @Override
    public boolean flush(Duration within) {
        wake();
        long until = System.nanoTime() + within.toNanos();
        while (!journal.undelivered(null, 1).isEmpty() && System.nanoTime() < until) {
            rest(LOOK_AGAIN);
        }
        return journal.undelivered(null, 1).isEmpty();
    }

    @Override
    public void close() {
        closed.countDown();
        wake();
        try {
            carrier.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
