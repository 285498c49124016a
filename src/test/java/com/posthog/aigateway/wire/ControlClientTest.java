package com.posthog.aigateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ControlClientTest {

    private static final byte[] BODY = "zipped".getBytes(UTF_8);

    private final ControlClient client = new ControlClient(Duration.ofSeconds(3), Duration.ofSeconds(1));

    /// Answers one connection with exactly this, and tells the head of the request.
    private static CompletableFuture<List<String>> serveOnce(ServerSocket server, String answer) {
        return CompletableFuture.supplyAsync(() -> {
            try (var socket = server.accept()) {
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
                var head = new ArrayList<String>();
                for (var line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    head.add(line.toLowerCase(Locale.ROOT));
                }
                for (int i = 0; i < BODY.length; i++) {
                    in.read();
                }
                socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                if (answer.isEmpty()) {
                    in.read();
                }
                return head;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static URI uri(ServerSocket server) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/i/v0/ai/batch/");
    }

    @Test
    void postsAndTellsTheAnswer() throws Exception {
        try (var server = server()) {
            var request =
                    serveOnce(server, "HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbusy");

            var answer = client.postGzip(uri(server), BODY, "ai-gateway/test");

            assertThat(answer).isEqualTo(new ControlClient.Answer(429, "7", "busy"));
            assertThat(request.get())
                    .contains(
                            "post /i/v0/ai/batch/ http/1.1",
                            "content-encoding: gzip",
                            "content-type: application/json",
                            "user-agent: ai-gateway/test",
                            "content-length: 6");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense\r\n\r\n"})
    void saysThatNobodyAnswered(String answer) throws Exception {
        try (var server = server()) {
            var _ = serveOnce(server, answer);

            assertThat(client.postGzip(uri(server), BODY, "x").status()).isZero();
        }
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        URI gone;
        try (var server = server()) {
            gone = uri(server);
        }

        assertThat(client.postGzip(gone, BODY, "x")).isEqualTo(new ControlClient.Answer(0, "", ""));
    }
}
