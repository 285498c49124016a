package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.Proof;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// For every split of what the provider sends, the caller's bytes and the reading are the same: every recorded stream,
/// through the framer, and through the relay with its tap.
class RelaySplitsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// A stream that stops too early is followed by an error event of ours.
    private static final List<String> CUT_SHORT = List.of("syn-stream-truncated", "syn-stream-truncated-no-done");

    /// A comb's teeth are so far apart; moved byte by byte, they cut everywhere.
    private static final int COMB = Proof.cases(101, 16_384);

    /// Of a stream up to this size every byte is cut at by itself, of a longer one so many.
    private static final int EACH_BYTE_UP_TO = Proof.cases(2 << 10, 64 << 10);

    private static final int SINGLE_CUTS = Proof.cases(40, 4_000);

    private static final AtomicLong TRIED = new AtomicLong();

    @AfterAll
    static void tell() {
        Proof.tell("recorded streams in process: " + TRIED.get() + " ways to cut them");
    }

    static List<Recorded> streams() throws IOException {
        var streams = Recorded.all().stream().filter(Recorded::isStream).toList();
        return streams.isEmpty() ? Recorded.all() : streams;
    }

    @Test
    void knowsAllRecordedStreams() throws IOException {
        streams().getFirst().orSkip();

        assertThat(streams()).hasSizeGreaterThanOrEqualTo(60);
        assertThat(streams().stream().map(Recorded::shape))
                .contains(Shape.OPENAI_CHAT, Shape.OPENAI_RESPONSES, Shape.ANTHROPIC_MESSAGES);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void passesARecordedStreamAsItIs(Recorded recorded) throws IOException {
        var body = recorded.orSkip().body();

        var whole = Relayed.of(recorded.shape(), FakeReply.stream(body));

        if (CUT_SHORT.contains(recorded.name())) {
            assertThat(whole.out().body.toByteArray()).startsWith(body).hasSizeGreaterThan(body.length);
        } else {
            assertThat(whole.out().body.toByteArray()).isEqualTo(body);
        }
        assertThat(whole.out().ending).isEqualTo("open ended");
    }

    @ParameterizedTest
    @MethodSource("streams")
    void passesTheSameWhereverItIsCut(Recorded recorded) throws IOException {
        var body = recorded.orSkip().body();
        var whole = Relayed.of(recorded.shape(), FakeReply.stream(body));

        for (var cuts : everyByteCut(body)) {
            same(whole, Relayed.of(recorded.shape(), FakeReply.stream(body, cuts)), cuts);
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void findsTheSameEventsWhereverItIsCut(Recorded recorded) throws IOException {
        var body = recorded.orSkip().body();
        var whole = Frames.of(body);

        for (var cuts : everyByteCut(body)) {
            if (!whole.equals(Frames.of(body, cuts))) {
                assertThat(Frames.of(body, cuts)).as("cut at %s", shown(cuts)).isEqualTo(whole);
            }
        }
    }

    static List<Recorded> chats() throws IOException {
        return streams().stream()
                .filter(recorded -> recorded.toString().startsWith("openai-chat/"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("chats")
    void takesTheSameChunkOutWhereverItIsCut(Recorded recorded) throws IOException {
        var body = recorded.orSkip().body();
        var expected = withoutExtraUsage(new String(body, UTF_8));
        var whole = Relayed.droppingUsage(FakeReply.stream(body));

        assertThat(whole.text()).startsWith(expected);
        assertThat(whole.text().length() > expected.length()).isEqualTo(CUT_SHORT.contains(recorded.name()));
        for (var cuts : everyByteCut(body)) {
            same(whole, Relayed.droppingUsage(FakeReply.stream(body, cuts)), cuts);
        }
    }

    /// The recorded chats end their lines with LF, and each event has one line.
    private static String withoutExtraUsage(String stream) throws IOException {
        var kept = new StringBuilder();
        for (var event : stream.split("(?<=\n\n)", -1)) {
            var data = event.startsWith("data: {") ? JSON.readTree(event.substring(6)) : JSON.createObjectNode();
            boolean extra = data.path("choices").isEmpty() && data.path("usage").isObject();
            kept.append(extra ? "" : event);
        }
        return kept.toString();
    }

    /// Ways to cut that have a cut at each byte: alone where that is feasible, with others far away, and all at once.
    private static List<int[]> everyByteCut(byte[] body) {
        var ways = new ArrayList<int[]>();
        ways.add(Frames.everyByte(body));
        if (body.length <= EACH_BYTE_UP_TO) {
            IntStream.range(1, body.length).forEach(cut -> ways.add(new int[] {cut}));
        } else {
            int step = Math.max(1, body.length / SINGLE_CUTS);
            IntStream.iterate(1, cut -> cut < body.length, cut -> cut + step).forEach(cut -> ways.add(new int[] {cut}));
            for (int first = 1; first <= COMB; first++) {
                ways.add(IntStream.iterate(first, cut -> cut < body.length, cut -> cut + COMB)
                        .toArray());
            }
        }
        TRIED.addAndGet(ways.size());
        return ways;
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void takesOutOnlyTheExtraUsageWhereverTheStreamIsCut(String end) {
        var before = "\uFEFF: hi" + end + end
                + "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"ä€😀\"}}],"
                + "\"usage\":null}" + end + end;
        var usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}" + end + end;
        var after =
                ": bye" + end + end + "data: {\"choices\":[],\"usage\":null}" + end + end + "data: [DONE]" + end + end;
        var stream = (before + usage + after).getBytes(UTF_8);

        for (int first = 1; first < stream.length; first++) {
            for (int second = first; second < Math.min(stream.length, first + 4); second++) {
                var relayed = Relayed.droppingUsage(FakeReply.stream(stream, first, second));

                assertThat(relayed.text()).as("cut at %d and %d", first, second).isEqualTo(before + after);
                assertThat(relayed.delivered().ending()).isEqualTo(Ending.COMPLETE);
                assertThat(relayed.delivered().answer()).isEqualTo(stream);
                assertThat(relayed.delivered().reading().usage())
                        .extracting(read -> read == null ? -1 : read.prompt())
                        .isEqualTo(7L);
            }
        }
        assertThat(Relayed.droppingUsage(FakeReply.stream(stream, Frames.everyByte(stream)))
                        .text())
                .isEqualTo(before + after);
        assertThat(Relayed.of(Shape.OPENAI_CHAT, FakeReply.stream(stream)).text())
                .isEqualTo(before + usage + after);
    }

    private static String shown(int... cuts) {
        return Arrays.toString(Arrays.copyOf(cuts, Math.min(cuts.length, 5)));
    }

    static void same(Relayed whole, Relayed cut, int... cuts) {
        if (!Arrays.equals(cut.out().body.toByteArray(), whole.out().body.toByteArray())) {
            assertThat(cut.text()).as("cut at %s", shown(cuts)).isEqualTo(whole.text());
        }
        assertThat(cut.delivered().reading()).isEqualTo(whole.delivered().reading());
        assertThat(cut.delivered().ending()).isEqualTo(whole.delivered().ending());
        assertThat(cut.out().ending).isEqualTo(whole.out().ending);
    }
}
