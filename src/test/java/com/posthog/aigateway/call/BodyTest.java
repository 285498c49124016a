package com.posthog.aigateway.call;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {

    private static Refusal refusal(byte[] bytes) {
        return catchThrowableOfType(Refusal.class, () -> Body.of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"x\"",
                "1",
                "{",
                "{\"model\"",
                "{\"model\":",
                "{\"model\":}",
                "{\"model\":\"a\"",
                "{\"model\":\"a\",}",
                "{\"model\":\"a}",
                "{'model':'a'}",
                "{model:\"a\"}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{\"a\":tru}",
                "{\"model\":\"a\"} x",
                "{\"model\":\"a\"}{}",
                "{\"a\":1}]",
                "// no\n{}",
                "{\"model\":\"a\nb\"}"
            })
    void refusesWhatIsNoJsonObject(String text) {
        assertThat(refusal(text.getBytes(UTF_8)).reason()).isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"a\",\"model\":\"b\"}",
                "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}",
                "{\"\\u006dodel\":null,\"x\":1,\"model\":\"b\"}",
                "{\"model\":\"a\",\"model\":\"a\"}"
            })
    void refusesTwoModels(String text) {
        assertThat(refusal(text.getBytes(UTF_8)).param()).isEqualTo("model");
    }

    @Test
    void refusesTwoWishesForAStream() {
        assertThat(refusal("{\"stream\":true,\"str\\u0065am\":false}".getBytes(UTF_8))
                        .param())
                .isEqualTo("stream");
    }

    static Stream<Charset> otherCharsets() {
        return Stream.of(UTF_16BE, UTF_16LE, Charset.forName("UTF-32BE"), Charset.forName("UTF-32LE"));
    }

    @ParameterizedTest
    @MethodSource("otherCharsets")
    void refusesOtherCharsets(Charset charset) {
        assertThat(refusal("{\"model\":\"a\"}".getBytes(charset)).reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void saysWhereItStopsBeingJson() {
        assertThat(refusal(("{\"a\":x" + " ".repeat(500) + "}").getBytes(UTF_8)).what())
                .matches("the body is not JSON, near byte [5-8]");
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        var deep = "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}";

        assertThat(refusal(deep.getBytes(UTF_8)).what()).contains("beyond our limits");
        assertThat(Body.of(("{\"a\":" + "[".repeat(900) + "]".repeat(900) + "}").getBytes(UTF_8))
                        .member("model"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model":"a"}                                   | "a"         | VALUE_STRING
            {"x":{"model":"no"},"model" : "ä😀" ,"y":1}      | "ä😀"       | VALUE_STRING
            {"é":"ü","mod\\u0065l":"a\\"b\\u00e4"}              | "a\\"b\\u00e4" | VALUE_STRING
            {"model":null}                                  | null        | VALUE_NULL
            {"model":12.5e3}                                | 12.5e3      | VALUE_NUMBER_FLOAT
            {"model":-7 ,"a":1}                             | -7          | VALUE_NUMBER_INT
            {"model":true}                                  | true        | VALUE_TRUE
            {"model":{"a":[1,"}"]} , "b":2}                  | {"a":[1,"}"]} | START_OBJECT
            {"model":["]",{}]}                              | ["]",{}]    | START_ARRAY
            """)
    void knowsWhereAMemberLies(String text, String value, String kind) {
        var bytes = text.getBytes(UTF_8);

        var member = Body.of(bytes).member("model").orElseThrow();

        assertThat(new String(Arrays.copyOfRange(bytes, member.start(), member.end()), UTF_8))
                .isEqualTo(value);
        assertThat(member.kind()).hasToString(kind);
    }

    @Test
    void readsHugeStringsAndKeepsTheBytes() {
        var huge = "x".repeat(25_000_000);
        var bytes = ("{\"text\":\"" + huge + "\",\"model\":\"a\",\"stream\":true}").getBytes(UTF_8);

        var body = Body.of(bytes);

        assertThat(body.text("model")).contains("a");
        assertThat(body.isTrue("stream")).isTrue();
        assertThat(body.bytes()).isSameAs(bytes);
    }

    @ParameterizedTest
    @CsvSource({"false", "null", "1", "\"true\"", "{}"})
    void takesOnlyTrueForAStream(String value) {
        assertThat(Body.of(("{\"stream\":" + value + "}").getBytes(UTF_8)).isTrue("stream"))
                .isFalse();
    }
}
