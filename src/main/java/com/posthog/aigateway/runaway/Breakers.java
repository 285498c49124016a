package com.posthog.aigateway.runaway;

import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.journal.JournalFault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The breakers that are open, on all replicas: each is a fact of the [Register] with an end, `runaway <what>`.
public final class Breakers {

    private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);
    private static final String RUNAWAY = "runaway ";
    private static final String OURSELVES = "gateway";

    private final Register register;
    private final LongSupplier time;
    private final Map<String, Breaker> open = new ConcurrentSkipListMap<>();
    private final Set<String> opening = ConcurrentHashMap.newKeySet();
    private final List<BiConsumer<Breaker, Boolean>> listeners = new CopyOnWriteArrayList<>();

    /// @param time of the cluster, in milliseconds since 1970
    public Breakers(Register register, LongSupplier time) {
        this.register = register;
        this.time = time;
        register.listen(this::changed);
        register.facts(RUNAWAY).forEach(this::changed);
    }

    /// Who listens hears of each that opens (true) and each that an operator closes (false), wherever it happens.
    void listen(BiConsumer<Breaker, Boolean> listener) {
        listeners.add(listener);
    }

    private void changed(Fact fact) {
        if (!fact.name().startsWith(RUNAWAY)) {
            return;
        }
        open.values().removeIf(this::isOver);
        var what = fact.name().substring(RUNAWAY.length());
        if (fact.value() == null) {
            var closed = open.remove(what);
            if (closed != null) {
                tell(closed, false);
            }
            return;
        }
        try {
            var breaker = Breaker.of(what, fact);
            open.put(what, breaker);
            tell(breaker, true);
        } catch (IllegalArgumentException newer) {
            LOG.warn("a breaker that another replica has opened is not in force here: {}", newer.getMessage());
        }
    }

    private void tell(Breaker breaker, boolean opened) {
        listeners.forEach(listener -> listener.accept(breaker, opened));
    }

    private boolean isOver(Breaker breaker) {
        return !now().isBefore(breaker.until());
    }

    Instant now() {
        return Instant.ofEpochMilli(time.getAsLong());
    }

    Optional<Breaker> find(String what) {
        return Optional.ofNullable(open.get(what)).filter(breaker -> !isOver(breaker));
    }

    /// From now on, on all replicas. False where it is open already, or somebody is about to open it.
    boolean open(Breaker breaker) {
        if (!opening.add(breaker.what())) {
            return false;
        }
        try {
            if (find(breaker.what()).isPresent()) {
                return false;
            }
            register.set(RUNAWAY + breaker.what(), breaker.value(), breaker.until(), OURSELVES);
            LOG.warn("a breaker is open ({}): {}", breaker.what(), breaker.why());
            return true;
        } catch (JournalFault e) {
            LOG.error("the breaker {} is in force nowhere: {}", breaker.what(), e.getMessage());
            return false;
        } finally {
            opening.remove(breaker.what());
        }
    }

    /// Those that are open, in the order of what they stop.
    public List<Breaker> all() {
        return open.values().stream().filter(breaker -> !isOver(breaker)).toList();
    }

    /// Lets it go on, and counts from zero. Returns how many members have heard; empty where no such breaker is open.
    public OptionalInt close(String what, String who) {
        var breaker = find(what);
        if (breaker.isEmpty()) {
            return OptionalInt.empty();
        }
        LOG.warn(
                "a breaker is closed by {} ({}), which would have been open for {} s more",
                who,
                what,
                Duration.between(now(), breaker.get().until()).toSeconds());
        return OptionalInt.of(register.remove(RUNAWAY + what, who).size());
    }
}
