package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Family;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.ArrayList;
import java.util.List;

/// What the mock would say if nothing went wrong: a head, and a body in pieces (a stream's pieces are its events).
record Answer(int status, List<Header> headers, boolean stream, List<byte[]> pieces, Failing failing) {
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
                status, Heads.of(family, requestId, JSON), false, List.of(body.getBytes(UTF_8)), (_, _) -> List.of());
    }

    static Answer events(Family family, String requestId, List<byte[]> events, Failing failing) {
        return new Answer(200, Heads.of(family, requestId, EVENTS), true, events, failing);
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
        return new Answer(status, more, stream, pieces, failing);
    }

    int length() {
        return pieces.stream().mapToInt(piece -> piece.length).sum();
    }
}
