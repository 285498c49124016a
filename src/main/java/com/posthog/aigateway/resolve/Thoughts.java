package com.posthog.aigateway.resolve;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.ReplyAround;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.journal.JournalFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where was it thought? Thinking and encrypted reasoning go back to a model with every later turn, and only the
/// account that made them takes them. What a fallback thought is remembered by its beginning, so that the
/// conversation goes on there also when the model's own provider is well again.
final class Thoughts {

    private static final Logger LOG = LoggerFactory.getLogger(Thoughts.class);
    private static final String THOUGHT = "thought:";

    private static final Set<Shape> THINKS = Set.of(Shape.ANTHROPIC_MESSAGES, Shape.OPENAI_RESPONSES);

    /// A conversation that has thoughts stays where they are from, so that the last ones tell.
    private static final int LOOKED_UP = 16;

    /// Laid down while a fallback has thought anything, wherever it was.
    private static final String AWAY = "thoughts:away";

    private static final String OURSELVES = "gateway";
    private static final Duration A_DAY = Duration.ofDays(1);

    private final Owners owners;
    private final Register register;
    private final AtomicBoolean telling = new AtomicBoolean();

    /// As long as nothing was thought away from home, no body is searched.
    private volatile boolean any;

    Thoughts(Owners owners, Register register) {
        this.owners = owners;
        this.register = register;
        this.any = owners.mayHaveAny(THOUGHT);
    }

    /// The same answer, whose thoughts are remembered as they pass.
    Reply remembered(Reply reply, Caller caller, String provider) {
        return new Remembered(reply, new Marks(mark -> {
            owners.own(THOUGHT + mark, caller, provider);
            any = true;
            tellAll();
        }));
    }

    /// Once a day: who has thoughts to look up asks for them from then on.
    private void tellAll() {
        var until = owners.clock().instant().plus(owners.keep());
        if (isKnownUntil(until.minus(A_DAY)) || !telling.compareAndSet(false, true)) {
            return;
        }
        Thread.ofVirtual().name("thoughts").start(() -> {
            try {
                register.set(AWAY, "yes", until, OURSELVES);
            } catch (JournalFault fault) {
                LOG.error("other replicas are not told that a fallback has thought: {}", fault.getMessage());
            } finally {
                telling.set(false);
            }
        });
    }

    private boolean isKnownUntil(Instant time) {
        return register.facts(AWAY).stream()
                .anyMatch(fact -> fact.until() != null && fact.until().isAfter(time));
    }

    /// Who thought last in the conversation that a call goes on with, where that was a fallback.
    ///
    /// Refusal: the journal cannot be read.
    Optional<String> provider(Call call, Caller caller) {
        if (!mayHaveAny() || !THINKS.contains(call.endpoint().shape())) {
            return Optional.empty();
        }
        var last = new ArrayDeque<String>();
        var body = call.body().bytes();
        new Marks(mark -> {
                    if (last.size() == LOOKED_UP) {
                        last.removeLast();
                    }
                    last.addFirst(THOUGHT + mark);
                })
                .read(body, 0, body.length);
        var known = owners.known(last);
        return last.stream()
                .flatMap(thought -> Optional.ofNullable(known.get(thought)).stream())
                .filter(owner -> owner.team().equals(caller.team()))
                .map(Owner::provider)
                .findFirst();
    }

    private boolean mayHaveAny() {
        return any || register.value(AWAY).isPresent();
    }

    private static final class Remembered extends ReplyAround {

        private final Marks marks;

        private Remembered(Reply reply, Marks marks) {
            super(reply);
            this.marks = marks;
        }

        @Override
        public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
            int count = super.read(buffer, offset, beforeWaiting);
            if (count > 0) {
                marks.read(buffer, offset, offset + count);
            }
            return count;
        }
    }
}
