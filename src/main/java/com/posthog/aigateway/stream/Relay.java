package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Delivered;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.ReplyWriter;
import com.posthog.aigateway.call.Shape;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Carries a provider's answer to the caller, byte for byte, and reads off it what is needed.
public final class Relay {

    private static final int KEPT_AT_FIRST = 2 << 10;
    private static final byte[] BLANK_LINE = {'\n', '\n'};

    /// How one answer passes.
    ///
    /// @param headers of ours, for the answer
    /// @param dropsExtraUsage true when we asked for the usage chunk, and the caller did not
    /// @param choices how many answers the caller asked for
    /// @param keep how many bytes of the body to keep for the event
    /// @param identified told the answer's id before the caller can know it
    /// @param meter says when a stream must end; null: never
    /// @param price what an answer with this reading costs, as it is to stand in the header; null: not known
    public record Passage(
            UUID call,
            Shape shape,
            Headers headers,
            boolean dropsExtraUsage,
            int choices,
            int keep,
            Consumer<String> identified,
            @Nullable Meter meter,
            Function<Reading, @Nullable String> price) {}

    private final Room room;
    private final Clock clock;

    public Relay(Room room, Clock clock) {
        this.room = room;
        this.clock = clock;
    }

    /// Carries the answer to its end, whatever that is.
    ///
    /// Refusal: the answer broke off before a byte of it went out.
    public Delivered copy(Reply reply, ReplyWriter out, Passage passage) {
        return !isError(reply.status()) && isEventStream(reply.headers())
                ? stream(reply, out, passage)
                : whole(reply, out, passage);
    }

    static boolean isEventStream(Headers headers) {
        return headers.first("content-type")
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                .orElse(false);
    }

    private Delivered stream(Reply reply, ReplyWriter out, Passage passage) {
        var tap = Tap.of(passage.shape());
        var kept = new GrowingBytes(KEPT_AT_FIRST, passage.keep());
        var flow = new EventFlow(out, tap, passage, kept, clock);
        out.head(reply.status(), AnswerHeaders.passing(reply.headers(), passage.headers()), -1);
        Reply.@Nullable Broken broken = null;
        try {
            int count;
            while (!flow.stopped() && (count = reply.read(flow.buffer(), flow.end(), flow::flush)) >= 0) {
                flow.took(count);
            }
            if (flow.stopped()) {
                return cut(reply, out, tap, flow, kept);
            }
            flow.finish();
        } catch (Reply.Broken e) {
            broken = e;
            flow.flush();
        }
        var reading = tap.reading();
        var cause = reading.finished() ? reading.errorKind() : cause(broken, out);
        if (flow.endsInsideEvent() && !reading.finished()) {
            out.write(BLANK_LINE, 0, BLANK_LINE.length);
        }
        end(out, passage, reading, broken);
        return new Delivered(ending(reading, out), reply.status(), cause, reading, flow.firstContent(), kept.copy());
    }

    /// The provider's usage is not known: it ends with its stream.
    private static Delivered cut(Reply reply, ReplyWriter out, Tap tap, EventFlow flow, GrowingBytes kept) {
        flow.endLegally();
        out.end();
        return new Delivered(
                out.hangup().happened() ? Ending.ABANDONED : Ending.CUT,
                reply.status(),
                flow.why() + "; the answer was ended as if at its limit of output",
                tap.reading(),
                flow.firstContent(),
                kept.copy());
    }

    private static Ending ending(Reading reading, ReplyWriter out) {
        if (reading.finished()) {
            return reading.error() == null ? Ending.COMPLETE : Ending.INCOMPLETE;
        }
        return out.hangup().happened() ? Ending.ABANDONED : Ending.INCOMPLETE;
    }

    private static void end(ReplyWriter out, Passage passage, Reading reading, Reply.@Nullable Broken broken) {
        if (reading.finished()) {
            out.end();
            return;
        }
        var event = NativeError.event(passage.shape(), reason(broken), cause(broken, out), passage.call());
        out.write(event, 0, event.length);
        if (broken == null) {
            out.end();
        } else {
            out.abort();
        }
    }

    private static Reason reason(Reply.@Nullable Broken broken) {
        return broken != null && (broken.how() == Reply.Broken.How.IDLE || broken.how() == Reply.Broken.How.TOO_LONG)
                ? Reason.UPSTREAM_TIMEOUT
                : Reason.UNAVAILABLE;
    }

    static String cause(Reply.@Nullable Broken broken, ReplyWriter out) {
        if (broken == null) {
            return "the provider's stream ended without its last event; ask again";
        }
        return switch (broken.how()) {
            case CUT_OFF -> "the provider's stream broke off; ask again";
            case IDLE -> "the provider sent nothing for too long; ask again";
            case TOO_LONG -> "the provider's answer took too long; ask again";
            case CANCELLED ->
                out.hangup().happened()
                        ? "the caller left before the end"
                        : "the gateway is shutting down and could not wait longer; ask again";
        };
    }

    private Delivered whole(Reply reply, ReplyWriter out, Passage passage) {
        try (var held = new HeldAnswer(room, reply.length())) {
            return held.readWhole(reply)
                    ? deliver(reply, out, passage, held)
                    : new LargeAnswer(reply, out, passage).pass(held);
        } catch (Reply.Broken broken) {
            return brokenBeforeStart(broken, out);
        }
    }

    private static Delivered deliver(Reply reply, ReplyWriter out, Passage passage, HeldAnswer held) {
        var answer = held.copy();
        var tap = Tap.of(passage.shape());
        tap.whole(answer);
        var reading = tap.reading();
        identify(reply, reading, passage);
        var headers = AnswerHeaders.passing(reply.headers(), withPrice(passage, reading, reply.status()));
        out.head(reply.status(), headers, answer.length);
        out.write(answer, 0, answer.length);
        out.end();
        return delivered(reply, reading, passage.keep() == 0 ? new byte[0] : answer);
    }

    static void identify(Reply reply, Reading reading, Passage passage) {
        if (!isError(reply.status()) && reading.id() != null) {
            passage.identified().accept(reading.id());
        }
    }

    private static Headers withPrice(Passage passage, Reading reading, int status) {
        var price = isError(status) ? null : passage.price().apply(reading);
        if (price == null) {
            return passage.headers();
        }
        var fields = new ArrayList<>(passage.headers().fields());
        fields.add(new Headers.Field("x-posthog-cost-usd", price));
        return new Headers(fields);
    }

    static Delivered delivered(Reply reply, Reading reading, byte[] kept) {
        if (isError(reply.status())) {
            var kind = reading.errorKind();
            var cause = "the provider answered " + reply.status() + (kind == null ? "" : " (" + kind + ")");
            return new Delivered(Ending.FAILED, reply.status(), cause, reading, null, kept);
        }
        return new Delivered(Ending.COMPLETE, reply.status(), null, reading, null, kept);
    }

    private static boolean isError(int status) {
        return status >= 400;
    }

    private static Delivered brokenBeforeStart(Reply.Broken broken, ReplyWriter out) {
        if (out.hangup().happened()) {
            return new Delivered(Ending.ABANDONED, 0, cause(broken, out), Reading.NOTHING, null, new byte[0]);
        }
        if (broken.how() == Reply.Broken.How.CANCELLED) {
            throw Refusal.shuttingDown();
        }
        throw reason(broken) == Reason.UPSTREAM_TIMEOUT
                ? new Refusal(Reason.UPSTREAM_TIMEOUT, "the provider's answer took too long; ask again")
                : new Refusal(Reason.PROVIDER_UNREACHABLE, "the provider's answer broke off; ask again");
    }
}
