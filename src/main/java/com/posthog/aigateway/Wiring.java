package com.posthog.aigateway;

import com.github.f4b6a3.uuid.UuidCreator;
import com.posthog.aigateway.admin.AdminDoor;
import com.posthog.aigateway.admit.Admit;
import com.posthog.aigateway.admit.AdmitFigures;
import com.posthog.aigateway.admit.Changes;
import com.posthog.aigateway.admit.Law;
import com.posthog.aigateway.admit.Ledger;
import com.posthog.aigateway.admit.Operators;
import com.posthog.aigateway.admit.Strangers;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.cluster.Alone;
import com.posthog.aigateway.cluster.Cluster;
import com.posthog.aigateway.cluster.Members;
import com.posthog.aigateway.cluster.Register;
import com.posthog.aigateway.cluster.Tenant;
import com.posthog.aigateway.cluster.Time;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Sync;
import com.posthog.aigateway.dispatch.DispatchFigures;
import com.posthog.aigateway.dispatch.Dispatcher;
import com.posthog.aigateway.dispatch.Ejections;
import com.posthog.aigateway.dispatch.TargetDesk;
import com.posthog.aigateway.dispatch.Targets;
import com.posthog.aigateway.flow.Bookkeeper;
import com.posthog.aigateway.flow.Enquiry;
import com.posthog.aigateway.flow.Journey;
import com.posthog.aigateway.http.Door;
import com.posthog.aigateway.http.InFlight;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.provider.BedrockInvoke;
import com.posthog.aigateway.provider.ClientByWire;
import com.posthog.aigateway.provider.Credentials;
import com.posthog.aigateway.provider.Fitting;
import com.posthog.aigateway.provider.NativeClient;
import com.posthog.aigateway.provider.ProviderClient;
import com.posthog.aigateway.provider.fit.Eligibility;
import com.posthog.aigateway.provider.fit.TargetKind;
import com.posthog.aigateway.record.CallFigures;
import com.posthog.aigateway.record.DenialLane;
import com.posthog.aigateway.record.GenerationEvent;
import com.posthog.aigateway.record.Lane;
import com.posthog.aigateway.record.PlainLane;
import com.posthog.aigateway.record.Receipts;
import com.posthog.aigateway.record.Tallies;
import com.posthog.aigateway.resolve.ModelList;
import com.posthog.aigateway.resolve.Resolver;
import com.posthog.aigateway.resolve.Stored;
import com.posthog.aigateway.runaway.Breakers;
import com.posthog.aigateway.runaway.Runaway;
import com.posthog.aigateway.runaway.RunawayFigures;
import com.posthog.aigateway.stream.Opening;
import com.posthog.aigateway.stream.Relay;
import com.posthog.aigateway.stream.Room;
import com.posthog.aigateway.telemetry.CallLog;
import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.wire.ApacheUpstream;
import com.posthog.aigateway.wire.ControlClient;
import com.posthog.aigateway.wire.Egress;
import com.posthog.aigateway.wire.Upstream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes every part and gives it the parts it needs, in the order of the picture.
final class Wiring {

    private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);
    private static final String DEVELOPMENT_TOKEN = "phc_dev";
    private static final int KEPT_OF_AN_ANSWER = 8 << 20;

    private final Configuration configuration;
    private final GatewaySettings settings;
    private final Clock clock;
    private final Set<Law> broken;
    private final Fitting fitting;
    private final RandomGenerator chance = new SecureRandom();

    private Wiring(Configuration configuration, Clock clock, Set<Law> broken, Fitting fitting) {
        this.configuration = configuration;
        this.settings = configuration.settings();
        this.clock = clock;
        this.broken = broken;
        this.fitting = fitting;
    }

    /// A gateway that is open to callers.
    ///
    /// JournalFault: the data folder cannot be used. ClusterFault: this process cannot join the others.
    /// UncheckedIOException: a port cannot be used.
    static Gateway open(Configuration configuration, Clock clock) {
        return open(configuration, clock, Law.NONE_BROKEN);
    }

    /// The same, for proofs that break a law of the ledger.
    static Gateway open(Configuration configuration, Clock clock, Set<Law> broken) {
        return open(configuration, clock, broken, Eligibility.read(Wiring::kind));
    }

    /// The same, with another way to say calls at fallback targets.
    static Gateway open(Configuration configuration, Clock clock, Set<Law> broken, Fitting fitting) {
        var wiring = new Wiring(configuration, clock, broken, fitting);
        var journal = wiring.journal();
        try {
            return wiring.join(journal);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private Gateway join(Journal journal) {
        boolean alone = settings.cluster().mode() == GatewaySettings.Mode.SINGLE;
        var context = Ledger.context(journal, !alone, chance, broken);
        var cluster = cluster(Ledger.tenant(context));
        try {
            return open(journal, cluster, context);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private Cluster cluster(Tenant tenant) {
        var time = Time.of(clock);
        return switch (settings.cluster().mode()) {
            case SINGLE -> Alone.start(tenant, time);
            case TCP, DNS -> Members.join(settings.cluster(), tenant, time, !broken.contains(Law.QUORUM));
        };
    }

    private Gateway open(Journal journal, Cluster cluster, Object context) {
        var register = Register.open(cluster, journal);
        var metrics = Metrics.create();
        var lane = lane(journal, metrics);
        var tallies = new Tallies(journal, clock, metrics);
        var denials = denials(tallies, metrics);
        var receipts = new Receipts(journal, lane, new CallLog(), new CallFigures(metrics), tallies, clock);
        int lost = receipts.recover();
        if (lost > 0) {
            LOG.warn("{} calls were lost when the last process ended; each has its receipt now", lost);
        }
        var ledger = Ledger.open(cluster, journal, chance, context);
        var changes = new Changes(register, cluster::now);
        var breakers = new Breakers(register, cluster::now);
        var upstream = new ApacheUpstream(
                settings.timeouts().connect(),
                tls(),
                Egress.of(settings.egress().proxy(), settings.egress().noProxy()));
        var ejections = new Ejections(register);
        var targets = new Targets(ejections, metrics, clock);
        var room = new Room(settings.server().bodiesInMemory().bytes());
        var stored = Stored.open(
                journal,
                cluster,
                register,
                configuration.catalogue(),
                settings.journal().keepResponses(),
                clock);
        metrics.gauge(
                "aigw_stored_untold", "Rows of stored answers that too few data members have yet", stored::untold);
        var lasting = new Lasting(
                stored,
                new Strangers(settings.server().strangersPerMinute(), cluster::now),
                new Runaway(configuration.callers(), breakers, clock, new RunawayFigures(metrics, breakers)),
                new Admit(
                        configuration.scopes(),
                        configuration.catalogue(),
                        ledger,
                        cluster,
                        changes,
                        new AdmitFigures(metrics)),
                new Dispatcher(
                        client(upstream),
                        fitting,
                        targets,
                        new Opening(room),
                        settings.timeouts(),
                        new DispatchFigures(metrics)),
                new Relay(room, clock),
                receipts,
                metrics.counter("aigw_price_guessed", "Answers for which a rate was missing and guessed"));
        var reloader = new Reloader(configuration, read -> serving(read, lasting), metrics);
        var inFlight = new InFlight();
        var door = new Door(
                (arrival, out) -> reloader.inForce().journey().travel(arrival, out),
                () -> reloader.inForce().enquiry(),
                inFlight,
                room,
                settings.server(),
                UuidCreator::getTimeOrderedEpoch,
                clock,
                metrics);
        metrics.gauge("aigw_calls_in_flight", "Calls that are being answered", inFlight::count);
        metrics.gauge("aigw_upstream_connections", "Connections to providers, used and idle", upstream::open);
        metrics.gauge(
                "aigw_ledger_waiting", "Ledgers that cannot come back whole: a journal is missing", ledger::waiting);
        metrics.gauge("aigw_ledger_decided", "Ledgers that this replica decides, for all replicas", ledger::decided);
        var lifetime = new Lifetime(inFlight);
        metrics.gauge("aigw_cluster_members", "Replicas that this one sees, itself among them", cluster::replicas);
        metrics.gauge(
                "aigw_cluster_quorum",
                "1 while enough of the members that hold data are there",
                () -> cluster.hasQuorum() ? 1 : 0);
        var adminDoor = new AdminDoor(
                settings.admin(),
                () -> lifetime.isServing() && cluster.ready() && ledger.isOpen(),
                metrics,
                new Operators(ledger, changes),
                breakers,
                new TargetDesk(targets, ejections, () -> targets(reloader.inForce())),
                reloader,
                lifetime::look);
        var gateway = new Gateway(new Gateway.Parts(
                settings.lifecycle(),
                metrics,
                journal,
                cluster,
                ledger,
                register,
                stored,
                reloader,
                lane,
                denials,
                upstream,
                inFlight,
                door,
                lifetime,
                adminDoor));
        gateway.open();
        return gateway;
    }

    /// What goes on whatever configuration is in force: it holds what was taken, counted and written.
    private record Lasting(
            Stored stored,
            Strangers strangers,
            Runaway runaway,
            Admit admit,
            Dispatcher dispatcher,
            Relay relay,
            Receipts receipts,
            Counter guessedPrices) {}

    private Serving serving(Configuration configuration, Lasting lasting) {
        var catalogue = configuration.catalogue();
        var admit = lasting.admit().with(configuration.scopes(), catalogue);
        var stored = lasting.stored().with(catalogue);
        var journey = new Journey(
                configuration.keys(),
                lasting.strangers(),
                stored,
                new Resolver(catalogue, settings.unknownModel().policy()),
                lasting.runaway().with(configuration.callers()),
                admit,
                lasting.dispatcher(),
                lasting.relay(),
                new Bookkeeper(
                        catalogue, lasting.receipts(), lasting.guessedPrices(), stored, clock, KEPT_OF_AN_ANSWER));
        return new Serving(
                configuration, journey, new Enquiry(configuration.keys(), new ModelList(catalogue), admit::usage));
    }

    private ProviderClient client(Upstream upstream) {
        var credentials = new Credentials(upstream, clock);
        var same = new NativeClient(upstream, credentials);
        var invoke = new BedrockInvoke(upstream, credentials);
        return new ClientByWire(wire -> switch (wire) {
            case NATIVE, AZURE, AZURE_DEPLOYMENT, BEDROCK_MESSAGES, BEDROCK_MANTLE -> same;
            case BEDROCK_INVOKE -> invoke;
        });
    }

    private static TargetKind kind(Provider provider) {
        boolean anthropic = provider.family() == Family.ANTHROPIC;
        return switch (provider.wire()) {
            case NATIVE -> anthropic ? TargetKind.ANTHROPIC : TargetKind.OPENAI;
            case AZURE -> TargetKind.AZURE_V1;
            case AZURE_DEPLOYMENT -> TargetKind.AZURE_DEPLOYMENT;
            case BEDROCK_MESSAGES -> TargetKind.BEDROCK_MESSAGES;
            case BEDROCK_MANTLE -> anthropic ? TargetKind.MANTLE : TargetKind.OPENAI_ON_BEDROCK;
            case BEDROCK_INVOKE -> TargetKind.BEDROCK_INVOKE;
        };
    }

    private static List<Target> targets(Serving serving) {
        return serving.configuration().catalogue().models().stream()
                .flatMap(model -> model.targets().stream())
                .toList();
    }

    private Journal journal() {
        var journal = settings.journal();
        var limits = new Journal.Limits(
                journal.keepReceipts(),
                journal.keepResponses(),
                journal.maxContent().bytes(),
                sync(journal.sync()));
        return Journal.open(journal.path(), limits, clock, chance);
    }

    private static Journal.Sync sync(Sync sync) {
        return sync.every() == null ? new Journal.Sync.Always() : new Journal.Sync.Every(sync.every());
    }

    private Lane lane(Journal journal, Metrics metrics) {
        if (isParked()) {
            LOG.warn("POSTHOG_PROJECT_TOKEN is not set: events stay in the journal and are not delivered");
            return Lane.parked();
        }
        var lane =
                new PlainLane(journal, new GenerationEvent(eventSettings()), controlClient(), place(), clock, chance);
        metrics.gauge("aigw_events_delivered", "Events that PostHog has taken since the start", lane::delivered);
        metrics.gauge("aigw_events_dropped", "Events that PostHog will never take", lane::dropped);
        return lane;
    }

    private Lane denials(Tallies tallies, Metrics metrics) {
        if (isParked()) {
            return Lane.parked();
        }
        var lane = new DenialLane(tallies, eventSettings(), controlClient(), place(), clock, chance);
        metrics.gauge("aigw_denials_told", "Events of denials that PostHog has taken since the start", lane::delivered);
        metrics.gauge("aigw_denials_dropped", "Events of denials that PostHog will never take", lane::dropped);
        return lane;
    }

    private boolean isParked() {
        return settings.events().projectToken().text().equals(DEVELOPMENT_TOKEN) && servesRealProviders();
    }

    private PlainLane.Place place() {
        var events = settings.events();
        return new PlainLane.Place(events.host(), events.projectToken().text(), "ai-gateway/" + version());
    }

    private static GenerationEvent.Settings eventSettings() {
        return new GenerationEvent.Settings("ai-gateway", version(), null);
    }

    private static ControlClient controlClient() {
        return new ControlClient(Duration.ofSeconds(3), Duration.ofSeconds(15));
    }

    private boolean servesRealProviders() {
        return configuration.catalogue().providers().stream()
                .anyMatch(provider -> provider.configured() && !isLoopback(provider.url()));
    }

    private static boolean isLoopback(URI url) {
        try {
            return InetAddress.getByName(url.getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String version() {
        var version = Wiring.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    private static SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }
}
