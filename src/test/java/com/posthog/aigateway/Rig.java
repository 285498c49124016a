package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.mock.Bill;
import com.posthog.aigateway.mock.MockProvider;
import com.posthog.aigateway.mock.Sink;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.RawHttp;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A whole gateway on free ports, between a mock provider and an event sink, with a data folder of its own.
final class Rig implements AutoCloseable {

    static final String KEY = "sk-test-of-the-rig";

    final MockProvider mock;
    final Sink sink = Sink.start(0);
    final Gateway gateway;
    private final @Nullable Bill bill;

    private Rig(Path folder, String settings, @Nullable URI provider, @Nullable Bill bill, Clock clock) {
        this.bill = bill;
        this.mock = MockProvider.start(0, Shared.folder("fixtures").orElse(null), bill);
        var environment = environment(folder, mock, sink);
        if (provider != null) {
            environment.put("AIGATEWAY_OPENAI_URL", provider.toString());
            environment.put("AIGATEWAY_ANTHROPIC_URL", provider.toString());
        }
        var configuration = Configuration.load(write(folder, settings), new Environment(environment), clock);
        this.gateway = Wiring.open(configuration, clock);
    }

    static Rig start(Path folder) {
        return start(folder, "{}");
    }

    /// @param settings what differs from the sample, as YAML
    static Rig start(Path folder, String settings) {
        return new Rig(folder, settings, null, null, Clock.systemUTC());
    }

    /// @param clock on the wall; timeouts and the cluster's time pass as ever
    static Rig start(Path folder, String settings, Clock clock) {
        return new Rig(folder, settings, null, null, clock);
    }

    /// @param bill where the mock keeps what its answers cost, at the catalogue's prices
    static Rig start(Path folder, String settings, Path bill) {
        var clock = Clock.systemUTC();
        var catalogue =
                Configuration.load(null, new Environment(Map.of()), clock).catalogue();
        return new Rig(
                folder,
                settings,
                null,
                Bill.open(
                        bill,
                        clock,
                        (model, usage) -> catalogue
                                .price(model, model, null, clock.instant())
                                .cost(usage)
                                .total()),
                clock);
    }

    /// @param provider takes the place of the mock
    static Rig start(Path folder, String settings, URI provider) {
        return new Rig(folder, settings, provider, null, Clock.systemUTC());
    }

    private static Path write(Path folder, String settings) {
        try {
            return Files.writeString(folder.resolve("gateway.yaml"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Also lays the sample's callers into the folder, but without the limits that a test's many calls would meet.
    static Map<String, String> environment(Path folder, MockProvider mock, Sink sink) {
        writeCallers(folder);
        var variables = new HashMap<String, String>();
        variables.put("AIGATEWAY_PORT", "0");
        variables.put("AIGATEWAY_ADMIN_PORT", "0");
        variables.put("AIGATEWAY_DATA", folder.resolve("data").toString());
        variables.put("AIGATEWAY_DEV_KEY_SHA256", sha256(KEY));
        variables.put("AIGATEWAY_OPENAI_URL", mock.uri().toString());
        variables.put("AIGATEWAY_ANTHROPIC_URL", mock.uri().toString());
        variables.put("OPENAI_API_KEY", "provider-key-openai");
        variables.put("ANTHROPIC_API_KEY", "provider-key-anthropic");
        variables.put("POSTHOG_HOST", sink.uri().toString());
        return variables;
    }

    private static void writeCallers(Path folder) {
        var callers = folder.resolve("config/callers.yaml");
        try {
            Files.createDirectories(callers.getParent());
            Files.writeString(callers, """
                    organisations: [ { id: acme, teams: [dev] } ]
                    teams:
                      - { id: dev, posthog_team_id: 1, products: [llm_gateway, posthog_code], runaway: { mode: off } }
                    credentials:
                      - { id: dev-key, sha256: "${env:AIGATEWAY_DEV_KEY_SHA256:}", team: dev, products: [llm_gateway],
                          may_name: [user, product], models: ["*"] }
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String sha256(String key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    RawHttp connect() throws IOException {
        return new RawHttp(gateway.port());
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }

    /// The receipts so far, newest first, once there are as many.
    List<Receipt> receipts(int count) {
        return Eventually.get(() -> gateway.journal().newest(count + 1), receipts -> receipts.size() == count);
    }

    Receipt receipt() {
        return receipts(1).getFirst();
    }

    /// The events that the sink has taken, once there are as many.
    List<JsonNode> events(int count) {
        return Eventually.get(sink::events, events -> events.size() == count);
    }

    @Override
    public void close() {
        gateway.close();
        sink.close();
        mock.close();
        if (bill != null) {
            bill.close();
        }
    }
}
