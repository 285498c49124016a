package com.posthog.aigateway.telemetry;

import static com.posthog.aigateway.testing.SampleReceipts.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.testing.SampleReceipts;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CallLogTest {

    @Test
    void tellsTheWholeCall() throws Exception {
        var receipt = SampleReceipts.fullAt(NOON);

        var line = parsed(CallLog.line(receipt));

        assertThat(line).isEqualTo(parsed("""
                {"id": "%s", "at": "2026-11-23T12:00:00.123456789Z", "endpoint": "messages", "stream": true,
                 "team": "team-blue", "credential": "key-1", "product": "max",
                 "model": "fast", "sent_model": "claude-sonnet-5", "returned_model": "claude-sonnet-5-20261001",
                 "provider": "anthropic", "status": 200, "ending": "complete", "error": "a fault without content",
                 "latency_ms": 3123, "first_token_ms": 812, "attempts": 2,
                 "input_tokens": 1200, "output_tokens": 600, "cache_read_tokens": 300, "cache_write_tokens": 45,
                 "cost_usd": "0.032870001", "estimated": true}
                """.formatted(receipt.intent().id())));
    }

    @Test
    void leavesOutWhatIsNotKnown() throws Exception {
        var line = parsed(CallLog.line(SampleReceipts.bareAt(NOON)));

        assertThat(line.fieldNames())
                .toIterable()
                .containsExactly(
                        "id",
                        "at",
                        "endpoint",
                        "stream",
                        "team",
                        "credential",
                        "product",
                        "status",
                        "ending",
                        "latency_ms",
                        "attempts",
                        "cost_usd",
                        "estimated");
    }

    @Test
    void tellsNoLabel() {
        assertThat(CallLog.line(SampleReceipts.fullAt(NOON)))
                .doesNotContain(
                        "person-9", "trace-1", "session-1", "labelled-product", "label-value", "phc_project", "user-7");
    }

    @Test
    void boundsWhatACallerCallsAModel() throws Exception {
        var known = SampleReceipts.intentAt(NOON);
        var odd = new Intent(
                known.id(),
                NOON,
                Endpoint.MESSAGES,
                false,
                known.who(),
                Labels.NONE,
                "\n{\"level\":\"ERROR\"}\u2028".repeat(100),
                null);

        var line = CallLog.line(SampleReceipts.of(odd));

        assertThat(line).doesNotContain("\n", "\u2028");
        assertThat(parsed(line).path("model").asText()).hasSize(203);
    }

    @Test
    void writesOneLineToItsLogger() {
        var logger = (Logger) LoggerFactory.getLogger("call");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        try {
            var receipt = SampleReceipts.fullAt(NOON);

            new CallLog().write(receipt);

            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(CallLog.line(receipt));
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
    }

    private static JsonNode parsed(String json) throws Exception {
        return new ObjectMapper().readTree(json);
    }
}
