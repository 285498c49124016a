package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The result is written out byte by byte: nothing but the splice may differ.
class SplicesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static String spliced(Call call, @Nullable String model) {
        var out = new ByteArrayOutputStream();
        for (var slice : Splices.of(call, model)) {
            out.write(slice.bytes(), slice.start(), slice.length());
        }
        return out.toString(UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model":"a","x":1.50}                        | {"model":"M","x":1.50}
            {"x":{"model":"a"},"model" :\t"a" , "y":[ ]}   | {"x":{"model":"a"},"model" :\t"M" , "y":[ ]}
            {"ä":"😀","mod\\u0065l":"\\"a\\\\\\u00e4","é":2}  | {"ä":"😀","mod\\u0065l":"M","é":2}
            {"model":12}                                  | {"model":"M"}
            {"model":"M"}                                 | {"model":"M"}
            {"model":"\\u004d"}                            | {"model":"\\u004d"}
            {"x":1}                                       | {"x":1}
            """)
    void replacesTheModelOnly(String body, String expected) {
        assertThat(spliced(Asked.chat(body), "M")).isEqualTo(expected);
        assertThat(spliced(Asked.chat(body), null)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\"b", "back\\slash", "new\nline", "ünï😀", "x\u0001y"})
    void writesAModelAsJson(String model) throws IOException {
        var result = spliced(Asked.chat("{\"model\":\"a\",\"n\":1}"), model);

        assertThat(JSON.readTree(result).path("model").textValue()).isEqualTo(model);
        assertThat(result).startsWith("{\"model\":").endsWith(",\"n\":1}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"stream":true}                                          | {"stream_options":{"include_usage":true},"stream":true}
            { "stream" : true }                                      | {"stream_options":{"include_usage":true}, "stream" : true }
            {"stream_options":null,"stream":true}                    | {"stream_options":{"include_usage":true},"stream":true}
            {"stream":true,"stream_options": {} }                    | {"stream":true,"stream_options": {"include_usage":true} }
            {"stream":true,"stream_options":{ }}                     | {"stream":true,"stream_options":{"include_usage":true }}
            {"stream":true,"stream_options":{"a":[{"b":1}]}}         | {"stream":true,"stream_options":{"include_usage":true,"a":[{"b":1}]}}
            {"stream":true,"stream_options":{"include_usage":false}} | {"stream":true,"stream_options":{"include_usage":true}}
            {"stream":true,"stream_options":{"a":"ä","include_usage" : null , "b":1}} | {"stream":true,"stream_options":{"a":"ä","include_usage" : true , "b":1}}
            {"stream":true,"stream_options":{"includ\\u0065_usage":false}} | {"stream":true,"stream_options":{"includ\\u0065_usage":true}}
            {"stream":true,"stream_options":{"x":{"include_usage":true}}} | {"stream":true,"stream_options":{"include_usage":true,"x":{"include_usage":true}}}
            {"stream":true,"stream_options":{"include_usage":true},"stream_options":{"include_usage":false}} | {"stream":true,"stream_options":{"include_usage":true},"stream_options":{"include_usage":true}}
            """)
    void asksForUsage(String body, String expected) throws IOException {
        var call = Asked.chat(body);

        assertThat(spliced(call, null)).isEqualTo(expected);
        assertThat(JSON.readTree(expected)
                        .path("stream_options")
                        .path("include_usage")
                        .booleanValue())
                .isTrue();
        assertThat(Splices.addsUsage(call)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
                "{\"stream\":true,\"stream_options\":{\"a\":1, \"include_usage\" : true }}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":\"yes\"}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":1}}",
                "{\"stream\":true,\"stream_options\":{\"include_usage\":{}}}",
                "{\"stream\":true,\"stream_options\":[]}",
                "{\"stream\":true,\"stream_options\":\"x\"}",
                "{\"stream\":true,\"stream_options\":false}",
                "{\"stream\":false}",
                "{\"stream\":\"true\"}",
                "{}"
            })
    void leavesTheBodyAlone(String body) {
        var call = Asked.chat(body);

        assertThat(spliced(call, null)).isEqualTo(body);
        assertThat(Splices.addsUsage(call)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(value = Endpoint.class, names = "CHAT_COMPLETIONS", mode = EnumSource.Mode.EXCLUDE)
    void asksForUsageOnlyInChats(Endpoint endpoint) {
        assertThat(Splices.addsUsage(Asked.at(endpoint, "", Headers.NONE, "{\"stream\":true}")))
                .isFalse();
    }

    @Test
    void doesBothInWhateverOrderTheyStand() {
        assertThat(spliced(Asked.chat("{\"stream_options\":{},\"stream\":true,\"model\":\"a\"}"), "M"))
                .isEqualTo("{\"stream_options\":{\"include_usage\":true},\"stream\":true,\"model\":\"M\"}");
        assertThat(spliced(Asked.chat("{\"model\":\"a\",\"stream\":true}"), "M"))
                .isEqualTo("{\"stream_options\":{\"include_usage\":true},\"model\":\"M\",\"stream\":true}");
    }
}
