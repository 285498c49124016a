package com.posthog.aigateway.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Terms;
import com.posthog.aigateway.record.GenerationEvent.Settings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GenerationEventTest {

    private static final Usage USAGE =
            new Usage(100, 20, 3, 4, 50, 30, 5, 6, 7, 8, 2, new Terms("priority", null, null), List.of());

    private static final Content CONTENT = Told.content("""
            {"model":"fast","messages":[{"role":"user","content":"Hello"}],"temperature":0.5,"n":1,"stream":true,
             "seed":3,"tools":[{"type":"function","function":{"name":"look"}}]}""", """
            {"choices":[{"message":{"role":"assistant","content":"Hi"}}]}""");

    private final GenerationEvent events = new GenerationEvent(new Settings("posthog-ai-gateway", "1.2.3", null));

    @Test
    void saysAllThatIsKnown() {
        var event = events.of(chat().with(USAGE).receipt(), CONTENT);

        assertThat(json(event)).isEqualTo(Json.read("""
                {"event":"$ai_generation",
                 "uuid":"01938f6a-7b1c-7000-8000-000000000001",
                 "distinct_id":"user-9",
                 "timestamp":"2026-11-21T10:00:01.234Z",
                 "properties":{
                  "$lib":"posthog-ai-gateway", "$lib_version":"1.2.3",
                  "$ai_lib":"posthog-ai-gateway", "$ai_lib_version":"1.2.3",
                  "$is_server":true, "$geoip_disable":true,
                  "$ai_trace_id":"01938f6a-7b1c-7000-8000-000000000001",
                  "$ai_span_id":"01938f6a-7b1c-7000-8000-000000000001",
                  "team_id":7, "ai_product":"max",
                  "$ai_model":"fast", "aigw_model_returned":"fast-model-2026-01-01",
                  "$ai_completion_id":"resp-1", "$ai_stream":true, "$ai_provider":"azure",
                  "aigw_target":"azure/fast-2",
                  "$ai_base_url":"https://example.test/v1",
                  "$ai_request_url":"https://example.test/v1/chat/completions",
                  "$ai_tools":[{"type":"function","function":{"name":"look"}}],
                  "$ai_model_parameters":{"temperature":0.5,"n":1,"stream":true},
                  "$ai_input":[{"role":"user","content":"Hello"}],
                  "$ai_output_choices":[{"role":"assistant","content":[{"type":"text","text":"Hi"}]}],
                  "$ai_cache_reporting_exclusive":false,
                  "$ai_input_tokens":127, "$ai_output_tokens":50,
                  "$ai_cache_read_input_tokens":20, "$ai_cache_creation_input_tokens":7,
                  "$ai_reasoning_tokens":30,
                  "$ai_audio_input_tokens":5, "$ai_audio_output_tokens":6,
                  "$ai_image_input_tokens":7, "$ai_image_output_tokens":8,
                  "$ai_web_search_count":2, "$ai_service_tier":"priority",
                  "$ai_cost_passthrough":true, "$ai_total_cost_usd":0.000523001,
                  "$ai_input_cost_usd":0.000123001, "$ai_output_cost_usd":0.000400000,
                  "aigw_priced_as":"fast-model",
                  "$ai_latency":1.234, "$ai_time_to_first_token":0.250, "$ai_http_status":200,
                  "$ai_stop_reason":"stop", "aigw_ending":"complete", "aigw_attempts":1}}"""));
    }

    @Test
    void isTheSameEachTime() {
        var receipt = chat().with(new Labels(null, null, null, null, Map.of("b", 1, "a", 2, "c", 3)))
                .receipt();

        assertThat(GenerationEvent.bytes(events.of(receipt, CONTENT)))
                .isEqualTo(GenerationEvent.bytes(events.of(receipt, CONTENT)));
    }

    @Test
    void countsAnthropicsInputWithoutTheCache() {
        var properties = properties(Told.at(Endpoint.MESSAGES).with(USAGE).receipt());

        assertThat(properties.path("$ai_input_tokens").longValue()).isEqualTo(100);
        assertThat(properties.path("$ai_cache_reporting_exclusive")).isEqualTo(Json.read("true"));
        assertThat(properties.path("$ai_cache_creation_input_tokens").longValue())
                .isEqualTo(7);
        assertThat(properties.path("$ai_cache_creation_5m_input_tokens").longValue())
                .isEqualTo(3);
        assertThat(properties.path("$ai_cache_creation_1h_input_tokens").longValue())
                .isEqualTo(4);
    }

    @Test
    void leavesOutWhatIsZero() {
        var properties = properties(chat().with(Usage.estimate(0, 0)).receipt());

        assertThat(names(properties))
                .contains("$ai_input_tokens", "$ai_output_tokens")
                .noneMatch(name -> name.contains("cache_read") || name.contains("creation"))
                .noneMatch(name -> name.contains("audio") || name.contains("image") || name.contains("search"));
    }

    @Test
    void saysNoTokensWhereUsageIsUnknown() {
        var properties = properties(chat().with(Told.COST.asEstimate()).receipt());

        assertThat(names(properties)).noneMatch(name -> name.endsWith("_tokens"));
        assertThat(properties.path("aigw_cost_estimated")).isEqualTo(Json.read("true"));
        assertThat(properties.path("$ai_total_cost_usd").decimalValue()).isEqualByComparingTo("0.000523001");
        assertThat(properties.path("$ai_cache_reporting_exclusive").isBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0,           0,           0,           0,           0",
        "0.000000001, 0,           0,           0,           0",
        "0.000000001, 0.000000002, 0.000000003, 0.000000004, 0.000000005",
        "3.5,         0.0000001,   12,          0.25,        0.01",
        "1000000,     0,           0,           9999.999999999, 0"
    })
    void sumsTheSidesToTheTotal(String input, String read, String write, String output, String search) {
        var cost = new Cost(
                Money.parse(input),
                Money.parse(read),
                Money.parse(write),
                Money.parse(output),
                Money.parse(search),
                "m",
                false);

        var written = new String(
                GenerationEvent.bytes(events.of(chat().with(cost).receipt(), CONTENT)), StandardCharsets.UTF_8);

        var total = dollars(written, "total");
        assertThat(dollars(written, "input").add(dollars(written, "output")).add(dollars(written, "web_search")))
                .isEqualByComparingTo(total)
                .isEqualByComparingTo(cost.total().usd());
        assertThat(written).doesNotContain("_cache_read_cost_usd", "_cache_creation_cost_usd");
    }

    /// Reads plain digits only: an exponent would not match.
    private static BigDecimal dollars(String json, String side) {
        var number =
                Pattern.compile("\"\\$ai_" + side + "_cost_usd\":([0-9.]+)[,}]").matcher(json);
        return number.find() ? new BigDecimal(number.group(1)) : BigDecimal.ZERO;
    }

    @Test
    void sendsAFreeAnswerAsFree() {
        var properties = properties(chat().with(Cost.NOTHING).receipt());

        assertThat(properties.path("$ai_cost_passthrough")).isEqualTo(Json.read("true"));
        assertThat(properties.path("$ai_total_cost_usd").isNumber()).isTrue();
        assertThat(properties.path("$ai_total_cost_usd").decimalValue()).isZero();
    }

    @Test
    void saysNothingOfContentWhereItIsNotRecorded() {
        var failed =
                new Reading(null, null, null, null, null, "invalid_request_error: Hello is no way to begin", false, 0);
        var properties = properties(
                chat().silent().with(failed).ended(Ending.FAILED, 400, "400").receipt());

        assertThat(properties.path("$ai_input").isNull()).isTrue();
        assertThat(properties.path("$ai_output_choices").isNull()).isTrue();
        assertThat(properties.toString()).doesNotContain("Hello", "Hi");
        assertThat(properties.has("$ai_tools")).isTrue();
        assertThat(properties.has("$ai_total_cost_usd")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETE,   false",
        "REFUSED,    true",
        "FAILED,     true",
        "ABANDONED,  false",
        "INCOMPLETE, true",
        "CUT,        false",
        "LOST,       true"
    })
    void knowsAnError(Ending ending, boolean isError) {
        var properties = properties(chat().ended(ending, 200, "broken off").receipt());

        assertThat(properties.path("$ai_is_error").asBoolean()).isEqualTo(isError);
        assertThat(properties.path("$ai_error").asText()).isEqualTo(isError ? "broken off" : "");
        assertThat(properties.path("aigw_ending").asText()).isEqualTo(ending.word());
    }

    @Test
    void tellsAFailureWithItsInput() {
        var failed = new Reading(null, null, null, null, null, "overloaded_error: Overloaded", false, 0);
        var receipt = Told.at(Endpoint.MESSAGES)
                .with(failed)
                .with(Cost.NOTHING)
                .ended(Ending.FAILED, 529, "529 from the provider")
                .receipt();

        var properties = properties(receipt, Told.content("""
                {"messages":[{"role":"user","content":"Hello"}]}""", """
                {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""));

        assertThat(properties.path("$ai_error").asText()).isEqualTo("overloaded_error: Overloaded");
        assertThat(properties.path("$ai_http_status").intValue()).isEqualTo(529);
        assertThat(properties.path("$ai_input").path(0).path("content").asText())
                .isEqualTo("Hello");
        assertThat(names(properties)).doesNotContain("$ai_output_choices", "$ai_stop_reason");
    }

    @Test
    void tellsOfACallThatNoProviderSaw() {
        var properties = properties(chat().naming(null)
                .with(Reading.NOTHING)
                .ended(Ending.LOST, 0, null)
                .unsent());

        assertThat(properties.path("$ai_provider").asText()).isEqualTo("openai");
        assertThat(properties.path("$ai_error").asText()).isEqualTo("lost");
        assertThat(names(properties))
                .doesNotContain("$ai_base_url", "$ai_request_url", "aigw_target", "$ai_http_status", "$ai_model");
    }

    @Test
    void takesTheReturnedModelWhereNoneWasAsked() {
        assertThat(properties(chat().naming(null).receipt()).path("$ai_model").asText())
                .isEqualTo("fast-model-2026-01-01");
    }

    @Test
    void saysWhenAnotherProviderStoodIn() {
        var properties = properties(chat().afterFailover());

        assertThat(properties.path("aigw_attempts").intValue()).isEqualTo(2);
        assertThat(properties.path("aigw_failover").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "label, user-9, 7,    label,     false",
                "null,  user-9, 7,    user-9,    false",
                "null,  null,   7,    team-7,    true",
                "null,  null,   null, team-blue, true"
            })
    void knowsWhoseItIs(String label, String user, Long team, String distinctId, boolean nobody) {
        var labels = new Labels(label, null, null, null, Map.of());
        var event = events.of(chat().by(team, user).with(labels).receipt(), CONTENT);

        assertThat(event.path("distinct_id").asText()).isEqualTo(distinctId);
        assertThat(event.path("properties").has("$process_person_profile")).isEqualTo(nobody);
        assertThat(event.path("properties").has("team_id")).isEqualTo(team != null);
    }

    @Test
    void putsItsOwnWordsOverTheCallers() {
        var labels = new Labels(
                null,
                "trace-1",
                "session-1",
                null,
                Map.of("feature", Map.of("a", List.of()), "$ai_model", "mine", "team_id", 8, "$lib", "theirs"));

        var properties = properties(chat().with(labels).receipt());

        assertThat(properties.path("feature")).isEqualTo(Json.read("{\"a\":[]}"));
        assertThat(properties.path("$ai_trace_id").asText()).isEqualTo("trace-1");
        assertThat(properties.path("$ai_session_id").asText()).isEqualTo("session-1");
        assertThat(properties.path("$ai_model").asText()).isEqualTo("fast");
        assertThat(properties.path("team_id").intValue()).isEqualTo(7);
        assertThat(properties.path("$lib").asText()).isEqualTo("posthog-ai-gateway");
    }

    @Test
    void saysWhetherItIsBillableWhereThatIsSet() {
        var billable = new GenerationEvent(new Settings("x", "1", true)).of(chat().receipt(), CONTENT);

        assertThat(billable.path("properties").path("$ai_billable")).isEqualTo(Json.read("true"));
    }

    @ParameterizedTest
    @EnumSource(Endpoint.class)
    void keepsTheFiguresWhateverTheContentIs(Endpoint endpoint) {
        for (var answer : List.of("", "{", "nonsense", "data: {\"type\":", "data: 7\n\n", "{\"choices\":7}", "\0")) {
            var properties =
                    properties(Told.at(endpoint).with(USAGE).receipt(), Told.content("{\"messages\":[{", answer));

            assertThat(properties.path("$ai_output_tokens").longValue()).isEqualTo(50);
            assertThat(names(properties))
                    .contains("$ai_total_cost_usd")
                    .doesNotContain("$ai_input", "$ai_output_choices")
                    .noneMatch(name -> name.startsWith("$ai_gateway"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5, 5, OUTPUT INPUT",
        "5, 1, 1, ''",
        "1, 5, 1, ''",
        "1, 9, 1, OUTPUT",
        "9, 1, 1, OUTPUT INPUT",
        "1, 1, 9, OUTPUT INPUT TOOLS"
    })
    void losesContentRatherThanTheEvent(int input, int output, int tools, String lost) {
        int megabyte = 1024 * 1024;
        var content = Told.content(
                "{\"messages\":[{\"content\":\"%s\"}],\"tools\":[\"%s\"]}"
                        .formatted("i".repeat(input * megabyte), "t".repeat(tools * megabyte)),
                "{\"choices\":[{\"message\":{\"content\":\"%s\"}}]}".formatted("o".repeat(output * megabyte)));

        var event = events.of(chat().with(USAGE).receipt(), content);

        var marker = Json.read("\"[truncated: content too large for capture]\"");
        var properties = event.path("properties");
        assertThat(GenerationEvent.bytes(event)).hasSizeLessThanOrEqualTo(8 * megabyte);
        assertThat(properties.path("$ai_output_choices").equals(marker)).isEqualTo(lost.contains("OUTPUT"));
        assertThat(properties.path("$ai_input").equals(marker)).isEqualTo(lost.contains("INPUT"));
        assertThat(properties.path("$ai_tools").equals(marker)).isEqualTo(lost.contains("TOOLS"));
        assertThat(properties.path("$ai_input_tokens").longValue()).isEqualTo(127);
    }

    @Test
    void writesWhatIsNoTextAsFarAsItIs() {
        var event = events.of(chat().receipt(), Told.content("""
                {"messages":[{"role":"user","content":"half \\ud83d of it"}]}""", ""));

        assertThat(Json.read(GenerationEvent.bytes(event))
                        .path("properties")
                        .path("$ai_input")
                        .path(0)
                        .path("content")
                        .asText())
                .isEqualTo("half ? of it");
    }

    private static Told chat() {
        return Told.at(Endpoint.CHAT_COMPLETIONS);
    }

    private JsonNode properties(Receipt receipt) {
        return properties(receipt, CONTENT);
    }

    private JsonNode properties(Receipt receipt, Content content) {
        return json(events.of(receipt, content)).path("properties");
    }

    private static JsonNode json(ObjectNode event) {
        return Json.read(GenerationEvent.bytes(event));
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }
}
