package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.RawHttp;
import com.posthog.aigateway.testing.Shared;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What real tools get for three dollars: their recorded requests, again and again, until one is refused. Each answer
/// has 600 tokens that are seen and 300 that are not. Prints how far the money went.
class CappedClientsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final BigDecimal CAP = new BigDecimal("3");
    private static final int MOST = 5_000;

    @TempDir
    Path folder;

    private Rig rig(String guarantee) throws IOException {
        Files.writeString(folder.resolve("callers.yaml"), """
                organisations: []
                teams:
                  - id: dev
                    products: [llm_gateway]
                    budgets: [ { scope: credential, window: lifetime, usd: 3, guarantee: %s } ]
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], models: ["*"] }
                """.formatted(guarantee, Rig.sha256(Rig.KEY)));
        return Rig.start(folder, "callers: callers.yaml\n");
    }

    @ParameterizedTest
    @CsvSource({"cc, breathing", "cc, strict", "codex, breathing", "codex, strict"})
    @Timeout(300)
    void servesUntilTheMoneyIsUsedUp(String client, String guarantee) throws Exception {
        Shared.require("data/clients");
        var requests = RecordedRequest.all().stream()
                .filter(request ->
                        request.client().startsWith(client) && request.method().equals("POST"))
                .toList();

        try (var rig = rig(guarantee)) {
            int served = 0;
            int refused = 0;
            var why = "";
            while (refused == 0 && served < MOST) {
                try (var caller = ask(rig, requests, served)) {
                    var head = caller.head();
                    var body = caller.rest(head);
                    if (head.status() == 200) {
                        served++;
                    } else {
                        refused = head.status();
                        why = JSON.readTree(body).path("error").path("message").asText();
                    }
                }
            }

            var budget = atRest(rig);
            var spent = new BigDecimal(budget.path("spent_usd").asText());
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s: %d calls served, $%.6f spent of $3 at the first refusal (%d): %s%n",
                    client.equals("cc") ? "Claude Code" : "Codex",
                    guarantee,
                    served,
                    spent,
                    refused,
                    why);
            assertThat(refused).isEqualTo(402);
            assertThat(spent).isLessThanOrEqualTo(CAP);
            if (guarantee.equals("breathing")) {
                assertThat(spent).isGreaterThan(new BigDecimal("2.7"));
            }
        }
    }

    private static RawHttp ask(Rig rig, List<RecordedRequest> requests, int number) throws IOException {
        var request = requests.get(number % requests.size());
        var caller = rig.connect();
        var head = new StringBuilder(request.method() + " " + request.path() + " HTTP/1.1\r\n");
        request.fields().stream()
                .filter(field -> !field.getKey().equalsIgnoreCase("connection"))
                .forEach(field -> head.append(field.getKey() + ": " + field.getValue() + "\r\n"));
        var body = whole(request.body());
        head.append("x-mock: words=600,reasoning=300,chunk=4000\r\nconnection: close\r\ncontent-length: "
                + body.length() + "\r\n\r\n");
        caller.send(head + body);
        return caller;
    }

    /// The recordings left out all items but the first, and say how long the whole was. What stands for them is made
    /// such as the client sends: as many tools as it has, and the rest as text.
    private static String whole(String recorded) throws IOException {
        var body = (ObjectNode) JSON.readTree(recorded);
        repeatTools(body);
        for (var turns : List.of("messages", "input", "system")) {
            if (body.path(turns).isArray()) {
                keepWhole((ArrayNode) body.path(turns));
            }
        }
        var rest = body.remove("left_out");
        int lacks = recorded.length() - body.toString().length();
        if (rest != null && lacks > 0) {
            var name = body.has("messages") ? "system" : "instructions";
            if (body.path(name).isArray()) {
                body.withArrayProperty(name).addObject().put("type", "text").put("text", "x".repeat(lacks));
            } else {
                body.put(name, body.path(name).asText() + "x".repeat(lacks));
            }
        }
        return body.toString();
    }

    private static void repeatTools(JsonNode within) {
        within.forEach(CappedClientsTest::repeatTools);
        if (within.path("tools") instanceof ArrayNode tools) {
            if (tools.path(0).isEmpty()) {
                tools.set(0, JSON.createObjectNode().put("type", "function").put("name", "tool_0"));
            }
            for (int i = 1; i < tools.size(); i++) {
                tools.set(i, ((ObjectNode) tools.path(0).deepCopy()).put("name", "tool_" + i));
            }
        }
    }

    private static void keepWhole(ArrayNode items) {
        for (int i = items.size() - 1; i >= 0; i--) {
            if (items.path(i).path("content").isArray()) {
                keepWhole((ArrayNode) items.path(i).path("content"));
            } else if (!items.path(i).has("type") && !items.path(i).has("role")) {
                items.remove(i);
            }
        }
    }

    private static JsonNode atRest(Rig rig) {
        return Eventually.get(
                () -> budget(rig), budget -> budget.path("held_usd").asText().equals("0.000000000"));
    }

    private static JsonNode budget(Rig rig) {
        try (var caller = rig.connect()) {
            caller.send("GET /v1/usage HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer " + Rig.KEY
                    + "\r\n\r\n");
            var head = caller.head();
            return JSON.readTree(caller.rest(head)).path("budgets").path(0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
