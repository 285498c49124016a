package com.posthog.aigateway.stream;

import static com.posthog.aigateway.stream.Relayed.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.Reply.Broken.How;
import com.posthog.aigateway.call.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that are not streamed.
class RelayWholeTest {

    private static final String USAGE = "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}";

    private static byte[] answer(int size) {
        return bytes(
                "{\"id\":\"c\",\"choices\":[{\"message\":{\"content\":\"" + "x".repeat(size) + "\"}}]," + USAGE + "}");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 8140, 100_000, 4_000_000})
    void passesASmallAnswerWholeWithItsCost(int size) {
        var room = new Room(Relayed.ENOUGH);
        var out = new RecordingWriter();
        var body = answer(size);

        var relayed = Relayed.of(Shape.OPENAI_CHAT, FakeReply.json(200, body, 1, 50), false, out, room);

        assertThat(out.body.toByteArray()).isEqualTo(body);
        assertThat(out.length).isEqualTo(body.length);
        assertThat(out.headers.first("x-posthog-cost-usd")).contains("0.5");
        assertThat(out.headers.first("x-posthog-provider")).contains("p");
        assertThat(out.headers.first("Set-Cookie")).isEmpty();
        assertThat(out.ending).isEqualTo("open ended");
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(room.take(Relayed.ENOUGH)).as("all room is given back").isTrue();
    }

    @ParameterizedTest
    @CsvSource({"5000000,67108864", "100000,0", "100000,20000"})
    void passesALargeAnswerOrOneWithoutRoomInPieces(int size, long bytes) {
        var room = new Room(bytes);
        var out = new RecordingWriter();
        var body = answer(size);

        var relayed = Relayed.of(
                Shape.OPENAI_CHAT, FakeReply.json(200, body, 3, 70_000).counted(), false, out, room);

        assertThat(out.body.toByteArray()).isEqualTo(body);
        assertThat(out.length).isEqualTo(body.length);
        assertThat(out.headers.first("x-posthog-cost-usd")).isEmpty();
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.COMPLETE);
        assertThat(relayed.delivered().reading().usage())
                .extracting(usage -> usage == null ? -1 : usage.prompt())
                .isEqualTo(7L);
        assertThat(room.take(bytes)).as("all room is given back").isTrue();
    }

    @Test
    void tellsAnErrorOfTheProvider() {
        var body = bytes("{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"secret words\"}}");

        var relayed = Relayed.of(Shape.OPENAI_CHAT, FakeReply.json(400, body));

        assertThat(relayed.out().body.toByteArray()).isEqualTo(body);
        assertThat(relayed.out().status).isEqualTo(400);
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.FAILED);
        assertThat(relayed.delivered().cause())
                .contains("400", "invalid_request_error")
                .doesNotContain("secret");
    }

    @Test
    void passesAnErrorAsItIsEvenIfItCallsItselfAStream() {
        var body = bytes("{\"error\":{\"type\":\"t\",\"message\":\"m\"}}");

        var relayed = Relayed.of(Shape.OPENAI_CHAT, FakeReply.errorStream(429, body));

        assertThat(relayed.out().body.toByteArray()).isEqualTo(body);
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.FAILED);
    }

    @ParameterizedTest
    @CsvSource({"CUT_OFF,PROVIDER_UNREACHABLE", "IDLE,UPSTREAM_TIMEOUT", "TOO_LONG,UPSTREAM_TIMEOUT"})
    void refusesWhereNothingHasGoneOut(How how, Reason reason) {
        var out = new RecordingWriter();
        var reply = FakeReply.json(200, answer(10)).thenBroken(how);

        var refusal = catchThrowableOfType(Refusal.class, () -> Relayed.of(Shape.OPENAI_CHAT, reply, out));

        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(out.status).isZero();
    }

    @Test
    void abortsALargeAnswerThatBreaks() {
        var reply = FakeReply.json(200, answer(5_000_000)).thenBroken(How.CUT_OFF);

        var relayed = Relayed.of(Shape.OPENAI_CHAT, reply);

        assertThat(relayed.out().ending).isEqualTo("open aborted");
        assertThat(relayed.delivered().ending()).isEqualTo(Ending.INCOMPLETE);
    }

    @Test
    void isAbandonedWhenTheCallerLeavesBeforeItGoesOut() {
        var out = new RecordingWriter();
        var reply = FakeReply.json(200, answer(10)).atEnd(out.hangup::happen).thenBroken(How.CANCELLED);

        var relayed = Relayed.of(Shape.OPENAI_CHAT, reply, out);

        assertThat(relayed.delivered().ending()).isEqualTo(Ending.ABANDONED);
        assertThat(relayed.delivered().status()).isZero();
    }
}
