package com.posthog.aigateway.resolve;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.ReplyAround;
import com.posthog.aigateway.call.Shape;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;

/// Where was it thought? Thinking and encrypted reasoning go back to a model with every later turn, and only the
/// account that made them takes them. What a fallback thought is remembered by its beginning, so that the
/// conversation goes on there also when the model's own provider is well again.
final class Thoughts {

    private static final String THOUGHT = "thought:";

    private static final Set<Shape> THINKS = Set.of(Shape.ANTHROPIC_MESSAGES, Shape.OPENAI_RESPONSES);

    /// A conversation that has thoughts stays where they are from, so that the last ones tell.
    private static final int LOOKED_UP = 16;

    private final Owners owners;

    /// As long as nothing was thought away from home, no body is searched.
    private volatile boolean any;

    Thoughts(Owners owners) {
        this.owners = owners;
        this.any = owners.mayHaveAny(THOUGHT);
    }

    /// The same answer, whose thoughts are remembered as they pass.
    Reply remembered(Reply reply, Caller caller, String provider) {
        return new Remembered(reply, new Marks(mark -> {
            owners.own(THOUGHT + mark, caller, provider);
            any = true;
        }));
    }

    /// Who thought last in the conversation that a call goes on with, where that was a fallback.
    ///
    /// Refusal: the journal cannot be read.
    Optional<String> provider(Call call, Caller caller) {
        if (!any || !THINKS.contains(call.endpoint().shape())) {
            return Optional.empty();
        }
        var last = new ArrayDeque<String>();
        var body = call.body().bytes();
        new Marks(mark -> {
                    if (last.size() == LOOKED_UP) {
                        last.removeLast();
                    }
                    last.addFirst(mark);
                })
                .read(body, 0, body.length);
        return last.stream()
                .flatMap(mark -> owners.of(THOUGHT + mark, caller).stream())
                .map(Owner::provider)
                .findFirst();
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
