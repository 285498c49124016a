package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.MadeStream;
import com.posthog.aigateway.testing.Proof;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Streams as no provider has sent them yet: late and doubled usage, every kind of line end, events of a megabyte,
/// errors, missing ends. The caller's bytes are the provider's, but for the chunk that we asked for, and the usage is
/// the last that was told, wherever the stream is cut.
class MadeStreamsTest {

    private static final int STREAMS = Proof.cases(300, 20_000);
    private static final int LARGE = 100_000;

    @Test
    void passAsTheyAreWhereverTheyAreCut() {
        long ways = 0;
        for (int number = 0; number < STREAMS; number++) {
            var stream = MadeStream.of(Proof.chance(number));
            for (var cuts : cuts(stream, number)) {
                check(stream, number, false, cuts);
                if (stream.shape() == Shape.OPENAI_CHAT) {
                    check(stream, number, true, cuts);
                }
                ways++;
            }
        }
        Proof.tell("made streams in process: " + STREAMS + " streams, " + ways + " ways to cut them");
        assertThat(ways).isGreaterThan(20L * STREAMS);
    }

    private static List<int[]> cuts(MadeStream stream, int number) {
        var chance = Proof.chance(-1 - number);
        int length = stream.bytes().length;
        var ways = new ArrayList<int[]>();
        ways.add(new int[0]);
        ways.add(Frames.everyByte(stream.bytes()));
        for (int end : stream.ends()) {
            ways.add(new int[] {end - 1, end, Math.min(length, end + 1)});
        }
        for (int i = length > LARGE ? 3 : 25; i > 0; i--) {
            ways.add(chance.cuts(1 + chance.below(4), length));
        }
        return ways;
    }

    private static void check(MadeStream stream, int number, boolean dropsExtraUsage, int... cuts) {
        var relayed = Relayed.of(
                stream.shape(),
                FakeReply.stream(stream.bytes(), cuts),
                dropsExtraUsage,
                new RecordingWriter(),
                new Room(Relayed.ENOUGH));

        var theirs = dropsExtraUsage ? stream.withoutExtra() : stream.bytes();
        var expected = stream.torn() && !dropsExtraUsage
                ? Arrays.copyOf(theirs, stream.ends().getLast())
                : theirs;
        var got = relayed.out().body.toByteArray();
        if (got.length < expected.length || !Arrays.equals(expected, 0, expected.length, got, 0, expected.length)) {
            assertThat(new String(got, UTF_8)).as("stream %d", number).isEqualTo(new String(expected, UTF_8));
        }
        var ours = new String(got, expected.length, got.length - expected.length, UTF_8);
        assertThat(ours.isEmpty())
                .as("stream %d: what follows: %s", number, ours)
                .isEqualTo(stream.complete());
        assertThat(ours.isEmpty() || (ours.startsWith("event: error\ndata: {") || ours.startsWith("data: {")))
                .isTrue();
        assertThat(output(relayed)).as("stream %d", number).isEqualTo(stream.output());
        assertThat(relayed.delivered().ending() == Ending.COMPLETE)
                .isEqualTo(stream.complete() && relayed.delivered().reading().error() == null);
    }

    private static @Nullable Long output(Relayed relayed) {
        var usage = relayed.delivered().reading().usage();
        return usage == null ? null : usage.output();
    }
}
