package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import com.posthog.aigateway.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What one replica was told is stored at the provider, all others know: three that hold data, and a fourth.
@Timeout(120)
class StoredOnReplicasTest {

    private static final int DATA_MEMBERS = 3;
    private static final int LITE = 3;
    private static final int REPLICAS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String THEIRS = "sk-of-the-second-team";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final AtomicInteger stored = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<FailoverRig> rigs = new ArrayList<>();
    private final FakeUpstream provider = new FakeUpstream(peer -> {
        while (peer.readRequest()) {
            peer.answer("{\"id\":\"resp_" + stored.incrementAndGet()
                    + "\",\"object\":\"response\",\"status\":\"completed\",\"output\":[]}");
        }
    });

    private final List<Integer> ports = FreePorts.take(REPLICAS);

    private void open(int... replicas) throws IOException {
        for (int replica : replicas) {
            rigs.add(start(replica));
        }
    }

    private void openAll() throws IOException {
        open(0, 1, 2, LITE);
        awaitMembers(REPLICAS);
    }

    private void awaitMembers(int count) {
        for (var rig : rigs) {
            Eventually.get(PATIENCE, () -> metric(rig, "aigw_cluster_members"), seen -> seen.contains(" " + count));
        }
    }

    private FailoverRig start(int replica) throws IOException {
        return FailoverRig.start(
                home(replica), provider.uri(), provider.uri(), Clock.systemUTC(), cluster(ports.get(replica)));
    }

    private Path home(int replica) throws IOException {
        var home = Files.createDirectory(folder.resolve("replica" + replica));
        Files.writeString(home.resolve("callers.yaml"), """
                teams: [ { id: dev, products: [a], runaway: { mode: off } }, { id: two, products: [a] } ]
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, models: ["*"] }
                  - { id: other, sha256: "%s", team: two, models: ["*"] }
                """.formatted(Rig.sha256(Rig.KEY), Rig.sha256(THEIRS)));
        return home;
    }

    private String cluster(int port) {
        var members = ports.stream().map(other -> "\"127.0.0.1:" + other + "\"").collect(Collectors.joining(", "));
        return "cluster: { mode: tcp, name: stored-%d, port: %d, members: [%s], data_members: %d }\n"
                .formatted(ProcessHandle.current().pid(), port, members, DATA_MEMBERS);
    }

    private String metric(FailoverRig rig, String name) {
        return metric(URI.create("http://127.0.0.1:" + rig.gateway.adminPort()), name);
    }

    private String metric(URI admin, String name) {
        var request = HttpRequest.newBuilder(admin.resolve("/metrics")).build();
        try {
            return client.send(request, BodyHandlers.ofLines())
                    .body()
                    .filter(line -> line.startsWith(name))
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        rigs.forEach(FailoverRig::close);
        provider.close();
    }

    private HttpResponse<String> ask(URI replica, String key, String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(replica.resolve(path))
                .header("Authorization", "Bearer " + key)
                .method(method, BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString(UTF_8));
    }

    private String store(URI replica) throws IOException, InterruptedException {
        var answer = ask(replica, Rig.KEY, "POST", FailoverRig.RESPONSES, "{\"model\":\"m\",\"input\":\"hi\"}");
        return JSON.readTree(answer.body()).path("id").asText();
    }

    private String store(int replica) throws IOException, InterruptedException {
        return store(rigs.get(replica).uri());
    }

    private HttpResponse<String> read(int replica, String key, String id) throws IOException, InterruptedException {
        return ask(rigs.get(replica).uri(), key, "GET", FailoverRig.RESPONSES + "/" + id, "");
    }

    private int goOn(int replica, String key, String id) throws IOException, InterruptedException {
        var body = "{\"model\":\"m\",\"input\":\"hi\",\"previous_response_id\":\"" + id + "\"}";
        return ask(rigs.get(replica).uri(), key, "POST", FailoverRig.RESPONSES, body)
                .statusCode();
    }

    @Test
    void isKnownOnAllAtOnceToItsTeamAlone() throws Exception {
        openAll();
        for (int maker = 0; maker < REPLICAS; maker++) {
            var id = store(maker);
            for (int replica = 0; replica < REPLICAS; replica++) {
                assertThat(read(replica, Rig.KEY, id).statusCode()).isEqualTo(200);
                assertThat(goOn(replica, Rig.KEY, id)).isEqualTo(200);
                assertThat(read(replica, THEIRS, id).statusCode()).isEqualTo(404);
                assertThat(goOn(replica, THEIRS, id)).isEqualTo(404);
                assertThat(read(replica, Rig.KEY, "resp_none").statusCode()).isEqualTo(404);
            }
        }
        for (var rig : rigs) {
            assertThat(Eventually.get(() -> metric(rig, "aigw_stored_untold"), untold -> untold.contains(" 0")))
                    .contains(" 0");
        }
    }

    @Test
    void isKnownAfterReplicasHaveLeft() throws Exception {
        openAll();
        var ofLite = store(LITE);
        rigs.get(LITE).close();
        var ofData = store(2);
        rigs.get(2).close();

        for (int replica : List.of(0, 1)) {
            assertThat(read(replica, Rig.KEY, ofLite).statusCode()).isEqualTo(200);
            assertThat(read(replica, Rig.KEY, ofData).statusCode()).isEqualTo(200);
            assertThat(awaitStatus(replica, "resp_none", 404)).isEqualTo(404);
        }
    }

    /// Members notice a moment later that one has left, or come back to it a while later.
    private int awaitStatus(int replica, String id, int status) {
        return Eventually.get(PATIENCE, () -> statusOf(replica, id), Integer.valueOf(status)::equals);
    }

    private int statusOf(int replica, String id) {
        try {
            return read(replica, Rig.KEY, id).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void isNotSaidToBeUnknownWhereTooFewCanBeAsked() throws Exception {
        openAll();
        var id = store(0);
        IntStream.of(1, 2).forEach(replica -> rigs.get(replica).close());

        var unknown = read(LITE, Rig.KEY, "resp_none");
        assertThat(unknown.statusCode()).isEqualTo(503);
        assertThat(unknown.headers().firstValue("retry-after")).hasValue("5");
        assertThat(unknown.body()).contains("a replica that may know 'resp_none' cannot be asked now");
        assertThat(awaitStatus(LITE, id, 200)).isEqualTo(200);
        assertThat(statusOf(LITE, "resp_none")).isEqualTo(503);
    }

    @Test
    void isNotSaidToBeUnknownBeforeAMajorityWasEverThere() throws Exception {
        open(0, LITE);
        awaitMembers(2);
        int lite = 1;

        assertThat(statusOf(lite, "resp_none")).isEqualTo(503);
        assertThat(statusOf(lite, store(0))).isEqualTo(200);
    }

    @Test
    void isNotSaidToBeUnknownWhileAReplicaThatWasKilledMayKnowIt() throws Exception {
        open(0, 1, 2);
        try (var sink = Sink.start(0);
                var killed = startAlone(sink)) {
            awaitMembers(REPLICAS);
            var id = store(killed.uri());
            Eventually.get(() -> metric(killed.adminUri(), "aigw_stored_untold"), untold -> untold.contains(" 0"));
            assertThat(statusOf(0, "resp_none")).isEqualTo(404);

            killed.kill();
            awaitMembers(REPLICAS - 1);

            assertThat(awaitStatus(0, "resp_none", 503)).isEqualTo(503);
            assertThat(statusOf(0, id)).isEqualTo(200);
        }
    }

    /// In a process of its own, which can be killed.
    private ChildGateway startAlone(Sink sink) throws IOException {
        var home = home(LITE);
        var settings =
                Files.writeString(home.resolve("gateway.yaml"), "callers: callers.yaml\n" + cluster(ports.get(LITE)));
        return ChildGateway.start(
                settings,
                Map.of(
                        "AIGATEWAY_PORT",
                        "0",
                        "AIGATEWAY_ADMIN_PORT",
                        "0",
                        "AIGATEWAY_DATA",
                        home.resolve("data").toString(),
                        "AIGATEWAY_OPENAI_URL",
                        provider.uri().toString(),
                        "OPENAI_API_KEY",
                        "provider-key",
                        "POSTHOG_HOST",
                        sink.uri().toString()));
    }
}
