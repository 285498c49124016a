package com.posthog.aigateway.config;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    public record Server(
            String host,
            int port,
            ByteSize maxBody,
            ByteSize bodiesInMemory,
            Duration head,
            Duration body,
            Duration keepAlive,
            Duration unread) {
        public Server {
            checkPort("server.port", port);
            checkPositive("server.head", head);
            checkPositive("server.body", body);
            checkPositive("server.keep_alive", keepAlive);
            checkPositive("server.unread", unread);
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

    public record Cluster(Mode mode, int dataMembers) {
        public Cluster {
            if (mode != Mode.SINGLE) {
                throw new IllegalArgumentException(
                        "'cluster.mode' must be single: a cluster of replicas is not here yet");
            }
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
    public record Timeouts(
            Duration connect, Duration firstByte, Duration firstByteReasoning, Duration wholeAnswer, Duration idle) {
        public Timeouts {
            checkPositive("timeouts.connect", connect);
            checkPositive("timeouts.first_byte", firstByte);
            checkPositive("timeouts.first_byte_reasoning", firstByteReasoning);
            checkPositive("timeouts.whole_answer", wholeAnswer);
            checkPositive("timeouts.idle", idle);
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
