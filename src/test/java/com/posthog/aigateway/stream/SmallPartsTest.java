package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Headers;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmallPartsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type",
                "request-id",
                "x-request-id",
                "Retry-After",
                "x-should-retry",
                "x-ratelimit-limit-requests",
                "anthropic-ratelimit-tokens-remaining",
                "openai-processing-ms",
                "Content-Encoding"
            })
    void passesAHeaderFieldOfTheAnswer(String name) {
        var field = Headers.of(name, "a", name.toUpperCase(Locale.ROOT), "b");

        assertThat(AnswerHeaders.passing(field, Headers.NONE)).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection",
                "Keep-Alive",
                "Transfer-Encoding",
                "Content-Length",
                "Upgrade",
                "Trailer",
                "Proxy-Authenticate",
                "SET-cookie",
                "Alt-Svc",
                "Strict-Transport-Security",
                "Via",
                "NEL",
                "Report-To",
                "cf-ray",
                "CF-Cache-Status",
                "openai-organization",
                "openai-project",
                "anthropic-organization-id",
                "anthropic-workspace-id",
                "x-api-key-id",
                "anthropic-API-KEY-hash",
                "x-posthog-model"
            })
    void keepsBackAHeaderFieldOfTheAnswer(String name) {
        var ours = Headers.of("x-posthog-model", "ours");

        assertThat(AnswerHeaders.passing(Headers.of(name, "a"), ours)).isEqualTo(ours);
    }

    @Test
    void keepsBackWhatTheConnectionNames() {
        var upstream = Headers.of("Connection", "close, X-Hop", "x-hop", "1", "x-stays", "2");

        assertThat(AnswerHeaders.passing(upstream, Headers.NONE)).isEqualTo(Headers.of("x-stays", "2"));
    }

    @Test
    void takesRoomAndGivesItBack() {
        var room = new Room(10 << 10);

        assertThat(room.take(10 << 10)).isTrue();
        assertThat(room.take(1)).isFalse();
        assertThat(room.take(1, Duration.ofMillis(1))).isFalse();
        room.giveBack(10 << 10);
        assertThat(room.take(9 << 10)).isTrue();
        assertThat(room.take(1 << 10)).isTrue();
        assertThat(room.take(0)).isTrue();
    }

    @Test
    void keepsInterruptionWhileItWaitsForRoom() {
        var room = new Room(1);
        room.take(1);
        Thread.currentThread().interrupt();

        assertThat(room.take(1, Duration.ofMinutes(1))).isFalse();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void gathersBytesUpToTheBound() {
        var bytes = new GrowingBytes(2, 10);
        var more = "0123456".getBytes(UTF_8);

        bytes.add(more, 1, 7);
        bytes.add(more, 0, 7);
        bytes.add(more, 0, 7);

        assertThat(new String(bytes.copy(), UTF_8)).isEqualTo("1234560123");
        bytes.clear();
        assertThat(bytes.isEmpty()).isTrue();
        var none = new GrowingBytes(2, 0);
        none.add(more, 0, 7);
        assertThat(none.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"usage":null}                                   | false | false | 0 |
            {"usage" : {"prompt_tokens":1}}                  | true  | false | 0 |
            {"choices":[{"delta":{"content":"abc"}}]}        | false | false | 3 |
            {"a":"\\"usage\\":{}","content":"\\"usage\\":{}"} | false | false | 12 |
            {"error":{"message":"x"}}                        | false | true  | 0 |
            {"error":null,"finish_reason":"stop"}            | false | false | 0 | stop
            {"delta":{"text":"ab"},"text":"c"}               | false | false | 3 |
            {"delta":"abcd"}                                 | false | false | 4 |
            {"content":null,"id":"xyz"}                      | false | false | 0 |
            {"content":["ab"                                 | false | false | 2 |
            {"content":"ab                                   | false | false | 2 |
            """)
    void skimsAnEvent(String json, boolean usage, boolean error, int text, String finish) {
        var bytes = json.getBytes(UTF_8);

        var skim = Skim.of(bytes, bytes.length);

        assertThat(skim.hasUsage()).isEqualTo(usage);
        assertThat(skim.hasError()).isEqualTo(error);
        assertThat(skim.textBytes()).isEqualTo(text);
        assertThat(skim.finishReason()).isEqualTo(finish);
    }

    @Test
    void skimsATornEventWithoutLeavingIt() {
        var json =
                "{\"content\":\"a\\\\b\\\"\",\"usage\":{\"x\":[1,\"y\"]},\"finish_reason\":\"stop\"}".getBytes(UTF_8);
        for (int length = 0; length <= json.length; length++) {
            assertThat(Skim.of(json, length).textBytes()).isLessThanOrEqualTo(6);
        }
    }
}
