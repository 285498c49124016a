package com.posthog.aigateway.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.spi.merge.DiscardMergePolicy;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperty;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Peer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How Hazelcast is set.
final class Blueprint {

    static final String LEDGER = "ledger";
    static final String QUESTIONS = "questions";
    static final String QUORUM = "quorum";

    /// After this much silence a member is taken for gone.
    static final Duration SILENCE = Duration.ofSeconds(12);

    private static final Logger LOG = LoggerFactory.getLogger(Blueprint.class);
    private static final int ANSWERING = 16;
    private static final int MERGE_NOTHING = 100;

    /// No `hazelcast.initial.min.cluster.size`: a member that starts alone is not ready, and is refused for want of a
    /// quorum; members that start at the same moment and miss each other merge before the first of them has decided
    /// anything.
    private static final Map<HazelcastProperty, Object> PROPERTIES = Map.ofEntries(
            Map.entry(ClusterProperty.PHONE_HOME_ENABLED, false),
            Map.entry(ClusterProperty.LOGGING_TYPE, "slf4j"),
            Map.entry(ClusterProperty.SHUTDOWNHOOK_ENABLED, false),
            Map.entry(ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT, 20),
            Map.entry(ClusterProperty.SOCKET_BIND_ANY, false),
            Map.entry(ClusterProperty.HEARTBEAT_INTERVAL_SECONDS, 1),
            Map.entry(ClusterProperty.MAX_NO_HEARTBEAT_SECONDS, SILENCE.toSeconds()),
            Map.entry(ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS, 10),
            Map.entry(ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS, 10),
            Map.entry(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN, 0),
            Map.entry(ClusterProperty.MAX_JOIN_SECONDS, 60),
            Map.entry(ClusterProperty.FAIL_ON_INDETERMINATE_OPERATION_STATE, true),
            Map.entry(ClusterProperty.OPERATION_BACKUP_TIMEOUT_MILLIS, 1_000),
            Map.entry(ClusterProperty.OPERATION_CALL_TIMEOUT_MILLIS, 4_000));

    private Blueprint() {}

    /// ClusterFault: the own host has no address.
    ///
    /// @param quorum false: entries can be reached without one; for proofs of what that costs
    static Config of(GatewaySettings.Cluster settings, Tenant tenant, Place place, boolean quorum) {
        var config = new Config();
        config.setClusterName(settings.name() + "-" + version());
        config.setLiteMember(!settings.holdsData());
        PROPERTIES.forEach((property, value) -> config.setProperty(property.getName(), value.toString()));
        config.setUserContext(new ConcurrentHashMap<>(Map.of(Place.KEY, place)));
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getIntegrityCheckerConfig().setEnabled(false);
        config.getManagementCenterConfig()
                .setScriptingEnabled(false)
                .setConsoleEnabled(false)
                .setDataAccessEnabled(false);
        config.getSerializationConfig()
                .addDataSerializableFactory(Forms.NUMBER, new Forms())
                .addDataSerializableFactory(tenant.number(), tenant.forms())
                .setJavaSerializationFilterConfig(onlyFaults());
        config.setAdvancedNetworkConfig(network(settings));
        config.addExecutorConfig(new ExecutorConfig(QUESTIONS, ANSWERING).setStatisticsEnabled(false));
        config.addMapConfig(ledger(settings.dataMembers() - 1, quorum));
        if (quorum) {
            config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig(QUORUM, true)
                    .setFunctionImplementation(members -> Life.dataMembers(members) >= settings.quorum()));
        }
        return config;
    }

    /// Members of two minor versions cannot be in one cluster.
    private static String version() {
        var parts = BuildInfoProvider.getBuildInfo().getVersion().split("[.-]");
        return String.join("-", Arrays.copyOf(parts, 2));
    }

    private static MapConfig ledger(int backups, boolean quorum) {
        var map = new MapConfig(LEDGER)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setBackupCount(backups)
                .setStatisticsEnabled(false)
                .setPerEntryStatsEnabled(false)
                .setMergePolicyConfig(new MergePolicyConfig(DiscardMergePolicy.class.getName(), MERGE_NOTHING));
        return quorum ? map.setSplitBrainProtectionName(QUORUM) : map;
    }

    /// All that is ours travels in forms. Java's own serialisation is for exceptions, with all that these may hold: a
    /// member that cannot read one waits for its answer in vain.
    private static JavaSerializationFilterConfig onlyFaults() {
        var filter = new JavaSerializationFilterConfig();
        filter.setDefaultsDisabled(true);
        filter.getWhitelist()
                .addPrefixes(
                        "com.hazelcast.",
                        "com.posthog.aigateway.",
                        "java.lang.",
                        "[Ljava.lang.",
                        "java.io.",
                        "java.nio.",
                        "java.net.ConnectException",
                        "java.net.SocketException",
                        "java.net.UnknownHostException",
                        "java.util.ArrayList",
                        "java.util.Collections$",
                        "java.util.ConcurrentModificationException",
                        "java.util.NoSuchElementException",
                        "java.util.concurrent.");
        filter.getBlacklist().addPrefixes("java.lang.invoke.", "java.lang.reflect.");
        return filter;
    }

    /// One endpoint, for members only: no clients, no HTTP.
    private static AdvancedNetworkConfig network(GatewaySettings.Cluster settings) {
        var endpoint = new ServerSocketEndpointConfig()
                .setPort(settings.port())
                .setPortAutoIncrement(false)
                .setReuseAddress(true);
        endpoint.getInterfaces().setEnabled(true).addInterface(address(settings.host()));
        var network = new AdvancedNetworkConfig().setEnabled(true);
        network.setMemberEndpointConfig(endpoint);
        network.setJoin(join(settings));
        return network;
    }

    private static JoinConfig join(GatewaySettings.Cluster settings) {
        var join = new JoinConfig();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        switch (settings.mode()) {
            case SINGLE -> {}
            case TCP ->
                join.getTcpIpConfig()
                        .setEnabled(true)
                        .setConnectionTimeoutSeconds(3)
                        .setMembers(settings.members().stream()
                                .flatMap(Blueprint::addresses)
                                .toList());
            case DNS ->
                join.getKubernetesConfig()
                        .setEnabled(true)
                        .setProperty("service-dns", Objects.requireNonNull(settings.service()))
                        .setProperty("service-port", Integer.toString(settings.port()));
        }
        return join;
    }

    private static String address(String host) {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException e) {
            throw new ClusterFault("'cluster.host' has no address: " + host, e);
        }
    }

    /// Hazelcast, told which address is ours, would pass over names of other machines.
    private static Stream<String> addresses(Peer peer) {
        try {
            return Stream.of(InetAddress.getAllByName(peer.host()))
                    .map(address -> new Peer(address.getHostAddress(), peer.port()).toString());
        } catch (UnknownHostException e) {
            LOG.warn("the replica {} has no address now; it will find us when it starts", peer);
            return Stream.of();
        }
    }
}
