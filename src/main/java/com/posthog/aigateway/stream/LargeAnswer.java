package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Delivered;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.ReplyWriter;

/// An answer that is not streamed and too large to hold: it passes in pieces, and the small members are sifted out.
final class LargeAnswer {

    private static final int PIECE = 16 << 10;

    private final Reply reply;
    private final ReplyWriter out;
    private final Relay.Passage passage;
    private final Sieve sieve = new Sieve();
    private final GrowingBytes kept;

    LargeAnswer(Reply reply, ReplyWriter out, Relay.Passage passage) {
        this.reply = reply;
        this.out = out;
        this.passage = passage;
        this.kept = new GrowingBytes(PIECE, passage.keep());
    }

    Delivered pass(HeldAnswer held) {
        out.head(reply.status(), AnswerHeaders.passing(reply.headers(), passage.headers()), reply.length());
        pass(held.bytes(), held.length());
        held.close();
        var piece = new byte[PIECE];
        try {
            int count;
            while ((count = reply.read(piece, 0, () -> {})) >= 0) {
                pass(piece, count);
            }
            var reading = reading();
            Relay.identify(reply, reading, passage);
            out.end();
            return Relay.delivered(reply, reading, kept.copy());
        } catch (Reply.Broken broken) {
            out.abort();
            var ending = out.hangup().happened() ? Ending.ABANDONED : Ending.INCOMPLETE;
            return new Delivered(ending, reply.status(), Relay.cause(broken, out), Reading.NOTHING, null, kept.copy());
        }
    }

    private void pass(byte[] bytes, int length) {
        sieve.feed(bytes, 0, length);
        kept.add(bytes, 0, length);
        out.write(bytes, 0, length);
    }

    private Reading reading() {
        var tap = Tap.of(passage.shape());
        tap.whole(sieve.json());
        return tap.reading();
    }
}
