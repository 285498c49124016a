package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Family;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the mock would say if nothing went wrong: a head, and a body in pieces (a stream's pieces are its events).
///
/// @param work null where nothing is charged
record Answer(
        int status,
        List<Header> headers,
        boolean stream,
        List<byte[]> pieces,
        Failing failing,
        @Nullable Work work) {
    static final Answer NOTHING = new Answer(200, List.of(), false, List.of(), (_, _) -> List.of(), null);

    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header EVENTS =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");

    /// The events with which a stream of this shape dies after `sent` events.
    @FunctionalInterface
    interface Failing {
        List<byte[]> events(int sent, int status);
    }

    Answer {
        headers = List.copyOf(headers);
        pieces = List.copyOf(pieces);
    }

    static Answer json(int status, Family family, String requestId, String body) {
        return new Answer(
                status,
                Heads.of(family, requestId, JSON),
                false,
                List.of(body.getBytes(UTF_8)),
                (_, _) -> List.of(),
                null);
    }

    static Answer events(Family family, String requestId, List<byte[]> events, Failing failing) {
        return new Answer(200, Heads.of(family, requestId, EVENTS), true, events, failing, null);
    }

    /// A named server-sent event, as the Responses and Messages APIs send them.
    static byte[] event(String name, String data) {
        return ("event: " + name + "\ndata: " + data + "\n\n").getBytes(UTF_8);
    }

    /// A server-sent event without a name, as the chat API sends them.
    static byte[] event(String data) {
        return ("data: " + data + "\n\n").getBytes(UTF_8);
    }

    Answer with(Header header) {
        var more = new ArrayList<>(headers);
        more.add(header);
        return new Answer(status, more, stream, pieces, failing, work);
    }

    Answer taking(Work work) {
        return new Answer(status, headers, stream, pieces, failing, work);
    }

    /// How many pieces were begun once so many bytes were sent.
    int begun(long bytes) {
        int begun = 0;
        long left = bytes;
        for (var piece : pieces) {
            if (left <= 0) {
                break;
            }
            begun++;
            left -= piece.length;
        }
        return begun;
    }

    int length() {
        return pieces.stream().mapToInt(piece -> piece.length).sum();
    }
}
