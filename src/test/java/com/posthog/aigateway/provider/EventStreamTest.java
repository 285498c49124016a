package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.testing.Frames;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {

    private static final String START = "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\"}}";
    private static final String DELTA = "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"ä 😀\"}}   ";
    private static final String STOP =
            "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{\"inputTokenCount\":1}}";
    private static final String TOLD = "event: message_start\ndata: " + START
            + "\n\nevent: content_block_delta\ndata: " + DELTA
            + "\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static final byte[] WHOLE = Frames.of(Frames.chunk(START), Frames.chunk(DELTA), Frames.chunk(STOP));

    /// Brings so many bytes at a time.
    private static final class Slow implements Reply {
        private final byte[] bytes;
        private final int step;
        private int at;

        Slow(byte[] bytes, int step) {
            this.bytes = bytes;
            this.step = step;
        }

        @Override
        public int status() {
            return 200;
        }

        @Override
        public Headers headers() {
            return Headers.of("x-amzn-requestid", "r-1");
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public int read(byte[] buffer, int offset, Runnable beforeWaiting) {
            if (at == bytes.length) {
                return -1;
            }
            int count = Math.min(Math.min(step, bytes.length - at), buffer.length - offset);
            System.arraycopy(bytes, at, buffer, offset, count);
            at += count;
            return count;
        }

        @Override
        public void close() {}
    }

    private static String told(byte[] bytes, int step) throws Reply.Broken {
        var told = new ByteArrayOutputStream();
        read(bytes, step, told);
        return told.toString(UTF_8);
    }

    private static void read(byte[] bytes, int step, ByteArrayOutputStream told) throws Reply.Broken {
        var stream = new EventStream(new Slow(bytes, step));
        for (var piece = stream.next(() -> {}); piece != null; piece = stream.next(() -> {})) {
            told.writeBytes(piece);
        }
    }

    @Test
    void tellsTheSameHoweverItIsSplit() throws Reply.Broken {
        for (int step = 1; step <= WHOLE.length; step++) {
            assertThat(told(WHOLE, step)).isEqualTo(TOLD);
        }
    }

    @Test
    void takesMessagesThatAreLargerThanItsBuffer() throws Reply.Broken {
        var large = "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"" + "x".repeat(300_000) + "\"}}";

        assertThat(told(Frames.of(Frames.chunk(large)), 4000))
                .isEqualTo("event: content_block_delta\ndata: " + large + "\n\n");
    }

    @Test
    void putsAnEventOnOneLine() throws Reply.Broken {
        assertThat(told(Frames.of(Frames.chunk("{\"type\":\"ping\",\r\n\"x\":1}")), 100))
                .isEqualTo("event: ping\ndata: {\"type\":\"ping\",  \"x\":1}\n\n");
    }

    @ParameterizedTest
    @CsvSource({
        "throttlingException, rate_limit_error",
        "serviceUnavailableException, overloaded_error",
        "modelTimeoutException, overloaded_error",
        "internalServerException, api_error",
        "modelStreamErrorException, api_error",
        "validationException, invalid_request_error",
        "newlyInventedException, api_error"
    })
    void tellsAnExceptionAsAnErrorEvent(String name, String type) throws Reply.Broken {
        var bytes = Frames.of(Frames.chunk(START), Frames.exception(name, "too much"), Frames.chunk(DELTA));

        assertThat(told(bytes, 33))
                .isEqualTo("event: message_start\ndata: " + START
                        + "\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"" + type
                        + "\",\"message\":\"too much\"},\"request_id\":\"r-1\"}\n\n");
    }

    @Test
    void tellsAnErrorFrame() throws Reply.Broken {
        assertThat(told(Frames.of(Frames.error("InternalFailure", "internal")), 1000))
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\","
                        + "\"message\":\"internal\"},\"request_id\":\"r-1\"}\n\n");
    }

    /// Every place but the two between messages.
    @Test
    void isBrokenWhereItEndsInsideAMessage() {
        int first = Frames.of(Frames.chunk(START)).length;
        int second = first + Frames.of(Frames.chunk(DELTA)).length;
        for (int end = 1; end < WHOLE.length; end++) {
            var cut = Arrays.copyOf(WHOLE, end);
            if (end != first && end != second) {
                var broken = catchThrowableOfType(Reply.Broken.class, () -> told(cut, 50));
                assertThat(broken).as("cut after " + end).isNotNull();
                assertThat(broken.how()).isEqualTo(Reply.Broken.How.CUT_OFF);
            }
        }
    }

    /// Whatever byte of the last message is another one, its checksums tell; what came before has been told.
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 5000})
    void isBrokenByAByteThatChanged(int step) {
        int last = WHOLE.length - Frames.of(Frames.chunk(STOP)).length;
        for (int at = last; at < WHOLE.length; at++) {
            var changed = WHOLE.clone();
            changed[at] ^= 0x10;
            var told = new ByteArrayOutputStream();
            var broken = catchThrowableOfType(Reply.Broken.class, () -> read(changed, step, told));
            assertThat(broken).as("changed at " + at).isNotNull();
            assertThat(told.toString(UTF_8)).isEqualTo(TOLD.substring(0, TOLD.indexOf("event: message_stop")));
        }
    }

    @Test
    void isBrokenByAChunkWithoutAnEvent() {
        assertThat(catchThrowableOfType(
                        Reply.Broken.class, () -> told(Frames.of(Frames.event("chunk", "{\"p\":\"ab\"}")), 100)))
                .isNotNull();
    }

    @Test
    void passesOverEventsOfOtherKinds() throws Reply.Broken {
        assertThat(told(Frames.of(Frames.event("initial-response", "{}")), 100)).isEmpty();
    }
}
