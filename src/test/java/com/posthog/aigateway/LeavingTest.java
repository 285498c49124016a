package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.mock.Received;
import com.posthog.aigateway.testing.Eventually;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who leaves, and who takes too long: the caller, the provider, on a raw socket.
class LeavingTest {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.start(folder);
    }

    private void startAgain(String settings) {
        rig.close();
        rig = Rig.start(folder, settings);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void cancelsASilentProviderBeforeItsAnswerBegins() throws IOException {
        try (var _ = call("mock-silent", true)) {
            awaitAsked();
        }

        assertLeftWithinASecond();
        var receipt = rig.receipt();
        assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
        assertThat(receipt.status()).isZero();
        assertCharged(receipt);
    }

    @Test
    void cancelsASilentProviderInTheMiddleOfAStream() throws IOException {
        try (var caller = call("mock-silent,after=3", true)) {
            readUntil(caller.getInputStream(), "Hello");
        }

        assertLeftWithinASecond();
        var receipt = rig.receipt();
        assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
        assertThat(receipt.status()).isEqualTo(200);
        assertThat(receipt.reading().outputTokens()).isPositive();
        assertCharged(receipt);
    }

    @Test
    void cancelsAProviderThatIsStillWorkingOnAWholeAnswer() throws IOException {
        try (var _ = call("mock-silent", false)) {
            awaitAsked();
        }

        assertLeftWithinASecond();
        assertThat(rig.receipt().ending()).isEqualTo(Ending.ABANDONED);
        assertCharged(rig.receipt());
    }

    @Test
    void countsACallerWhoHangsUpAfterTheLastEventAsServed() throws IOException {
        try (var caller = call("gpt-6-sol", true)) {
            readUntil(caller.getInputStream(), "[DONE]");
        }

        assertThat(rig.receipt().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(rig.receipt().cost().estimated()).isFalse();
    }

    @Test
    void tellsThatTheProviderDidNotAnswerInTime() throws IOException {
        startAgain("timeouts: { first_byte: 300ms, first_byte_reasoning: 300ms, whole_answer: 300ms }");
        try (var caller = call("mock-silent", true)) {
            var answer = readUntil(caller.getInputStream(), "upstream_timeout");

            assertThat(answer).startsWith("HTTP/1.1 504");
        }

        assertThat(rig.receipt().ending()).isEqualTo(Ending.FAILED);
        assertCharged(rig.receipt());
    }

    @Test
    void tellsThatTheProviderFellSilent() throws IOException {
        startAgain("timeouts: { idle: 300ms }");
        try (var caller = call("mock-silent,after=3", true)) {
            var in = caller.getInputStream();

            assertThat(readUntil(in, "upstream_timeout")).contains("sent nothing for too long");
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).doesNotContain("0\r\n\r\n");
        }

        assertThat(rig.receipt().ending()).isEqualTo(Ending.INCOMPLETE);
        assertThat(rig.receipt().status()).isEqualTo(200);
    }

    @Test
    void tellsThatTheProviderCannotBeReached() throws IOException {
        rig.mock.close();
        try (var caller = call("gpt-6-sol", false)) {
            assertThat(readUntil(caller.getInputStream(), "provider_unreachable"))
                    .startsWith("HTTP/1.1 502");
        }

        assertThat(rig.receipt().ending()).isEqualTo(Ending.FAILED);
        assertThat(rig.receipt().cost().total().nanos()).isZero();
    }

    @Test
    void answersASecondRequestThatWasSentDuringALongAnswer() throws IOException {
        try (var caller = call("mock-words=5,chunk-gap=150ms", true)) {
            var in = caller.getInputStream();
            readUntil(in, "Hello");
            write(caller, "gpt-6-sol", false);

            readUntil(in, "[DONE]");
            assertThat(readUntil(in, "chat.completion\"")).contains("HTTP/1.1 200");
        }
        assertThat(rig.receipts(2)).allMatch(receipt -> receipt.ending() == Ending.COMPLETE);
    }

    private Socket call(String model, boolean stream) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), rig.gateway.port());
        socket.setSoTimeout(10_000);
        write(socket, model, stream);
        return socket;
    }

    private static void write(Socket socket, String model, boolean stream) throws IOException {
        var body = "{\"model\":\"%s\",\"stream\":%s,\"messages\":[]}".formatted(model, stream);
        var head = "POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
    }

    private static String readUntil(InputStream in, String words) throws IOException {
        var text = new StringBuilder();
        int one;
        while (text.indexOf(words) < 0 && (one = in.read()) >= 0) {
            text.append((char) one);
        }
        assertThat(text).contains(words);
        return text.toString();
    }

    private void awaitAsked() {
        Eventually.get(() -> rig.mock.received().size(), size -> size == 1);
    }

    private void assertLeftWithinASecond() {
        long start = System.nanoTime();
        Eventually.get(() -> rig.mock.received().getFirst().ending(), Received.Ending.CLIENT_GONE::equals);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(A_SECOND);
        Eventually.get(() -> rig.gateway.inFlight(), inFlight -> inFlight == 0);
    }

    private static void assertCharged(Receipt receipt) {
        assertThat(receipt.cost().estimated()).isTrue();
        assertThat(receipt.cost().total().nanos()).isPositive();
    }
}
