package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Headers;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvokeBodyTest {

    private static final Headers BETAS = Headers.of("Anthropic-Beta", "b-1, b-2", "anthropic-beta", "b-2,b\"3");

    private static String invoked(String body, Headers headers) {
        return new String(Members.joined(InvokeBody.of(body.getBytes(UTF_8), headers)), UTF_8);
    }

    /// V stands for the version that InvokeModel wants.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"model":"m","x":1.50}                             | {V,"x":1.50}
            {"x":[ {"model":"ä"} ] , "stream" : true,"y":-0.0} | {V,"x":[ {"model":"ä"} ],"y":-0.0}
            {"str\\u0065am":true,"y":"\\u00e4"}                  | {V,"y":"\\u00e4"}
            {}                                                 | {V}
            {"model":"m"}                                      | {V}
            {"anthropic_version":"mine","model":"m"}           | {"anthropic_version":"mine"}
            {"anthropic_version":"mine"}                       | {"anthropic_version":"mine"}
            """)
    void movesWhatStandsElsewhereThere(String body, String expected) {
        assertThat(invoked(body, Headers.NONE))
                .isEqualTo(expected.replace("V", "\"anthropic_version\":\"bedrock-2023-05-31\""));
    }

    @Test
    void bringsTheBetas() {
        assertThat(invoked("{\"a\":1}", BETAS))
                .isEqualTo(
                        "{\"anthropic_version\":\"bedrock-2023-05-31\",\"anthropic_beta\":[\"b-1\",\"b-2\",\"b\\\"3\"],"
                                + "\"a\":1}");
        assertThat(invoked("{\"anthropic_beta\":[]}", BETAS)).doesNotContain("b-1");
    }

    @Test
    void leavesABodyOfThisFormAsItIs() {
        var body = "{ \"anthropic_version\" : \"bedrock-2023-05-31\",\n \"anthropic_beta\":[\"x\"] }";

        assertThat(invoked(body, BETAS)).isEqualTo(body);
    }

    @Test
    void packsAQuestionForACount() throws IOException {
        var packed =
                Members.joined(InvokeBody.toCount("{\"model\":\"m\",\"messages\":[]}".getBytes(UTF_8), Headers.NONE));

        var inner = new ObjectMapper()
                .readTree(packed)
                .at("/input/invokeModel/body")
                .binaryValue();
        assertThat(new String(inner, UTF_8))
                .isEqualTo("{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":4096,\"messages\":[]}");
    }
}
