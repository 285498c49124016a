package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Delivered;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Usage;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Streams that the relay cuts behind each of their events, in whatever pieces they come and however much is kept of
/// them: the caller gets the same bytes, those of [LegalEndTest].
class RelayCutTest {

    private static final UUID CALL = new UUID(0x70, 1);
    private static final Usage USAGE = new Usage(100, 20, 3, 1, 7, 2, 0, 0, 0, 0, 0, Usage.Terms.NONE, List.of());
    private static final List<Integer> KEPT = List.of(0, 700, 1 << 20);
    private static final List<Integer> PIECES = List.of(1, 37, 1 << 20);

    static final List<String> FILES = List.of(
            "chat-text",
            "chat-tools",
            "chat-three-choices",
            "messages-text",
            "messages-thinking-and-tools",
            "messages-blocks-at-once",
            "responses-reasoning-message-function",
            "responses-parallel-functions",
            "responses-tools-and-tomorrow");

    /// Lets so many events pass.
    private static final class Counting implements Meter {
        private int left;

        Counting(int left) {
            this.left = left;
        }

        @Override
        public boolean passed(long output, @Nullable Usage begun, Runnable beforeWaiting) {
            left--;
            return left > 0;
        }

        @Override
        public String why() {
            return "that is enough";
        }

        @Override
        public Usage used(Reading reading) {
            return USAGE;
        }
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void endsTheStreamThereAndPassesNothingMore(String file) {
        var stream = EndedStream.of(file);
        var body = String.join(
                "", stream.steps().stream().map(EndedStream.Step::sent).toList());
        var before = "";
        int events = 0;
        for (var step : stream.steps()) {
            before += step.sent();
            if (!step.sent().contains("data:")) {
                continue;
            }
            events++;
            if (step.end().isEmpty()) {
                continue;
            }
            for (int kept : KEPT) {
                for (int piece : PIECES) {
                    var out = new RecordingWriter();
                    var delivered = relay(stream, body, events, kept, piece, out);

                    assertThat(out.text()).isEqualTo(before + step.end());
                    assertThat(delivered.ending()).isEqualTo(Ending.CUT);
                    assertThat(isBeginning(delivered.answer(), (before + step.end()).getBytes(UTF_8)))
                            .isTrue();
                }
            }
        }
    }

    private static boolean isBeginning(byte[] beginning, byte[] whole) {
        return Arrays.equals(beginning, 0, beginning.length, whole, 0, beginning.length);
    }

    private static Delivered relay(
            EndedStream stream, String body, int events, int kept, int piece, RecordingWriter out) {
        var cuts = IntStream.iterate(piece, at -> at < body.length(), at -> at + piece)
                .toArray();
        var passage = new Relay.Passage(
                CALL,
                stream.shape(),
                Headers.of("x-posthog-provider", "p"),
                !stream.usageWanted(),
                stream.choices(),
                kept,
                id -> {},
                new Counting(events),
                reading -> null);
        return new Relay(new Room(Relayed.ENOUGH), Clock.systemUTC())
                .copy(FakeReply.stream(body.getBytes(UTF_8), cuts), out, passage);
    }
}
