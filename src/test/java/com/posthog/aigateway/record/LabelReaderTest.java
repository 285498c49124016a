package com.posthog.aigateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelReaderTest {

    private static final String UUID = "3F2504E0-4f89-41d3-9a0c-0305e82c3301";

    @Test
    void findsNothingWhereNothingIsSaid() {
        assertThat(read(Endpoint.CHAT_COMPLETIONS, "{}")).isEqualTo(Labels.NONE);
    }

    @Test
    void takesPropertiesAndFlagsInLowerCase() {
        var labels = chat("X-PostHog-Property-Feature", "Search", "x-posthog-FLAG-New-Model", "variant-a");

        assertThat(labels.properties()).isEqualTo(Map.of("feature", "Search", "$feature/new-model", "variant-a"));
    }

    @Test
    void keepsTheValuesOfTheObjectAsJson() {
        var labels = chat("X-PostHog-Properties", """
                {"Text":"a","whole":3,"real":0.5,"yes":true,"none":null,"list":[1,"b"],"nested":{"a":{"b":null}}}""");

        assertThat(labels.properties())
                .containsOnlyKeys("Text", "whole", "real", "yes", "list", "nested")
                .containsEntry("Text", "a")
                .containsEntry("whole", 3)
                .containsEntry("real", 0.5)
                .containsEntry("yes", true)
                .containsEntry("list", List.of(1, "b"));
    }

    @Test
    void prefersAHeaderOfItsOwnToTheObject() {
        var labels = chat("X-PostHog-Properties", "{\"a\":1,\"b\":2}", "X-PostHog-Property-A", "own");

        assertThat(labels.properties()).isEqualTo(Map.of("a", "own", "b", 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$ai_model",
                "$AI_total_cost_usd",
                "$ai_gateway",
                "aigw_target",
                "Aigw_x",
                "team_id",
                "TEAM_ID",
                "ai_product",
                "token",
                "distinct_id",
                "$cookieless_mode",
                "$process_person_profile"
            })
    void dropsWhatIsNotTheCallersToSay(String name) {
        var labels = chat(
                "X-PostHog-Property-" + name, "x", "X-PostHog-Properties", "{\"%s\":\"y\",\"kept\":1}".formatted(name));

        assertThat(labels.properties()).isEqualTo(Map.of("kept", 1));
    }

    @Test
    void letsTheCallerForgoAPersonProfile() {
        var labels = chat("X-PostHog-Properties", "{\"$process_person_profile\":false}");

        assertThat(labels.properties()).isEqualTo(Map.of("$process_person_profile", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1]", "\"a\"", "{\"a\":1", "nonsense", "null"})
    void ignoresAnObjectThatIsNone(String value) {
        assertThat(chat("X-PostHog-Properties", value)).isEqualTo(Labels.NONE);
    }

    @Test
    void ignoresAnObjectThatIsTooLarge() {
        assertThat(chat("X-PostHog-Properties", "{\"a\":\"" + "x".repeat(65_536) + "\"}"))
                .isEqualTo(Labels.NONE);
    }

    @Test
    void takesNoMoreThanCaptureCanParse() {
        var deep = "[".repeat(900) + "]".repeat(900);

        var labels = chat("X-PostHog-Properties", "{\"deep\":" + deep + ",\"long\":1" + "0".repeat(400) + "}");

        assertThat(labels.properties().toString())
                .contains("[nested too deep for capture]")
                .doesNotContain("[".repeat(102));
        assertThat(labels.properties().get("long")).isInstanceOf(String.class);
    }

    @Test
    void takesUserSessionAndProduct() {
        var labels = chat(
                "X-PostHog-Distinct-Id", " user-1 ", "X-PostHog-Session-Id", "session-1", "X-PostHog-Product", "max");

        assertThat(labels).isEqualTo(new Labels("user-1", null, "session-1", "max", Map.of()));
    }

    @Test
    void takesTheSessionFromItsPropertyToo() {
        assertThat(chat("X-PostHog-Property-$ai_session_id", "session-2"))
                .isEqualTo(new Labels(null, null, "session-2", null, Map.of()));
        assertThat(chat("X-PostHog-Property-$ai_session_id", "two", "X-PostHog-Session-Id", "one")
                        .session())
                .isEqualTo("one");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"abc-DEF_1~.@()!':|, abc-DEF_1~.@()!':|", "has space, 9094a102-0679-50df-99ec-cce2065dbd2c"})
    void keepsATraceThatPostHogCanOpen(String id, String trace) {
        assertThat(chat("X-PostHog-Trace-Id", id).trace()).isEqualTo(trace);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "null", textBlock = """
            00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,     4bf92f35-77b3-4da6-a3ce-929d0e0e4736
            01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-new, 4bf92f35-77b3-4da6-a3ce-929d0e0e4736
            00-00000000000000000000000000000000-00f067aa0ba902b7-01,     null
            ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,     null
            00-4bf92f3577b34da6a3ce929d0e0e47-00f067aa0ba902b7-01,       null
            nonsense,                                                    null
            """)
    void readsATraceparent(String traceparent, String trace) {
        assertThat(chat("traceparent", traceparent).trace()).isEqualTo(trace);
    }

    @Test
    void findsTheTraceInTheBodyOfMessagesOnly() {
        var body = "{\"metadata\":{\"user_id\":\"" + UUID + "\"},\"model\":\"m\"}";

        assertThat(read(Endpoint.MESSAGES, body).trace()).isEqualTo(UUID);
        assertThat(read(Endpoint.CHAT_COMPLETIONS, body).trace()).isNull();
    }

    @Test
    void namesATraceAfterASession() {
        var body = """
                {"metadata":{"user_id":"{\\"session_id\\":\\"abc\\"}"}}""";

        assertThat(read(Endpoint.MESSAGES, body).trace()).isEqualTo("8aff6491-99c8-58ea-8437-0ef3dd65aaca");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\":null}",
                "{\"metadata\":\"x\"}",
                "{\"metadata\":{\"user_id\":7}}",
                "{\"metadata\":{\"user_id\":\" \"}}",
                "{\"metadata\":{}}"
            })
    void findsNoTraceInOtherMetadata(String body) {
        assertThat(read(Endpoint.MESSAGES, body).trace()).isNull();
    }

    @Test
    void takesTheHeaderThenTheTraceparentThenTheBody() {
        var body = "{\"metadata\":{\"user_id\":\"" + UUID + "\"}}";
        var traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        assertThat(read(Endpoint.MESSAGES, body, "traceparent", traceparent).trace())
                .isEqualTo("4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
        assertThat(read(Endpoint.MESSAGES, body, "traceparent", traceparent, "X-PostHog-Trace-Id", "mine")
                        .trace())
                .isEqualTo("mine");
    }

    private static Labels chat(String... headers) {
        return read(Endpoint.CHAT_COMPLETIONS, "{}", headers);
    }

    private static Labels read(Endpoint endpoint, String body, String... headers) {
        return LabelReader.read(new Call(
                Told.ID,
                Instant.EPOCH,
                endpoint,
                null,
                null,
                "",
                Headers.of(headers),
                Body.of(body.getBytes(StandardCharsets.UTF_8))));
    }
}
