package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.ReplyWriter;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Writes an answer by Helidon. A caller who has left is noted in the hangup, and the rest goes nowhere.
final class HelidonReplyWriter implements ReplyWriter {

    private record Head(int status, Headers headers, long length) {}

    private final ServerResponse response;
    private final Hangup hangup;
    private final Framing framing;
    private @Nullable Head head;
    private @Nullable OutputStream out;
    private boolean begun;
    private boolean aborted;

    HelidonReplyWriter(ServerResponse response, Hangup hangup, Framing framing) {
        this.response = response;
        this.hangup = hangup;
        this.framing = framing;
    }

    /// The connection is of no use after this answer. Helidon says so to the caller, but does not close it.
    void closeAfterwards() {
        response.header(HeaderValues.CONNECTION_CLOSE);
        framing.endAfterThis();
    }

    boolean isAborted() {
        return aborted;
    }

    /// True once a byte of an answer may have gone out.
    boolean hasBegun() {
        return begun;
    }

    @Override
    public Hangup hangup() {
        return hangup;
    }

    @Override
    public void head(int status, Headers headers, long length) {
        head = new Head(status, headers, length);
    }

    @Override
    public void flush() {
        write(new byte[0], 0, 0);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (hangup.happened()) {
            return;
        }
        try {
            if (out == null && head != null && length > 0 && head.length() == length) {
                // All of it at once: head and body leave in one piece.
                begin(head);
                response.send(bytes, offset, length);
                return;
            }
            var out = stream();
            if (length > 0) {
                out.write(bytes, offset, length);
            }
            out.flush();
        } catch (IOException | RuntimeException gone) {
            // Helidon has several exceptions for a peer that is not there any more.
            hangup.happen();
        }
    }

    private OutputStream stream() {
        if (out == null) {
            begin(head());
            out = response.outputStream();
        }
        return out;
    }

    private Head head() {
        if (head == null) {
            throw new IllegalStateException("an answer begins with its head");
        }
        return head;
    }

    private void begin(Head head) {
        begun = true;
        response.status(Status.create(head.status()));
        for (var field : head.headers().fields()) {
            response.headers().add(HeaderNames.create(field.name()), field.value());
        }
        if (head.length() >= 0) {
            response.headers().contentLength(head.length());
        }
    }

    @Override
    public void end() {
        if (hangup.happened() || response.isSent()) {
            return;
        }
        if (!begun) {
            begin(head());
            response.send();
        }
        // The last chunk is written when the handler returns.
    }

    @Override
    public void abort() {
        aborted = true;
    }
}
