package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReplicasTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private Rig start(String name, int port, String members) throws IOException {
        var own = folder.resolve(name);
        Files.createDirectories(own);
        return Rig.start(
                own,
                "cluster: { mode: tcp, name: test-%d, port: %d, members: [%s] }"
                        .formatted(ProcessHandle.current().pid(), port, members));
    }

    private String admin(Rig rig, String path) {
        try {
            var uri = URI.create("http://127.0.0.1:" + rig.gateway.adminPort() + path);
            var answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void areReadyWhenTheyHaveJoined() throws Exception {
        var ports = FreePorts.take(2);
        int one = ports.getFirst();
        int two = ports.getLast();
        var members = "\"127.0.0.1:%d\", \"127.0.0.1:%d\"".formatted(one, two);
        try (var first = start("one", one, members)) {
            assertThat(Eventually.get(PATIENCE, () -> admin(first, "/ready"), ready -> ready.startsWith("200")))
                    .startsWith("200");
            try (var second = start("two", two, members)) {
                assertThat(Eventually.get(PATIENCE, () -> admin(second, "/ready"), ready -> ready.startsWith("200")))
                        .startsWith("200");
                assertThat(admin(second, "/metrics"))
                        .containsPattern("aigw_cluster_members(\\{[^}]*})? 2")
                        .containsPattern("aigw_cluster_quorum(\\{[^}]*})? 1");
            }
            assertThat(Eventually.get(
                            PATIENCE, () -> admin(first, "/metrics"), text -> text.contains("aigw_cluster_members 1")))
                    .contains("aigw_cluster_members 1");
        }
    }
}
