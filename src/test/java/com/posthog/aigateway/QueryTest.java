package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A query reaches the provider as it came, also one that a strict reading of RFC 3986 would not let pass: clients
/// write
/// `include[]=a`, and providers take it.
class QueryTest {

    @TempDir
    Path folder;

    private RawHttp.Answer ask(Rig rig, String query) throws IOException {
        var body = "{\"model\":\"gpt-5.4\",\"messages\":[]}";
        try (var connection = rig.connect()) {
            return connection
                    .send(("POST /v1/chat/completions?" + query + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                                    + Rig.KEY + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(ISO_8859_1))
                    .answer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"include[]=a&include[]=b", "a={\"b\":1}|^`<>\\", "a=%zz", "a=b?c=d/e", "%C3%A4=;&&"})
    void passesAsItCame(String query) throws IOException {
        try (var rig = Rig.start(folder)) {
            assertThat(ask(rig, query).status()).isEqualTo(200);
            assertThat(rig.mock.received().getFirst().query()).isEqualTo(query);
        }
    }

    @Test
    void isRefusedWhereNoRequestLineCanHoldIt() throws IOException {
        try (var rig = Rig.start(folder)) {
            var answer = ask(rig, "a=\u00e4");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("\"invalid_request_error\"", "percent-encode them");
            assertThat(rig.mock.received()).isEmpty();
        }
    }
}
