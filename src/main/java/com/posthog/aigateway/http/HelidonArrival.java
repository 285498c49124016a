package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Arrival;
import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.stream.Room;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A request as Helidon gives it. Its body takes room in memory until the arrival is closed.
final class HelidonArrival implements Arrival, AutoCloseable {

    private static final Duration WAIT_FOR_ROOM = Duration.ofSeconds(5);
    private static final int FIRST_PIECE = 64 << 10;

    private final ServerRequest request;
    private final UUID id;
    private final Instant at;
    private final Paths.Meaning.Asks asked;
    private final Headers headers;
    private final Room room;
    private final int largest;
    private long taken;
    private boolean wasRead;
    private boolean isBroken;
    private Runnable onceRead = () -> {};

    HelidonArrival(ServerRequest request, UUID id, Instant at, Paths.Meaning.Asks asked, Room room, int largest) {
        this.request = request;
        this.id = id;
        this.at = at;
        this.asked = asked;
        this.room = room;
        this.largest = largest;
        this.headers = headers(request);
    }

    static Headers headers(ServerRequest request) {
        var fields = new ArrayList<Headers.Field>();
        for (var header : request.headers()) {
            for (var value : header.allValues()) {
                fields.add(new Headers.Field(header.name(), value));
            }
        }
        return new Headers(fields);
    }

    @Override
    public String address() {
        return request.remotePeer().host();
    }

    @Override
    public UUID id() {
        return id;
    }

    @Override
    public Instant at() {
        return at;
    }

    @Override
    public Endpoint endpoint() {
        return asked.endpoint();
    }

    @Override
    public @Nullable String product() {
        return asked.product();
    }

    @Override
    public @Nullable String storedId() {
        return asked.id();
    }

    @Override
    public String query() {
        return request.prologue().query().rawValue();
    }

    @Override
    public Headers headers() {
        return headers;
    }

    /// What is to be done as soon as the body has been read.
    void onceRead(Runnable then) {
        onceRead = then;
    }

    /// True when little or nothing of the body is still to come, so that the connection can go on.
    boolean restIsWorthReading(long most) {
        return wasRead
                || !request.content().hasEntity()
                // Who waits to be asked for the body may never send it.
                || (!isBroken
                        && !request.headers().contains(HeaderNames.EXPECT)
                        && request.headers().contentLength().orElse(Long.MAX_VALUE) <= most);
    }

    @Override
    public Body read() {
        boolean byId = endpoint().byId();
        if (byId && !request.content().hasEntity()) {
            wasRead = true;
            onceRead.run();
            return Body.opaque(new byte[0]);
        }
        if (!request.content().hasEntity()) {
            throw new Refusal(Reason.MALFORMED, "the request has no body; send a JSON object");
        }
        long declared = request.headers().contentLength().orElse(-1);
        if (declared > largest) {
            throw tooLarge();
        }
        try {
            // Not closed: that would wait for the rest of a body that was refused half-way.
            var raw = read(request.content().inputStream(), declared < 0 ? largest : (int) declared);
            wasRead = true;
            onceRead.run();
            var body = decoded(raw);
            return byId ? Body.opaque(body) : Body.of(body);
        } catch (Refusal refusal) {
            isBroken = !wasRead && (refusal.reason() == Reason.MALFORMED || refusal.reason() == Reason.TOO_SLOW);
            throw refusal;
        } catch (IOException | RuntimeException broken) {
            // Whatever the server throws here, it could not read the message: RFC 9112, section 8.
            isBroken = !wasRead;
            throw new Refusal(Reason.MALFORMED, "the body broke off or is not framed as HTTP/1.1 asks");
        }
    }

    private byte[] decoded(byte[] raw) {
        var encoding = Encoding.of(String.join(",", headers.all("content-encoding")));
        if (encoding == Encoding.IDENTITY) {
            return raw;
        }
        try (var in = encoding.decoded(raw)) {
            return read(in, largest);
        } catch (IOException damaged) {
            throw new Refusal(
                    Reason.MALFORMED,
                    "the body is not one whole " + encoding.name().toLowerCase(Locale.ROOT) + " message");
        }
    }

    /// Takes room as bytes come, and not for all that was declared: a body that does not come must not keep others out.
    ///
    /// @param most that may come; more than the largest body is refused
    private byte[] read(InputStream in, int most) throws IOException {
        var bytes = new byte[Math.min(FIRST_PIECE, most)];
        take(bytes.length);
        int length = 0;
        int count;
        while ((count = in.read(bytes, length, bytes.length - length)) >= 0) {
            length += count;
            if (length == bytes.length) {
                int next = in.read();
                if (next < 0) {
                    return bytes;
                }
                bytes = grown(bytes, most);
                bytes[length++] = (byte) next;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    private byte[] grown(byte[] bytes, int most) {
        if (bytes.length >= most) {
            throw tooLarge();
        }
        int larger = (int) Math.min(most, 2L * bytes.length);
        take(larger - bytes.length);
        return Arrays.copyOf(bytes, larger);
    }

    private void take(long bytes) {
        if (!room.take(bytes, WAIT_FOR_ROOM)) {
            throw new Refusal(Reason.UNAVAILABLE, "the gateway has no room for another body of this size; ask again")
                    .retryAfter(WAIT_FOR_ROOM);
        }
        taken += bytes;
    }

    private Refusal tooLarge() {
        return new Refusal(
                Reason.TOO_LARGE, "the body is larger than the " + largest + " bytes that this gateway takes");
    }

    @Override
    public void close() {
        room.giveBack(taken);
        taken = 0;
    }
}
