package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.testing.FakeClock;
import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way in which a primary can fail, in each shape, streamed and not: who answers, and with what.
class FailoverTableTest {

    /// A failure of the primary.
    ///
    /// @param why the attempt was followed by another; empty where none follows
    /// @param streamed null: whether or not
    record Row(String play, String why, @Nullable Boolean streamed) {

        static Row moves(String play, String why) {
            return new Row(play, why, null);
        }

        static Row stays(String play) {
            return new Row(play, "", null);
        }

        boolean moves() {
            return !why.isEmpty();
        }

        int status() {
            return play.startsWith("status=")
                    ? Integer.parseInt(play.substring(7).split(";", -1)[0])
                    : 0;
        }

        String code() {
            var parts = play.split(";", -1);
            return parts.length > 1 ? parts[1] : "";
        }

        /// True where the caller must not see what the provider said.
        boolean isOurs() {
            return List.of("key_rejected", "quota").contains(why);
        }
    }

    static List<Row> rows() {
        return List.of(
                Row.moves("status=500", "provider_error"),
                Row.moves("status=501", "provider_error"),
                Row.moves("status=502", "provider_error"),
                Row.moves("status=503", "provider_error"),
                Row.moves("status=504", "provider_error"),
                Row.moves("status=520", "provider_error"),
                Row.moves("status=524", "provider_error"),
                Row.moves("status=529", "provider_error"),
                Row.moves("status=429", "rate_limited"),
                Row.moves("status=429;insufficient_quota", "quota"),
                Row.moves("status=400;enforced_spend_limit_reached", "quota"),
                Row.moves("status=400;contract_spend_limit_reached", "quota"),
                Row.moves("status=400;billing_hard_limit_reached", "quota"),
                Row.moves("status=402", "quota"),
                Row.moves("status=401", "key_rejected"),
                Row.moves("status=403", "key_rejected"),
                Row.moves("status=404;model_not_found", "model_missing"),
                Row.moves("close", "broken"),
                Row.moves("reset", "broken"),
                Row.stays("status=400"),
                Row.stays("status=400;context_length_exceeded"),
                Row.stays("status=405"),
                Row.stays("status=408"),
                Row.stays("status=409"),
                Row.stays("status=413"),
                Row.stays("status=422"),
                new Row("truncate", "broken", false),
                new Row("error-first=server_error", "error_in_stream", true),
                new Row("error-first=overloaded_error", "error_in_stream", true),
                new Row("error-first=insufficient_quota", "quota", true),
                new Row("error-first=rate_limit_exceeded", "rate_limited", true),
                new Row("preamble-error=api_error", "error_in_stream", true),
                new Row("preamble-error=invalid_request_error", "", true),
                new Row("preamble-end", "error_in_stream", true),
                new Row("preamble-cut", "error_in_stream", true),
                new Row("content-error=server_error", "", true),
                new Row("content-cut", "", true));
    }

    record Case(Row row, String path, boolean stream, String fallback) {

        @Override
        public String toString() {
            return path + (stream ? " streamed, " : " whole, ") + row.play() + ", then " + fallback;
        }

        private ToldAnswers primary() {
            return new ToldAnswers("primary", path.substring("/v1".length()));
        }
    }

    static Stream<Case> cases() {
        var cases = new ArrayList<Case>();
        for (var path : List.of(FailoverRig.CHAT, FailoverRig.RESPONSES, FailoverRig.MESSAGES)) {
            for (boolean stream : List.of(false, true)) {
                for (var row : rows()) {
                    if (row.streamed() == null || row.streamed() == stream) {
                        for (var fallback : List.of("ok", "status=500", "status=400", "status=429", "close")) {
                            cases.add(new Case(row, path, stream, fallback));
                        }
                    }
                }
            }
        }
        return cases.stream();
    }

    /// A process makes fifty more attempts than calls, and a few: so many cases share one.
    private static final int CASES_OF_ONE = 40;

    @TempDir
    static Path home;

    private static final FakeClock CLOCK = new FakeClock(Instant.parse("2026-06-01T00:00:00Z"));
    private static int told;

    private static @Nullable Town town;

    /// A gateway between its two providers.
    private record Town(PlayedProvider primary, PlayedProvider fallback, FailoverRig rig) {

        static Town open(Path folder) throws IOException {
            var primary = new PlayedProvider("primary");
            var fallback = new PlayedProvider("fallback");
            return new Town(primary, fallback, FailoverRig.start(folder, primary.uri(), fallback.uri(), CLOCK));
        }

        void close() throws IOException {
            rig.close();
            primary.close();
            fallback.close();
        }
    }

    private static Town town() {
        return Objects.requireNonNull(town);
    }

    @BeforeEach
    void start() throws IOException {
        if (told++ % CASES_OF_ONE == 0) {
            stop();
            town = Town.open(Files.createDirectory(home.resolve("town" + told)));
        }
        // What a breaker counts, and how long a provider wants to be left alone, is over by then.
        CLOCK.pass(Duration.ofMinutes(2));
    }

    private static void stop() throws IOException {
        if (town != null) {
            town.close();
        }
    }

    @AfterAll
    static void tell() throws IOException {
        stop();
        System.out.println("failover: " + told + " cases of the table");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void answersAsTheTableSays(Case it) throws IOException {
        int before = town().primary().asked();
        int beforeElsewhere = town().fallback().asked();

        var head = ask(it);

        var receipt = town().rig().receipt(head);
        assertThat(receipt.attempts())
                .extracting(Attempt::next)
                .first()
                .isEqualTo(it.row().moves() ? it.row().why() : null);
        assertThat(town().fallback().asked() - beforeElsewhere)
                .isEqualTo(it.row().moves() ? 1 : 0);
        assertThat(town().primary().asked() - before).isEqualTo(1);
        if (it.row().moves() && it.fallback().equals("ok")) {
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("x-posthog-provider")).startsWith("second-");
            assertThat(head.header("x-posthog-attempts")).isEqualTo("2");
            assertThat(head.body()).contains("m-fallback").doesNotContain("primary");
            assertThat(receipt.ending()).isEqualTo(Ending.COMPLETE);
        } else {
            assertPrimarysOwn(it, head);
        }
    }

    private static RawHttp.Answer ask(Case it) throws IOException {
        try (var caller = new RawHttp(town().rig().gateway.port())) {
            caller.send(FailoverRig.request(
                    it.path(),
                    FailoverRig.body(it.path(), it.stream(), ""),
                    "x-primary: " + it.row().play(),
                    "x-fallback: " + it.fallback()));
            var head = caller.head();
            return new RawHttp.Answer(head.status(), head.headers(), caller.rest(head));
        }
    }

    private static void assertPrimarysOwn(Case it, RawHttp.Answer answer) {
        var row = it.row();
        assertThat(answer.body()).doesNotContain("says fallback").doesNotContain("m-fallback");
        if (row.isOurs()) {
            assertThat(answer.status()).isEqualTo(row.why().equals("quota") ? 503 : 502);
            assertThat(answer.body()).doesNotContain("says primary").doesNotContain("went wrong");
        } else if (row.status() > 0) {
            assertThat(answer.status()).isEqualTo(row.status());
            assertThat(answer.body()).isEqualTo(it.primary().errorBody(row.status(), row.code()));
            assertThat(answer.header("retry-after"))
                    .isEqualTo(row.status() == 429 || row.status() == 529 || row.status() == 503 ? "7" : "");
        } else if (it.stream() && !List.of("close", "reset").contains(row.play())) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).contains("error");
        } else {
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).contains("broke off");
        }
    }
}
