package com.posthog.aigateway.config;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `config/gateway.yaml`: how this process runs. What a file leaves out is as in the sample.
public record GatewaySettings(
        Server server,
        Admin admin,
        Path catalogue,
        Path callers,
        Journal journal,
        Cluster cluster,
        Events events,
        UnknownModel unknownModel,
        Timeouts timeouts,
        Lifecycle lifecycle,
        Egress egress,
        Tokens tokens) {

    /// The public door.
    ///
    /// @param maxBody of one request, decoded
    /// @param bodiesInMemory of all requests and answers that are held whole at a time
    /// @param head how long a request's head may take, from its first byte
    /// @param body how long a request's body may take
    /// @param keepAlive how long a connection may wait for its next request
    /// @param unread how long a caller may take nothing of an answer that waits for it
    /// @param strangersPerMinute how often an address may try without a credential that is known
    public record Server(
            String host,
            int port,
            ByteSize maxBody,
            ByteSize bodiesInMemory,
            Duration head,
            Duration body,
            Duration keepAlive,
            Duration unread,
            long strangersPerMinute) {
        public Server {
            checkPort("server.port", port);
            checkPositive("server.head", head);
            checkPositive("server.body", body);
            checkPositive("server.keep_alive", keepAlive);
            checkPositive("server.unread", unread);
            if (strangersPerMinute <= 0) {
                throw new IllegalArgumentException("'strangers_per_minute' must be above zero: " + strangersPerMinute);
            }
            if (maxBody.bytes() == 0) {
                throw new IllegalArgumentException("'max_body' must be above zero: no call could be read");
            }
            if (maxBody.bytes() > bodiesInMemory.bytes()) {
                throw new IllegalArgumentException(
                        "'max_body' (" + maxBody + ") must fit into 'bodies_in_memory' (" + bodiesInMemory + ")");
            }
        }
    }

    /// The operators' door.
    ///
    /// @param token guards everything but `/live`, `/ready` and `/metrics`; null: the rest is closed
    public record Admin(String host, int port, @Nullable Secret token) {
        public Admin {
            checkPort("admin.port", port);
        }
    }

    public enum WhenFull {
        REFUSE,
        RUN_ON
    }

    public record Journal(
            Path path,
            Duration keepReceipts,
            Duration keepResponses,
            ByteSize maxContent,
            Sync sync,
            WhenFull whenFull) {
        public Journal {
            checkPositive("journal.keep_receipts", keepReceipts);
            checkPositive("journal.keep_responses", keepResponses);
        }
    }

    public enum Mode {
        SINGLE,
        TCP,
        DNS
    }

    /// Which replicas share their memory.
    ///
    /// @param name replicas of the same name join each other
    /// @param host the one address of this machine that the other replicas reach
    /// @param members of `tcp`: every replica, the same everywhere; the first ones hold data
    /// @param dataMembers how many replicas hold data and vote
    /// @param service of `dns`: the name behind which the replicas are found
    /// @param hostname of `dns`: ends in this replica's number; the first ones hold data
    public record Cluster(
            Mode mode,
            String name,
            String host,
            int port,
            List<Peer> members,
            int dataMembers,
            @Nullable String service,
            @Nullable String hostname) {

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");
        private static final Pattern NUMBERED = Pattern.compile(".*-(\\d{1,6})");
        private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]", "*");

        public Cluster {
            members = List.copyOf(members);
            check("cluster.data_members", dataMembers == 1 || dataMembers == 3, "1 or 3", dataMembers);
            check("cluster.name", NAME.matcher(name).matches(), "letters, digits, - and _", name);
            if (mode != Mode.SINGLE) {
                check("cluster.port", port > 0 && port <= 65_535, "a port from 1 to 65535", port);
                check(
                        "cluster.host",
                        !EVERY_ADDRESS.contains(host),
                        "one address, which only the other replicas can reach: whoever reaches it can join",
                        host);
            }
            switch (mode) {
                case SINGLE -> check("cluster.data_members", dataMembers == 1, "1 in the mode single", dataMembers);
                case TCP -> checkMembers(members, new Peer(host, port), dataMembers);
                case DNS -> checkNumber(service, hostname);
            }
        }

        private static void checkMembers(List<Peer> members, Peer own, int dataMembers) {
            if (Set.copyOf(members).size() < members.size()) {
                throw new IllegalArgumentException("'cluster.members' must name each replica once: " + members);
            }
            if (!members.contains(own)) {
                throw new IllegalArgumentException("'cluster.members' must name this replica too, as 'host' and 'port'"
                        + " do: " + own + " is not in " + members);
            }
            if (members.size() < dataMembers) {
                throw new IllegalArgumentException("'cluster.data_members' must not be above the number of members: "
                        + dataMembers + " of " + members.size());
            }
        }

        private static void checkNumber(@Nullable String service, @Nullable String hostname) {
            if (service == null) {
                throw new IllegalArgumentException("'cluster.service' must name the service of all replicas");
            }
            if (hostname == null || !NUMBERED.matcher(hostname).matches()) {
                throw new IllegalArgumentException("'cluster.hostname' must end in this replica's number, as in"
                        + " gateway-0: '" + (hostname == null ? "" : hostname) + "'");
            }
        }

        private static void check(String name, boolean holds, String rule, Object value) {
            if (!holds) {
                throw new IllegalArgumentException("'" + name + "' must be " + rule + ": " + value);
            }
        }

        /// This replica's place among all, from 0.
        public int place() {
            return switch (mode) {
                case SINGLE -> 0;
                case TCP -> members.indexOf(new Peer(host, port));
                case DNS -> {
                    var number = NUMBERED.matcher(String.valueOf(hostname));
                    yield number.matches() ? Integer.parseInt(number.group(1)) : Integer.MAX_VALUE;
                }
            };
        }

        public boolean holdsData() {
            return place() < dataMembers;
        }

        /// How many members that hold data must see each other.
        public int quorum() {
            return dataMembers / 2 + 1;
        }

        /// Whether rolling the one member that holds data stops the others.
        public boolean hangsOnOne() {
            return dataMembers == 1 && (mode == Mode.DNS || members.size() > 1);
        }
    }

    public enum Protocol {
        V0,
        V1
    }

    public enum Recorded {
        FULL,
        NONE
    }

    /// Where events go.
    ///
    /// @param content whether prompts and answers are part of the event
    public record Events(URI host, Secret projectToken, Protocol protocol, Recorded content) {
        public Events {
            if (protocol != Protocol.V0) {
                throw new IllegalArgumentException("'events.protocol' must be v0: v1 is not here yet");
            }
        }
    }

    public enum Policy {
        FORWARD,
        REFUSE
    }

    /// What to do with a model that the catalogue does not know, and what it is held to cost.
    public record UnknownModel(Policy policy, Ceiling ceilingUsdPerMtok) {}

    /// US dollars per million tokens.
    public record Ceiling(BigDecimal input, BigDecimal output) {
        public Ceiling {
            if (input.signum() <= 0 || output.signum() <= 0) {
                throw new IllegalArgumentException(
                        "'ceiling_usd_per_mtok' must be above zero: an unknown model never costs nothing");
            }
        }
    }

    /// How long a provider may take.
    ///
    /// @param firstByte of a streamed answer, where the model does not reason
    /// @param wholeAnswer of one that is not streamed
    /// @param idle between two pieces of a streamed answer
    /// @param preamble how long a stream that says nothing yet is held back while another target could take
    /// over
    public record Timeouts(
            Duration connect,
            Duration firstByte,
            Duration firstByteReasoning,
            Duration wholeAnswer,
            Duration idle,
            Duration preamble) {
        public Timeouts {
            checkPositive("timeouts.connect", connect);
            checkPositive("timeouts.first_byte", firstByte);
            checkPositive("timeouts.first_byte_reasoning", firstByteReasoning);
            checkPositive("timeouts.whole_answer", wholeAnswer);
            checkPositive("timeouts.idle", idle);
            checkPositive("timeouts.preamble", preamble);
        }
    }

    /// What happens after SIGTERM.
    ///
    /// @param drainDelay how long balancers have to notice before new calls are refused
    /// @param drain how long calls in flight have to end
    public record Lifecycle(Duration drainDelay, Duration drain) {}

    /// How providers are reached.
    ///
    /// @param proxy null: directly
    /// @param noProxy hosts that are reached directly all the same, between commas; null: none
    public record Egress(@Nullable URI proxy, @Nullable String noProxy) {
        public Egress {
            if (proxy != null && (proxy.getUserInfo() != null || proxy.getPort() < 0)) {
                throw new IllegalArgumentException(
                        "'egress.proxy' must be http://host:port; a name and a password for it are not supported");
            }
        }
    }

    public record Tokens(List<SigningKey> keys) {}

    public record SigningKey(String id, Secret secret) {}

    private static void checkPositive(String name, Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("'" + name + "' must be above zero: " + Scalars.write(time));
        }
    }

    private static void checkPort(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("'" + name + "' must be a port from 0 to 65535: " + port);
        }
    }
}
