package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.posthog.aigateway.config.BadConfiguration;
import com.posthog.aigateway.config.EffectiveYaml;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.GatewaySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {

    private static final String DIGEST = "a".repeat(64);
    private static final Environment NOTHING_SET = new Environment(Map.of());

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Configuration load(Path file) {
        return load(file, Map.of());
    }

    private static Configuration load(Path file, Map<String, String> variables) {
        return Configuration.load(file, new Environment(variables), Clock.systemUTC());
    }

    private List<String> faults(Path file) {
        try {
            load(file);
            return List.of();
        } catch (BadConfiguration bad) {
            return bad.faults().stream()
                    .map(line -> line.replace(folder + "/", ""))
                    .toList();
        }
    }

    @Test
    void acceptsTheRepositorysOwnFiles() {
        var configuration = load(Path.of("config", "gateway.yaml"));

        assertThat(configuration.settings().server().port()).isEqualTo(8080);
        assertThat(configuration.catalogue().models()).hasSizeGreaterThan(10);
        assertThat(configuration.keys().size()).isZero();
    }

    @Test
    void servesTheJarsSamplesWithoutAFile() {
        var configuration = Configuration.load(null, NOTHING_SET, Clock.systemUTC());

        assertThat(configuration)
                .extracting(Configuration::settings)
                .isEqualTo(load(Path.of("config/gateway.yaml")).settings());
    }

    @Test
    void takesWhatTheFileDoesNotSayFromTheSample() throws Exception {
        var file = write("gateway.yaml", """
                server: { port: 9999 }
                timeouts:
                  # nothing yet
                """);

        var settings = load(file).settings();

        assertThat(settings.server())
                .isEqualTo(new GatewaySettings.Server(
                        "127.0.0.1",
                        9999,
                        settings.server().maxBody(),
                        settings.server().bodiesInMemory(),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(300),
                        600));
        assertThat(settings.timeouts())
                .isEqualTo(Configuration.load(null, NOTHING_SET, Clock.systemUTC())
                        .settings()
                        .timeouts());
    }

    @Test
    void acceptsTheShapeOfTheManual() throws Exception {
        write("secret", "hush");
        write("callers.yaml", """
                organisations: [ { id: acme, teams: [dev] } ]
                teams:
                  - id: dev
                    posthog_team_id: 1
                    products: [llm_gateway, posthog_code]
                    budgets: [ { scope: team, window: 24h, usd: 100, mode: enforce, guarantee: breathing, at_limit: cut } ]
                    limits:  [ { scope: credential, requests_per_minute: 600, mode: enforce }, { scope: team, concurrent: 200 } ]
                credentials:
                  - { id: dev-key, sha256: "${env:AIGATEWAY_DEV_KEY_SHA256:}", team: dev,
                      products: [llm_gateway], may_name: [user, product], models: ["*"], expires: null }
                """);
        var file = write("gateway.yaml", """
                server: { host: 127.0.0.1, port: 8080, max_body: 32MiB, bodies_in_memory: 256MiB,
                          head: 10s, body: 120s, keep_alive: 75s, unread: 300s }
                admin: { host: 127.0.0.1, port: 9090, token: "${env:AIGATEWAY_ADMIN_TOKEN:}" }
                catalogue: providers.yaml
                callers: callers.yaml
                journal: { path: data, keep_receipts: 7d, keep_responses: 30d, max_content: 4GiB, sync: 50ms, when_full: refuse }
                cluster: { mode: single, data_members: 1 }
                events: { host: "${env:POSTHOG_HOST:http://127.0.0.1:8082}", project_token: "${env:POSTHOG_PROJECT_TOKEN:phc_dev}", protocol: v0, content: full }
                unknown_model: { policy: forward, ceiling_usd_per_mtok: { input: 15, output: 180 } }
                timeouts: { connect: 3s, first_byte: 60s, first_byte_reasoning: 600s, whole_answer: 600s, idle: 300s }
                lifecycle: { drain_delay: 5s, drain: 600s }
                tokens: { keys: [ { id: k1, secret: "${file:%s}" } ] }
                """.formatted(folder.resolve("secret")));

        var configuration = load(file, Map.of("AIGATEWAY_DEV_KEY_SHA256", DIGEST, "OPENAI_API_KEY", "sk"));

        assertThat(configuration.keys().size()).isOne();
        assertThat(configuration.notices())
                .containsExactly(
                        "'tokens.keys' has no effect yet: this version mints no credentials",
                        "provider 'anthropic' has no key: nothing is sent there");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            mode: tcp, members: ["127.0.0.1:5701"]                                         | 0  | true  | false
            mode: tcp, members: ["[::1]:5701", "127.0.0.1:5701"]                           | 1  | false | true
            mode: tcp, data_members: 3, members: ["a.b:1", "10.0.0.1:5701", "127.0.0.1:5701"] | 2 | true | false
            mode: tcp, data_members: 3, members: ["a:1", "b:1", "c:1", "127.0.0.1:5701"]   | 3  | false | false
            mode: dns, service: s, hostname: gateway-0                                     | 0  | true  | true
            mode: dns, service: s, hostname: gateway-2, data_members: 3                    | 2  | true  | false
            mode: dns, service: s, hostname: a-gateway-12, data_members: 3                 | 12 | false | false
            """)
    void findsTheReplicasOwnPlace(String cluster, int place, boolean data, boolean warns) throws Exception {
        var configuration = load(write("gateway.yaml", "cluster: { " + cluster + " }\n"));
        var settings = configuration.settings().cluster();

        assertThat(settings.place()).isEqualTo(place);
        assertThat(settings.holdsData()).isEqualTo(data);
        assertThat(configuration.notices().stream().anyMatch(notice -> notice.contains("cluster.data_members")))
                .isEqualTo(warns);
    }

    @Test
    void saysThatNobodyCanCall() {
        assertThat(load(Path.of("config/gateway.yaml")).notices())
                .contains("no credential can be used: every call will be refused; see config/callers.yaml");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            cluster: { mode: many }              | 'mode' must be one of single, tcp, dns: 'many'
            cluster: { data_members: -1 }        | 'cluster.data_members' must be 1 or 3: -1
            cluster: { data_members: 3 }         | 'cluster.data_members' must be 1 in the mode single: 3
            cluster: { mode: tcp }               | 'cluster.members' must name this replica too, as 'host' and 'port' do: 127.0.0.1:5701 is not in []
            cluster: { mode: tcp, data_members: 2 } | 'cluster.data_members' must be 1 or 3: 2
            cluster: { mode: tcp, port: 0 }      | 'cluster.port' must be a port from 1 to 65535: 0
            cluster: { mode: tcp, host: 0.0.0.0 } | 'cluster.host' must be one address, which only the other replicas can reach: whoever reaches it can join: 0.0.0.0
            cluster: { mode: tcp, members: ["127.0.0.1:5701", "127.0.0.1:5701"] } | 'cluster.members' must name each replica once: [127.0.0.1:5701, 127.0.0.1:5701]
            cluster: { mode: tcp, members: ["10.0.0.1:5701"] } | 'cluster.members' must name this replica too, as 'host' and 'port' do: 127.0.0.1:5701 is not in [10.0.0.1:5701]
            cluster: { mode: tcp, data_members: 3, members: ["127.0.0.1:5701"] } | 'cluster.data_members' must not be above the number of members: 3 of 1
            cluster: { mode: tcp, members: [10.0.0.1] } | 'members' must be host:port, such as 10.0.0.1:5701: '10.0.0.1'
            cluster: { mode: tcp, members: ["::1:5701"] } | 'members' must be host:port, such as 10.0.0.1:5701: '::1:5701'
            cluster: { mode: dns }               | 'cluster.service' must name the service of all replicas
            cluster: { mode: dns, service: s }   | 'cluster.hostname' must end in this replica's number, as in gateway-0: ''
            cluster: { mode: dns, service: s, hostname: gateway } | 'cluster.hostname' must end in this replica's number, as in gateway-0: 'gateway'
            cluster: { name: "a b" }             | 'cluster.name' must be letters, digits, - and _: a b
            events: { protocol: v1 }             | 'events.protocol' must be v0: v1 is not here yet
            server: { port: 65536 }              | 'server.port' must be a port from 0 to 65535: 65536
            server: { max_body: 1GiB }           | 'max_body' (1GiB) must fit into 'bodies_in_memory' (256MiB)
            server: { max_body: 0 }              | 'max_body' must be above zero: no call could be read
            journal: { keep_receipts: 0d }       | 'journal.keep_receipts' must be above zero: 0ms
            journal: { sync: 0ms }               | 'sync' must be above zero, or always: '0ms'
            timeouts: { idle: 0s }               | 'timeouts.idle' must be above zero: 0ms
            timeouts: { connect: 0s }            | 'timeouts.connect' must be above zero: 0ms
            events: { project_token: "" }        | 'project_token' must not be empty
            unknown_model: { ceiling_usd_per_mtok: { input: 0 } } | 'ceiling_usd_per_mtok' must be above zero: an unknown model never costs nothing
            """)
    void refusesWhatCannotBe(String line, String rule) throws Exception {
        assertThat(faults(write("gateway.yaml", "# ours\n" + line + "\n"))).containsExactly("gateway.yaml:2: " + rule);
    }

    @Test
    void tellsTheFaultsOfCallersAndCatalogueTogether() throws Exception {
        write("c.yaml", "credentials: [ { id: a, team: ghosts, sha256: " + DIGEST + " } ]\n");
        write("p.yaml", "providers: {}\nmodels:\n  - { id: m }\n");
        var file = write("gateway.yaml", "callers: c.yaml\ncatalogue: p.yaml\n");

        assertThat(faults(file))
                .contains(
                        "c.yaml:1: credential 'a' names the unknown team 'ghosts'",
                        "p.yaml:3: the key 'status' is missing",
                        "p.yaml:3: the key 'limits' is missing");
    }

    @Test
    void refusesAKeyThatTwoCredentialsShare() throws Exception {
        write("c.yaml", """
                organisations: [ { id: acme, teams: [nobody] } ]
                teams: [ { id: dev } ]
                credentials:
                  - { id: a, team: dev, sha256: %s }
                  - { id: b, team: dev, sha256: %s }
                  - { id: c, team: dev, sha256: sk-in-the-clear }
                """.formatted(DIGEST, DIGEST.toUpperCase(Locale.ROOT)));
        var file = write("gateway.yaml", "callers: c.yaml\n");

        assertThat(faults(file))
                .containsExactly("c.yaml:6: 'sha256' of credential 'c' must be the 64 hex digits of the key's SHA-256,"
                        + " not the key");

        Files.writeString(
                folder.resolve("c.yaml"),
                Files.readString(folder.resolve("c.yaml")).replace("sk-in-the-clear", "\"\""));
        assertThat(faults(file))
                .containsExactly(
                        "c.yaml:5: credential 'b' has the same key as another",
                        "c.yaml:1: organisation 'acme' names the unknown team 'nobody'");
    }

    @Test
    void looksBesideTheFileFirst() throws Exception {
        write("there/config/callers.yaml", "teams: [ { id: beside } ]\n");
        var file = write("there/gateway.yaml", "server: { port: 1 }\n");

        assertThat(load(file).callers().teams())
                .singleElement()
                .satisfies(team -> assertThat(team.id()).isEqualTo("beside"));
    }

    @Test
    void missesAFileThatIsNamedButNotThere() throws Exception {
        var file = write("gateway.yaml", "callers: ours.yaml\n");

        assertThat(faults(file)).containsExactly("ours.yaml: the file does not exist");
    }

    @Test
    void missesAFileThatTheCommandLineNames() {
        assertThatThrownBy(() -> load(folder.resolve("none.yaml")))
                .isInstanceOf(BadConfiguration.class)
                .hasMessage(folder.resolve("none.yaml") + ": the file does not exist");
    }

    @Test
    void writesItselfWithoutSecrets() throws Exception {
        write("c.yaml", "teams: [ { id: dev, project_token: phc_canary_1 } ]\n");
        var file = write("gateway.yaml", """
                callers: c.yaml
                admin: { token: canary_2 }
                events: { project_token: phc_canary_3 }
                tokens: { keys: [ { id: k1, secret: canary_4 } ] }
                """);
        var configuration = load(file);

        var effective = EffectiveYaml.of(Map.of("gateway", configuration.settings()))
                + EffectiveYaml.of(Map.of("callers", configuration.callers()));

        assertThat(effective).contains("token: '***'", "project_token: '***'", "secret: '***'", "sync: 50ms");
        assertThat(effective + configuration).doesNotContain("canary");
    }

    @Test
    void readsAgainWhatItWrites() throws Exception {
        var settings = load(Path.of("config/gateway.yaml")).settings();
        var effective = EffectiveYaml.of(Map.of("gateway", settings));

        var again =
                load(write("gateway.yaml", effective.replace("gateway:\n", "").indent(-2)));

        assertThat(again.settings().journal()).isEqualTo(settings.journal());
        assertThat(again.settings().timeouts()).isEqualTo(settings.timeouts());
        assertThat(again.settings().server()).isEqualTo(settings.server());
        assertThat(again.settings().unknownModel()).isEqualTo(settings.unknownModel());
    }
}
