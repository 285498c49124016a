package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Arrival;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.ReplyWriter;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Port;
import com.posthog.aigateway.flow.Enquiry;
import com.posthog.aigateway.http.Paths.Meaning;
import com.posthog.aigateway.stream.Room;
import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The public door: lets calls in, sends them on their journey, and tells the caller when it was refused.
public final class Door implements AutoCloseable {

    /// Where a call goes from here.
    @FunctionalInterface
    public interface Way {
        /// Answers the call.
        ///
        /// Refusal: nothing was written to `out`; the caller is to be told this.
        void travel(Arrival arrival, ReplyWriter out);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    /// An unread body up to this size is read to its end, so that the connection can go on.
    private static final long WORTH_READING = 1 << 20;

    private static final Duration NEVER = Duration.ofDays(365);

    private final Way way;
    private final Supplier<Enquiry> enquiry;
    private final InFlight inFlight;
    private final Room room;
    private final GatewaySettings.Server settings;
    private final Supplier<UUID> ids;
    private final Clock clock;
    private final Counter refusals;
    private final WatchTower tower = new WatchTower();
    private final WebServer server;

    /// A door that is still closed.
    ///
    /// @param enquiry that which holds now
    public Door(
            Way way,
            Supplier<Enquiry> enquiry,
            InFlight inFlight,
            Room room,
            GatewaySettings.Server settings,
            Supplier<UUID> ids,
            Clock clock,
            Metrics metrics) {
        this.way = way;
        this.enquiry = enquiry;
        this.inFlight = inFlight;
        this.room = room;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
        this.refusals = metrics.counter("aigw_refusals", "Calls that were told no by this gateway", "reason");
        this.server = server();
    }

    private WebServer server() {
        var http = Http1ConnectionSelector.builder()
                .config(Http1Config.builder()
                        .sendKeepAliveHeader(false)
                        // It would refuse `include[]=a`, which providers take; see Paths.canPass.
                        .validatePrologue(false)
                        // The framing has judged both already.
                        .maxPrologueLength(RequestHead.LARGEST)
                        .maxHeadersSize(2 * RequestHead.LARGEST)
                        .build())
                .build();
        return WebServer.builder()
                .host(settings.host())
                .port(settings.port())
                .backlog(4096)
                .writeBufferSize(0)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofSeconds(1))
                .connectionOptions(options -> options.tcpNoDelay(true))
                .contentEncoding(new Untouched())
                .mediaContext(media -> media.mediaSupportsDiscoverServices(false))
                .featuresDiscoverServices(false)
                .protocolsDiscoverServices(false)
                // Helidon would count the time of a long answer as well.
                .idleConnectionTimeout(NEVER)
                .directHandlers(new DirectAnswer(ids, refusals).toAll())
                .addConnectionSelector(new WatchedConnections(http, tower, settings))
                .routing(routing -> routing.any(this::handle))
                .build();
    }

    /// UncheckedIOException: the port cannot be used.
    public void open() {
        Port.requireFree(settings.host(), settings.port());
        server.start();
    }

    public int port() {
        return server.port();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        var framing = Framing.CURRENT.get();
        var out = new HelidonReplyWriter(response, new Hangup(), framing);
        if (inFlight.isLeaving() || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            out.closeAfterwards();
        }
        route(request, response, out);
        // Helidon would take the rest of an unread body for the next request. A stream is not sent yet: its last chunk
        // comes when we return, and its body was read.
        if (out.isAborted() || (framing.endsAfterThis() && response.isSent())) {
            throw new CloseConnectionException("the connection is of no use any more");
        }
    }

    private void route(ServerRequest request, ServerResponse response, HelidonReplyWriter out) {
        var path = request.prologue().uriPath().rawPath();
        var method = request.prologue().method().text();
        switch (Paths.meaning(method, path, asksForWebsocket(request))) {
            case Meaning.Asks _
            when !Paths.canPass(request.prologue().query().rawValue()) ->
                turnAway(
                        request,
                        new Refusal(
                                Reason.MALFORMED, "the query holds characters that no URL can; percent-encode them"),
                        out);
            case Meaning.Asks asks ->
                answer(new HelidonArrival(request, ids.get(), clock.instant(), asks, room, maxBody()), out);
            case Meaning.Models models ->
                enquire(
                        request,
                        family -> enquiry.get().models(HelidonArrival.headers(request), family, models.model()),
                        out);
            case Meaning.Usage _ -> enquire(request, _ -> enquiry.get().usage(HelidonArrival.headers(request)), out);
            case Meaning.Probe _ -> response.send();
            case Meaning.Websocket _ -> {
                // What this port speaks instead: RFC 9110, section 15.5.22.
                response.header(HeaderNames.UPGRADE, "HTTP/1.1");
                turnAway(
                        request,
                        new Refusal(Reason.UPGRADE_REQUIRED, "websockets are not served here; send a POST"),
                        out);
            }
            case Meaning.OtherMethod other -> {
                var known = String.join(", ", other.known());
                response.header(HeaderNames.ALLOW, known);
                turnAway(
                        request,
                        new Refusal(Reason.METHOD_NOT_ALLOWED, "this path takes " + known + ", not " + method),
                        out);
            }
            case Meaning.Everybodys _ ->
                turnAway(
                        request,
                        new Refusal(
                                Reason.NOT_FOUND,
                                "stored objects are not listed: the list is of all teams; ask for one by its id"),
                        out);
            case Meaning.Nothing _ ->
                turnAway(
                        request,
                        new Refusal(Reason.NOT_FOUND, "nothing is served at this path; served are " + Paths.list()),
                        out);
        }
    }

    private static boolean asksForWebsocket(ServerRequest request) {
        return request.headers().contains(HeaderNames.UPGRADE)
                && request.headers().get(HeaderNames.UPGRADE).values().equalsIgnoreCase("websocket");
    }

    /// Who sends a version of Anthropic's API speaks its dialect, whatever the path.
    private static boolean namesAnthropicVersion(ServerRequest request) {
        return request.headers().contains(HeaderNames.create("anthropic-version"));
    }

    private void enquire(ServerRequest request, Function<Family, byte[]> question, HelidonReplyWriter out) {
        var family = namesAnthropicVersion(request) ? Family.ANTHROPIC : Family.OPENAI;
        try {
            var json = question.apply(family);
            out.head(200, Headers.of("content-type", "application/json"), json.length);
            out.write(json, 0, json.length);
            out.end();
        } catch (Refusal refusal) {
            refusals.add(1, refusal.reason().word());
            ErrorAnswer.write(refusal, family, ids.get(), out);
        }
    }

    private int maxBody() {
        return settings.maxBody().toInt();
    }

    private void answer(HelidonArrival arrival, HelidonReplyWriter out) {
        var hangup = out.hangup();
        try (arrival) {
            if (!inFlight.enter(hangup, arrival.endpoint())) {
                refuse(arrival, Refusal.shuttingDown(), out);
                return;
            }
            try {
                travel(arrival, out);
            } finally {
                inFlight.leave(hangup);
            }
        }
    }

    private void travel(HelidonArrival arrival, HelidonReplyWriter out) {
        var framing = Framing.CURRENT.get();
        arrival.onceRead(() -> framing.begin(out.hangup()));
        try {
            way.travel(arrival, out);
            if (!out.hasBegun()) {
                // Nobody is there to be answered.
                out.abort();
            }
        } catch (Refusal refusal) {
            refuse(arrival, refusal, out);
        } catch (RuntimeException fault) {
            LOG.error("call {} failed by our own fault", arrival.id(), fault);
            if (out.hasBegun()) {
                out.abort();
            } else {
                refuse(arrival, new Refusal(Reason.OUR_FAULT, "the gateway failed; its log knows more"), out);
            }
        } finally {
            framing.end();
        }
    }

    private void refuse(HelidonArrival arrival, Refusal refusal, HelidonReplyWriter out) {
        refusals.add(1, refusal.reason().word());
        if (inFlight.isDraining() || !arrival.restIsWorthReading(WORTH_READING)) {
            out.closeAfterwards();
        }
        ErrorAnswer.write(refusal, arrival.endpoint().shape().family(), arrival.id(), out);
    }

    /// Nothing of ours, or not in this way.
    private void turnAway(ServerRequest request, Refusal refusal, HelidonReplyWriter out) {
        refusals.add(1, refusal.reason().word());
        if (request.content().hasEntity()) {
            out.closeAfterwards();
        }
        if (request.prologue().method().text().equals("HEAD")) {
            out.head(refusal.reason().status(), Headers.NONE, -1);
            out.end();
            return;
        }
        var path = request.prologue().uriPath().rawPath();
        ErrorAnswer.write(refusal, Paths.familyOf(path, namesAnthropicVersion(request)), ids.get(), out);
    }

    @Override
    public void close() {
        server.stop();
        tower.close();
    }
}
