package com.posthog.aigateway;

import static com.posthog.aigateway.ReloadRig.callers;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.mock.MockProvider;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files that change, and nobody says so.
@Timeout(120)
class ReloadWatchTest {

    private static final String NEW_KEY = ReloadRig.credential("dev", "new-key", ReloadRig.OTHER_KEY, "limits: []");

    @TempDir
    Path folder;

    private static void awaitNewKey(ReloadRig rig) {
        Eventually.get(() -> rig.call(ReloadRig.OTHER_KEY).statusCode(), status -> status == 200);
        assertThat(rig.call().statusCode()).isEqualTo(401);
    }

    @Test
    void seesAFileThatIsWrittenInItsPlace() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            Files.writeString(callers(folder), NEW_KEY);

            awaitNewKey(rig);
        }
    }

    @Test
    void seesAFileOfTheSameSizeAndTimeThatTakesThePlace() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            var beside = folder.resolve("callers.new");
            var text = Files.readString(callers(folder)).replace(Rig.sha256(Rig.KEY), Rig.sha256(ReloadRig.OTHER_KEY));
            Files.writeString(beside, text);
            Files.setLastModifiedTime(beside, Files.getLastModifiedTime(callers(folder)));
            Files.move(beside, callers(folder), StandardCopyOption.ATOMIC_MOVE);

            awaitNewKey(rig);
        }
    }

    @Test
    void seesALinkThatIsTurned() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            volume("first", Files.readString(callers(folder)));
            Files.delete(callers(folder));
            Files.createSymbolicLink(callers(folder), Path.of("..data", "callers.yaml"));
            assertThat(rig.reload().statusCode()).isEqualTo(200);

            volume("second", NEW_KEY);

            awaitNewKey(rig);
        }
    }

    /// As a mounted volume of configuration is renewed: the link to the folder of all its files is turned at once.
    private void volume(String name, String text) throws IOException {
        var version = Files.createDirectory(folder.resolve(name));
        Files.writeString(version.resolve("callers.yaml"), text);
        var link = Files.createSymbolicLink(folder.resolve("..data_" + name), Path.of(name));
        Files.move(link, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void seesASecretThatAFileNames() throws Exception {
        var secret = Files.writeString(folder.resolve("digest"), Rig.sha256(Rig.KEY));
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            rig.writeCallers(ReloadRig.team("limits: []").replace(Rig.sha256(Rig.KEY), "${file:%s}".formatted(secret)));
            assertThat(rig.reload().statusCode()).isEqualTo(200);

            ReloadRig.replace(secret, Rig.sha256(ReloadRig.OTHER_KEY));

            awaitNewKey(rig);
        }
    }

    @Test
    void refusesABadFileOnceAndTakesItWhenItIsGoodAgain() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []")) {
            var good = Files.readString(callers(folder));
            rig.writeCallers(good + "colour: blue\n");
            Eventually.get(() -> rig.look("/metrics"), it -> it.contains("aigw_configuration_refused 1\n"));
            assertThat(rig.call().statusCode()).isEqualTo(200);

            rig.writeCallers(good);

            var metrics =
                    Eventually.get(() -> rig.look("/metrics"), it -> it.contains("aigw_configuration_refused 0\n"));
            assertThat(metrics)
                    .contains("aigw_reloads_total{result=\"refused\"} 1")
                    .contains("aigw_reloads_total{result=\"done\"} 1");
        }
    }

    @Test
    void saysInOneLineOfItsLogWhatBecameOfIt() throws Exception {
        try (var mock = MockProvider.start(0);
                var sink = Sink.start(0);
                var client = HttpClient.newHttpClient()) {
            var environment = Rig.environment(folder, mock, sink);
            Files.writeString(callers(folder), ReloadRig.team("limits: []"));
            Files.writeString(folder.resolve("gateway.yaml"), ReloadRig.settings(folder));
            try (var gateway = ChildGateway.start(folder.resolve("gateway.yaml"), environment)) {
                var metrics = HttpRequest.newBuilder(gateway.adminUri().resolve("/metrics"))
                        .build();
                ReloadRig.replace(callers(folder), ReloadRig.team("bugdets: []") + "colour: blue\n");
                Eventually.get(
                        () -> gateway.lines().stream()
                                .filter(line -> line.contains("refused"))
                                .toList(),
                        lines -> lines.size() == 1);
                ReloadRig.replace(callers(folder), NEW_KEY);
                Eventually.get(gateway::lines, lines -> lines.stream().anyMatch(line -> line.contains("read again")));

                assertThat(gateway.lines().stream().filter(line -> line.contains("refused")))
                        .singleElement()
                        .asString()
                        .contains("\"ERROR\"", callers(folder) + ":5: unknown key 'bugdets'")
                        .contains(callers(folder) + ":10: unknown key 'colour'");
                assertThat(gateway.lines().stream().filter(line -> line.contains("read again")))
                        .singleElement()
                        .asString()
                        .contains("1 usable credentials");
                assertThat(client.send(metrics, BodyHandlers.ofString()).body())
                        .containsPattern("aigw_configuration_read_timestamp_seconds \\d\\.?\\d");
            }
        }
    }
}
