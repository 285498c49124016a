package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Grain;
import com.posthog.aigateway.call.Held;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// However a call ends, nothing of it stays held, it has one receipt, and its budgets are charged what that says: a
/// strict one never less than the provider bills.
@Timeout(60)
class ExitMatrixTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String CALLERS = "callers: callers.yaml\n";
    private static final String SHORT =
            "timeouts: { first_byte: 1200ms, first_byte_reasoning: 1200ms, whole_answer: 1200ms, idle: 1200ms }\n";
    private static final int CONCURRENT = 8;

    /// A user's first call may take more than a whole minute's; then one comes back each second.
    private static final int TOKENS = 60;

    private static final int REQUESTS = 6;

    private static final Account TEAM = new Account(Scope.TEAM, "dev");
    private static final Account CREDENTIAL = new Account(Scope.CREDENTIAL, "dev-key");

    @TempDir
    static Path home;

    private static Rig rig;

    @BeforeAll
    static void open() throws IOException {
        rig = Rig.start(writeCallers(home), CALLERS + SHORT, home.resolve("bill"));
        warmUp();
    }

    /// The first calls of a process take their time, and here nobody waits long.
    private static void warmUp() throws IOException {
        try (var caller = rig.connect()) {
            for (var stream : List.of(false, true)) {
                var body = "{\"model\":\"gpt-6-sol\",\"max_completion_tokens\":9,\"stream\":" + stream
                        + ",\"messages\":[]}";
                caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .answer();
            }
        }
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    private static Path writeCallers(Path folder) throws IOException {
        Files.writeString(folder.resolve("callers.yaml"), """
                organisations: []
                teams:
                  - id: dev
                    products: [llm_gateway]
                    budgets:
                      - { scope: team, window: lifetime, usd: 1000, guarantee: strict }
                      - { scope: team, window: 24h, usd: 1000, guarantee: strict }
                      - { scope: credential, window: lifetime, usd: 1000 }
                      - { scope: user, window: day, usd: 1000 }
                    limits:
                      - { scope: team, concurrent: %d }
                      - { scope: user, requests_per_minute: %d, tokens_per_minute: %d, concurrent: %d }
                credentials:
                  - { id: dev-key, sha256: "%s", team: dev, products: [llm_gateway], may_name: [user], models: ["*"] }
                """.formatted(
                        CONCURRENT, REQUESTS, TOKENS, CONCURRENT, Rig.sha256(Rig.KEY)));
        return folder;
    }

    static Stream<ExitCase> all() {
        return ExitCase.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void leavesNothingHeldAndChargesWhatItsReceiptSays(ExitCase exit) throws Exception {
        if (exit.exit() == ExitCase.Exit.CUT_BEFORE_A_BYTE) {
            warmUp(); // A connection that waits in the pool is tried once more, and both tries may be billed.
        }
        var before = settled(rig, exit.mark());
        long start = System.nanoTime();

        travel(exit);

        var receipt = receipt(rig, exit.mark());
        var after = settled(rig, exit.mark());
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds() + 1;
        long billed = billed(home.resolve("bill"), exit.mark());
        assertThat(receipt.ending()).isEqualTo(exit.ending());
        assertThat(receipt.status()).isEqualTo(exit.status());
        assertCost(exit, receipt, billed);
        assertStrict(receipt, spent(after, TEAM) - spent(before, TEAM), billed);
        var expected = receipt.cost().total().plus(receipt.beside()).nanos();
        assertThat(spent(after, CREDENTIAL) - spent(before, CREDENTIAL))
                .as("breathing, of the credential")
                .isEqualTo(expected);
        assertThat(spent(after, user(exit))).as("breathing, of the user").isEqualTo(expected);
        assertPace(exit, receipt, after, seconds);
        if (exit.exit() == ExitCase.Exit.CUT_BEFORE_A_BYTE) {
            assertThat(receipt.attempts()).hasSize(2);
        }
        assertThat(receipts(rig, exit.mark())).hasSize(1);
        assertThat(rig.gateway.journal().unfinished()).isEmpty();
    }

    private static void assertCost(ExitCase exit, Receipt receipt, long billed) {
        long cost = receipt.cost().total().nanos();
        assertThat(receipt.cost().estimated()).isEqualTo(exit.cost() == ExitCase.Cost.ESTIMATED);
        switch (exit.cost()) {
            case NOTHING -> {
                assertThat(cost).isZero();
                assertThat(billed).isZero();
                assertThat(receipt.charges()).isEmpty();
            }
            case REPORTED -> {
                assertThat(cost).isPositive().isEqualTo(billed);
                assertThat(receipt.atRisk().nanos()).isZero();
            }
            case ESTIMATED -> {
                assertThat(cost).isPositive();
                assertThat(billed).isPositive();
                assertThat(receipt.atRisk().nanos()).isPositive();
            }
        }
    }

    private static void assertStrict(Receipt receipt, long charged, long billed) {
        assertThat(charged)
                .as("strict, of the team")
                .isEqualTo(receipt.cost().total().plus(receipt.atRisk()).nanos())
                .isGreaterThanOrEqualTo(billed)
                .isLessThanOrEqualTo(held(receipt));
    }

    private static long held(Receipt receipt) {
        return receipt.intent().held().stream()
                .flatMap(held -> held.parts().stream())
                .filter(part -> part.account().equals(TEAM))
                .mapToLong(Held.Part::nanos)
                .sum();
    }

    /// A refused call takes nothing. What is taken of tokens is the estimate, until it is known better.
    private static void assertPace(ExitCase exit, Receipt receipt, JsonNode after, long seconds) {
        assertThat(REQUESTS - left(after, user(exit), "requests_per_minute"))
                .as("requests")
                .isEqualTo(exit.ending() == Ending.REFUSED ? 0 : 1);
        long estimate = Math.ceilDiv(exit.body().length(), 4L) + ExitCase.MOST;
        var usage = receipt.reading().usage();
        long used = receipt.cost().estimated() ? estimate : usage == null ? 0 : usage.prompt() + usage.output();
        assertThat(TOKENS - left(after, user(exit), "tokens_per_minute"))
                .as("tokens")
                .isBetween(Math.max(0, used - seconds), used);
    }

    private static void travel(ExitCase exit) throws IOException {
        try (var caller = rig.connect()) {
            caller.send(exit.request());
            if (!exit.exit().callerLeaves()) {
                var head = caller.head();
                assertThat(head.status()).as(head::toString).isEqualTo(exit.status());
                caller.rest(head);
                return;
            }
            awaitAsked(rig, exit.mark());
            assertHeld(usage(rig, exit.mark()), exit);
            if (exit.status() == 200) {
                caller.head();
                caller.readUntil("\n\n", 6);
            }
        }
    }

    private static void assertHeld(JsonNode during, ExitCase exit) {
        assertThat(nanos(budget(during, TEAM), "held_usd")).isPositive();
        assertThat(nanos(budget(during, CREDENTIAL), "held_usd")).isPositive();
        assertThat(left(during, TEAM, "concurrent")).isEqualTo(CONCURRENT - 1);
        assertThat(left(during, user(exit), "concurrent")).isEqualTo(CONCURRENT - 1);
    }

    /// How a gateway leaves, and what its provider does meanwhile.
    enum Leaving {
        CLOSES("silent,after=5", "silent") {
            @Override
            void leave(Gateway gateway) {
                gateway.close();
            }
        },
        CUTS_ITS_CALLS("silent,after=5", "silent") {
            @Override
            void leave(Gateway gateway) {
                gateway.hurry();
                gateway.drain(true);
            }
        },
        LETS_ITS_CALLS_END("words=20,chunk-gap=60ms", "delay=1s") {
            @Override
            void leave(Gateway gateway) {
                gateway.drain(true);
            }
        };

        private final String streamed;
        private final String whole;

        Leaving(String streamed, String whole) {
            this.streamed = streamed;
            this.whole = whole;
        }

        abstract void leave(Gateway gateway);

        private String directives(ExitCase call) {
            return "reasoning=120," + (call.stream() ? streamed : whole);
        }
    }

    @ParameterizedTest(name = "a gateway that leaves {0}")
    @EnumSource
    void settlesAllThatIsInFlightWhenItLeaves(Leaving leaving, @TempDir Path folder) throws Exception {
        var calls =
                ExitCase.all().filter(it -> it.exit() == ExitCase.Exit.SERVED).toList();
        var bill = folder.resolve("bill");
        var charged = new HashMap<String, Long>();
        try (var first = Rig.start(writeCallers(folder), CALLERS, bill)) {
            leave(first, leaving, calls);
            for (var call : calls) {
                charged.put(call.mark(), billed(bill, call.mark()));
            }
        }

        try (var again = Rig.start(folder, CALLERS)) {
            var receipts = again.receipts(calls.size());
            assertThat(receipts).extracting(ExitMatrixTest::mark).containsExactlyInAnyOrderElementsOf(charged.keySet());
            for (var receipt : receipts) {
                long billed = charged.getOrDefault(mark(receipt), 0L);
                long cost = receipt.cost().total().nanos();
                assertThat(receipt.ending() == Ending.COMPLETE).isEqualTo(leaving == Leaving.LETS_ITS_CALLS_END);
                assertThat(receipt.cost().estimated()).isEqualTo(leaving != Leaving.LETS_ITS_CALLS_END);
                assertStrict(receipt, charges(List.of(receipt), TEAM), billed);
                assertThat(spent(settled(again, mark(receipt)), new Account(Scope.USER, "dev/" + mark(receipt))))
                        .isEqualTo(cost);
            }
            var after = settled(again, calls.getFirst().mark());
            for (var account : List.of(TEAM, CREDENTIAL)) {
                assertThat(spent(after, account)).isPositive().isEqualTo(charges(receipts, account));
            }
        }
    }

    private static void leave(Rig rig, Leaving leaving, List<ExitCase> calls) throws IOException {
        var callers = new ArrayList<RawHttp>();
        try {
            for (var call : calls) {
                callers.add(rig.connect().send(call.request(leaving.directives(call))));
            }
            for (int i = 0; i < calls.size(); i++) {
                awaitAsked(rig, calls.get(i).mark());
                if (calls.get(i).stream()) {
                    callers.get(i).head();
                }
            }
            leaving.leave(rig.gateway);
        } finally {
            for (var caller : callers) {
                caller.close();
            }
        }
    }

    private static long charges(List<Receipt> receipts, Account account) {
        return receipts.stream()
                .flatMap(receipt -> receipt.charges().stream())
                .filter(charge -> charge.account().equals(account))
                .filter(charge -> charge.bucket().grain() == Grain.LIFETIME)
                .mapToLong(Charge::nanos)
                .sum();
    }

    private static Account user(ExitCase exit) {
        return new Account(Scope.USER, "dev/" + exit.mark());
    }

    private static String mark(Receipt receipt) {
        return String.valueOf(receipt.intent().labels().trace());
    }

    private static Receipt receipt(Rig rig, String mark) {
        return Eventually.get(() -> receipts(rig, mark), found -> !found.isEmpty())
                .getFirst();
    }

    private static List<Receipt> receipts(Rig rig, String mark) {
        return rig.gateway.journal().newest(1_000).stream()
                .filter(receipt -> mark(receipt).equals(mark))
                .toList();
    }

    private static void awaitAsked(Rig rig, String mark) {
        var words = "\"" + mark + "\"";
        Eventually.get(
                () -> rig.mock.received().stream()
                        .anyMatch(it -> new String(it.body(), StandardCharsets.UTF_8).contains(words)),
                asked -> asked);
    }

    /// How everything stands once nothing is held and every place is free.
    private static JsonNode settled(Rig rig, String user) {
        return Eventually.get(SOON, () -> usage(rig, user), ExitMatrixTest::isSettled);
    }

    private static boolean isSettled(JsonNode page) {
        return rows(page, "budgets").allMatch(row -> nanos(row, "held_usd") == 0)
                && rows(page, "limits")
                        .filter(row -> row.path("kind").asText().equals("concurrent"))
                        .allMatch(row -> row.path("left").equals(row.path("limit")));
    }

    private static JsonNode usage(Rig rig, String user) {
        try (var caller = rig.connect()) {
            var answer = caller.send("GET /v1/usage HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                            + "\r\nX-PostHog-Distinct-Id: " + user + "\r\n\r\n")
                    .answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> rows(JsonNode page, String name) {
        assertThat(page.path(name)).isNotEmpty();
        return StreamSupport.stream(page.path(name).spliterator(), false);
    }

    private static Stream<JsonNode> rows(JsonNode page, String name, Account account) {
        return rows(page, name)
                .filter(row -> row.path("scope").asText().equals(account.scope().word())
                        && row.path("id").asText().equals(account.id()));
    }

    private static JsonNode budget(JsonNode page, Account account) {
        return rows(page, "budgets", account).findFirst().orElseThrow();
    }

    /// The same in each of the account's windows.
    private static long spent(JsonNode page, Account account) {
        var spent = rows(page, "budgets", account)
                .map(row -> nanos(row, "spent_usd"))
                .distinct()
                .toList();
        assertThat(spent).hasSize(1);
        return spent.getFirst();
    }

    private static long left(JsonNode page, Account account, String kind) {
        return rows(page, "limits", account)
                .filter(row -> row.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow()
                .path("left")
                .asLong();
    }

    private static long nanos(JsonNode row, String amount) {
        return new BigDecimal(row.path(amount).asText()).movePointRight(9).longValueExact();
    }

    /// What the provider charges for all requests of one call, once they are over.
    private static long billed(Path bill, String mark) {
        return Eventually.get(
                        () -> lines(bill, mark),
                        lines -> lines.values().stream()
                                .allMatch(line -> line.path("final").asBoolean()))
                .values()
                .stream()
                .mapToLong(line -> line.path("nanos").asLong())
                .sum();
    }

    /// By their numbers; the later of two holds.
    private static Map<Long, JsonNode> lines(Path bill, String mark) {
        try {
            var found = new HashMap<Long, JsonNode>();
            var text = Files.readString(bill);
            for (var line :
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
                var json = JSON.readTree(line);
                if (json.path("mark").asText().equals(mark)) {
                    found.put(json.path("n").asLong(), json);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
