package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.FakeUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Callers who leave when all has been said, or almost, while the provider still holds the line.
class LeavingLateTest {

    private static final long A_SECOND = 1_000;

    enum Said {
        CHAT("/v1/chat/completions", "gpt-6-sol", """
                data: {"model":"gpt-6-sol","choices":[{"delta":{"content":"Hello"}}]}

                data: {"model":"gpt-6-sol","choices":[{"delta":{},"finish_reason":"stop"}]}

                data: {"model":"gpt-6-sol","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":1}}

                """, """
                data: [DONE]

                """),
        RESPONSES("/v1/responses", "gpt-6-sol", """
                event: response.output_text.delta
                data: {"type":"response.output_text.delta","delta":"Hello"}

                """, """
                event: response.completed
                data: {"type":"response.completed","response":{"id":"resp_1","model":"gpt-6-sol","status":"completed",\
                "usage":{"input_tokens":7,"output_tokens":1}}}

                """),
        MESSAGES("/v1/messages", "claude-sonnet-5-5", """
                event: message_start
                data: {"type":"message_start","message":{"id":"m","model":"claude-sonnet-5-5","usage":{"input_tokens":7}}}

                event: message_delta
                data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}

                """, """
                event: message_stop
                data: {"type":"message_stop"}

                """);

        private final String path;
        private final String model;
        private final String before;
        private final String last;

        Said(String path, String model, String before, String last) {
            this.path = path;
            this.model = model;
            this.before = before;
            this.last = last;
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void countsAsServedWhoLeavesAfterTheLastEvent(Said said) throws Exception {
        try (var provider = new FakeUpstream(peer -> holdAfter(peer, said.before + said.last));
                var rig = Rig.start(folder, "{}", provider.uri())) {
            try (var caller = rig.connect()) {
                caller.send(request(said)).readUntil(said.last.strip());
            }

            assertThat(provider.left(1, A_SECOND)).isTrue();
            var receipt = rig.receipt();
            assertThat(receipt.ending()).isEqualTo(Ending.COMPLETE);
            assertThat(receipt.error()).isNull();
            assertThat(receipt.cost().estimated()).isFalse();
            assertThat(receipt.cost().total().nanos()).isPositive();
            Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void countsAsAbandonedWhoLeavesBeforeTheLastEvent(Said said) throws Exception {
        try (var provider = new FakeUpstream(peer -> holdAfter(peer, said.before));
                var rig = Rig.start(folder, "{}", provider.uri())) {
            try (var caller = rig.connect()) {
                caller.send(request(said)).head();
            }

            assertThat(provider.left(1, A_SECOND)).isTrue();
            var receipt = rig.receipt();
            assertThat(receipt.ending()).isEqualTo(Ending.ABANDONED);
            assertThat(receipt.status()).isEqualTo(200);
            assertThat(receipt.cost().total().nanos()).isPositive();
            Eventually.get(rig.gateway::inFlight, inFlight -> inFlight == 0);
        }
    }

    @Test
    void stopsAskingForAStoredAnswerWhenTheCallerLeaves() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.awaitLeaving();
                });
                var rig = Rig.start(folder, "{}", provider.uri())) {
            var aDay = Instant.now().plus(Duration.ofDays(1));
            rig.gateway.journal().own("resp_1", new Owner("dev", "openai", aDay));
            try (var caller = rig.connect()) {
                caller.send("GET /v1/responses/resp_1?stream=true HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer "
                        + Rig.KEY + "\r\n\r\n");
                assertThat(provider.request()).startsWith("GET /v1/responses/resp_1?stream=true ");
            }

            assertThat(provider.left(1, A_SECOND)).isTrue();
            assertThat(rig.receipt().ending()).isEqualTo(Ending.ABANDONED);
            assertThat(rig.receipt().cost().total().nanos()).isZero();
        }
    }

    private static void holdAfter(FakeUpstream.Peer peer, String events) throws IOException {
        peer.readRequest();
        peer.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(events.length()) + "\r\n" + events + "\r\n");
        peer.awaitLeaving();
    }

    private static String request(Said said) {
        var body = "{\"model\":\"" + said.model + "\",\"stream\":true,\"max_tokens\":9}";
        return "POST " + said.path + " HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer " + Rig.KEY
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
