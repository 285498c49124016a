package com.posthog.aigateway.bench;

import com.github.f4b6a3.uuid.UuidCreator;
import com.posthog.aigateway.Configuration;
import com.posthog.aigateway.call.Arrival;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.ReplyWriter;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.flow.Enquiry;
import com.posthog.aigateway.http.Door;
import com.posthog.aigateway.http.InFlight;
import com.posthog.aigateway.provider.Credentials;
import com.posthog.aigateway.provider.NativeClient;
import com.posthog.aigateway.resolve.ModelList;
import com.posthog.aigateway.stream.Relay;
import com.posthog.aigateway.stream.Room;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.wire.ApacheUpstream;
import com.posthog.aigateway.wire.Egress;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import java.math.BigDecimal;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;

/// The gateway as a proxy and nothing else: no credential is checked, nothing is written, priced or told.
final class BareGateway {

    private static final Patience PATIENCE = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(300), null);

    private final NativeClient client;
    private final Relay relay;
    private final Map<Family, Target> targets = new EnumMap<>(Family.class);

    private BareGateway(Configuration configuration, NativeClient client, Relay relay) {
        this.client = client;
        this.relay = relay;
        for (var provider : configuration.catalogue().providers()) {
            targets.putIfAbsent(provider.family(), new Target(provider, "", BigDecimal.ONE));
        }
    }

    static void main() throws NoSuchAlgorithmException {
        var clock = Clock.systemUTC();
        var configuration = Configuration.load(null, Environment.ofProcess(), clock);
        var settings = configuration.settings();
        var room = new Room(settings.server().bodiesInMemory().bytes());
        var upstream = new ApacheUpstream(settings.timeouts().connect(), SSLContext.getDefault(), Egress.DIRECT);
        var gateway = new BareGateway(
                configuration, new NativeClient(upstream, new Credentials(upstream, clock)), new Relay(room, clock));
        var enquiry =
                new Enquiry(configuration.keys(), new ModelList(configuration.catalogue()), (_, _) -> new byte[0]);
        var door = new Door(
                gateway::travel,
                () -> enquiry,
                new InFlight(),
                room,
                settings.server(),
                UuidCreator::getTimeOrderedEpoch,
                clock,
                Metrics.create());
        door.open();
    }

    private void travel(Arrival arrival, ReplyWriter out) {
        var call = arrival.asCall();
        var target = targets.get(call.endpoint().shape().family());
        if (target == null) {
            throw new Refusal(Reason.NOT_FOUND, "no provider speaks this dialect");
        }
        try (var reply = client.ask(call, new Route(null, null, List.of(target)), target, PATIENCE, out.hangup())) {
            var _ = relay.copy(reply, out, passage(arrival));
        } catch (Unanswered e) {
            throw new Refusal(Reason.PROVIDER_UNREACHABLE, "the upstream did not answer: " + e.how());
        }
    }

    private static Relay.Passage passage(Arrival arrival) {
        return new Relay.Passage(
                arrival.id(), arrival.endpoint().shape(), Headers.NONE, false, 1, 0, id -> {}, null, reading -> null);
    }
}
