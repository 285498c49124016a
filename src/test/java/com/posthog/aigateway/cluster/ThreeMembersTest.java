package com.posthog.aigateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Three members that hold data, and one that does not.
class ThreeMembersTest extends ClusterContract {

    @SuppressWarnings("NullAway.Init")
    private static Town town;

    @BeforeAll
    static void open() {
        town = Town.open(4, 3);
    }

    @AfterAll
    static void close() {
        town.close();
    }

    @Override
    List<Members> replicas() {
        return List.of(town.get(0), town.get(1), town.get(2), town.get(3));
    }

    @Override
    int dataMembers() {
        return 3;
    }

    @Test
    void repeatsOnEachBackupWhatTheOwnerDecided() {
        var key = "backed-" + UUID.randomUUID();

        town.get(3).run(key, new Add(3));
        var decided = town.notes.stream()
                .flatMap(notes -> notes.decided.stream())
                .filter(note -> note.startsWith(key))
                .toList();
        var repeated = town.notes.stream()
                .flatMap(notes -> notes.repeated.stream())
                .filter(note -> note.startsWith(key))
                .toList();

        assertThat(decided).hasSize(1);
        assertThat(repeated).hasSize(2).containsOnly(decided.getFirst());
        assertThat(town.notes.get(3).repeated).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /hazelcast/health HTTP/1.1\r\nHost: x\r\n\r\n", "CP2", "PUT / HTTP/1.0\r\n\r\n"})
    void speaksNeitherHttpNorTheProtocolOfClients(String opening) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), town.port(0))) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(opening.getBytes(StandardCharsets.US_ASCII));

            var answer = new String(read(socket), StandardCharsets.US_ASCII);

            assertThat(answer).isIn("", "HZX");
        }
    }

    private static byte[] read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    @Test
    void listensOnItsOwnAddressOnly() throws IOException {
        for (var address : foreignAddresses()) {
            try (var socket = new Socket()) {
                assertThat(connects(socket, address)).as("%s", address).isFalse();
            }
        }
    }

    private static List<InetSocketAddress> foreignAddresses() throws SocketException {
        var addresses =
                new ArrayList<>(List.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), town.port(0))));
        for (var network : NetworkInterface.networkInterfaces().toList()) {
            network.inetAddresses()
                    .filter(address -> !address.isLoopbackAddress())
                    .forEach(address -> addresses.add(new InetSocketAddress(address, town.port(0))));
        }
        return addresses;
    }

    private static boolean connects(Socket socket, InetSocketAddress address) {
        try {
            socket.connect(address, 1_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
