package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that are JSON of an odd kind, or none: refused, or sent on as they are, and never a fault of ours.
@Timeout(60)
class HostileBodiesTest {

    private static final String REST = ",\"messages\":[]}";
    private static final String GOOD = "{\"model\":\"gpt-5-mini\"";

    @TempDir
    static Path folder;

    private static Rig rig;

    @BeforeAll
    static void open() {
        rig = Rig.start(folder);
    }

    /// What was sent on was recorded as well: nothing odd in a body stops an event.
    @AfterAll
    static void close() {
        try {
            Eventually.get(
                    () -> rig.sink.events().size(),
                    size -> size == rig.mock.received().size());
        } finally {
            rig.close();
        }
    }

    static Stream<Arguments> sentOn() {
        return Stream.of(
                with("a deep value", "\"x\":" + "[".repeat(900) + "]".repeat(900)),
                with("a long number", "\"x\":" + "9".repeat(9_000)),
                with("a number beyond all", "\"x\":1e999999999,\"y\":-0.0e-999999999"),
                with("a long string", "\"x\":\"" + "y".repeat(3_000_000) + "\""),
                with("a long name", "\"" + "y".repeat(200_000) + "\":1"),
                with("a lone surrogate", "\"user\":\"\\ud800\",\"metadata\":{\"user_id\":\"\\udfff\\ud800x\"}"),
                with("an escaped zero", "\"user\":\"a\\u0000b\",\"metadata\":{\"a\\u0000\":\"\\u0000\"}"),
                with("twice another member", "\"temperature\":1,\"temperature\":2"),
                with("many members", "\"x1\":1," + "\"x\":null,".repeat(50_000) + "\"x2\":2"),
                with("blanks", " \n\t".repeat(300_000) + "\"x\":1"),
                with("other planes", "\"user\":\"\ud83d\ude00\u202e\ufeff\uffff\""),
                with("members of other kinds", "\"user\":7,\"tools\":\"x\",\"metadata\":[1],\"stream_options\":3"),
                Arguments.of("blanks around it", "\r\n " + GOOD + REST + " \t\r\n"),
                Arguments.of("an escaped model", "{\"mod\\u0065l\":\"gpt\\u002d5-mini\"" + REST));
    }

    private static Arguments with(String name, String members) {
        return Arguments.of(name, GOOD + "," + members + REST);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sentOn")
    void sendsOnWhatAProviderMayJudge(String name, String body) throws Exception {
        var bytes = body.getBytes(UTF_8);

        var answer = ask(bytes);

        // The mock does not take all of them; that is its own affair.
        assertThat(answer.status()).as(name + ": " + answer.body()).isIn(200, 400);
        assertThat(rig.mock.received().getLast().body()).isEqualTo(bytes);
    }

    static Stream<Arguments> refused() {
        var good = GOOD + REST;
        return Stream.of(
                Arguments.of("nothing but blanks", "   ".getBytes(UTF_8)),
                Arguments.of("a string", "\"x\"".getBytes(UTF_8)),
                Arguments.of("null", "null".getBytes(UTF_8)),
                Arguments.of("an array", ("[" + good + "]").getBytes(UTF_8)),
                Arguments.of("two objects", (good + good).getBytes(UTF_8)),
                Arguments.of("more behind it", (good + "x").getBytes(UTF_8)),
                Arguments.of("a zero behind it", (good + "\0").getBytes(UTF_8)),
                Arguments.of("not whole", GOOD.getBytes(UTF_8)),
                Arguments.of("too deep", (GOOD + ",\"x\":" + "[".repeat(100_000)).getBytes(UTF_8)),
                Arguments.of("too deep in objects", (GOOD + ",\"x\":" + "{\"a\":".repeat(100_000)).getBytes(UTF_8)),
                Arguments.of("a number without end", (GOOD + ",\"x\":" + "9".repeat(1_000_000) + REST).getBytes(UTF_8)),
                Arguments.of("UTF-16, small end first", good.getBytes(UTF_16LE)),
                Arguments.of("UTF-16, big end first", good.getBytes(UTF_16BE)),
                Arguments.of("UTF-16 with a mark", ("\ufeff" + good).getBytes(UTF_16BE)),
                Arguments.of("a byte that is no UTF-8", (GOOD + ",\"x\":\"\u00ff\"" + REST).getBytes(ISO_8859_1)),
                Arguments.of("a control character", (GOOD + ",\"x\":\"a\nb\"" + REST).getBytes(UTF_8)),
                Arguments.of("a raw zero", (GOOD + ",\"x\":\"a\0b\"" + REST).getBytes(UTF_8)),
                Arguments.of("not a number", (GOOD + ",\"x\":NaN" + REST).getBytes(UTF_8)),
                Arguments.of("a comment", (GOOD + "/* x */" + REST).getBytes(UTF_8)),
                Arguments.of("single quotes", good.replace('"', '\'').getBytes(UTF_8)),
                Arguments.of("a comma too many", (GOOD + ",}").getBytes(UTF_8)),
                Arguments.of("model twice", "{\"model\":\"a\",\"model\":\"b\"}".getBytes(UTF_8)),
                Arguments.of("model twice, once escaped", "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}".getBytes(UTF_8)),
                Arguments.of("the same model twice", "{\"model\":\"a\",\"model\":\"a\"}".getBytes(UTF_8)),
                Arguments.of("stream twice", (GOOD + ",\"stream\":true,\"\\u0073tream\":false" + REST).getBytes(UTF_8)),
                Arguments.of("a model that is no text", "{\"model\":{\"x\":1},\"messages\":[]}".getBytes(UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refusesWhatCannotBeReadInOneWay(String name, byte[] body) throws Exception {
        int before = rig.mock.received().size();

        var answer = ask(body);

        assertThat(answer.status()).as(name + ": " + answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid_request_error");
        assertThat(rig.mock.received()).hasSize(before);
    }

    static Stream<String> models() {
        return Stream.of(
                "gpt\\r\\nX-Evil: 1",
                "gpt\\r\\n\\r\\nHTTP/1.1 200 OK",
                "gpt\\nX-Evil: 1",
                "gpt\\u000d\\u000aX-Evil: 1",
                "gpt\\u0000x",
                "gpt\\u0085x\\u2028y",
                "gpt\\u560d\\u560aX-Evil: 1",
                "gpt-\\ud800",
                "gpt-\ud83d\ude00",
                "gpt-ä",
                "x".repeat(300),
                "x".repeat(30_000),
                "x".repeat(2_000_000),
                "",
                "../../v1/files",
                "a/b?c=d#e",
                "${env:OPENAI_API_KEY}",
                "%n%s${jndi:ldap://127.0.0.1/x}",
                "\\u001b[31mred",
                " ",
                "\\t");
    }

    @ParameterizedTest
    @MethodSource("models")
    void letsNoNameOfAModelOutOfItsPlace(String model) throws Exception {
        var answer = ask(("{\"model\":\"" + model + "\"" + REST).getBytes(UTF_8));

        assertThat(answer.status()).as(answer.body()).isIn(200, 400, 404);
        assertThat(answer.headers()).doesNotContainKey("x-evil");
        assertThat(answer.header("x-posthog-model")).matches("[ -~]{0,200}");
    }

    private static Answer ask(byte[] body) throws IOException {
        try (var http = rig.connect()) {
            return http.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Rig.KEY
                            + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .send(body)
                    .answer();
        }
    }
}
