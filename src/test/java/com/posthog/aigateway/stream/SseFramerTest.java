package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.stream.Frames.Event;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SseFramerTest {

    private static Event data(String data) {
        return new Event(null, data);
    }

    static Stream<Arguments> streams() {
        return Stream.of(
                Arguments.of("LF", "data: a\n\ndata: b\n\n", List.of(data("a"), data("b"))),
                Arguments.of("CR", "data: a\r\rdata: b\r\r", List.of(data("a"), data("b"))),
                Arguments.of("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", List.of(data("a"), data("b"))),
                Arguments.of("mixed", "data: a\r\n\ndata: b\n\r\ndata: c\r\r\ndata: d\n\r", all("a", "b", "c", "d")),
                Arguments.of("a mark first", "\uFEFFdata: a\n\n", List.of(data("a"))),
                Arguments.of("a mark later is text", "data: a\n\n\uFEFFdata: b\n\n", List.of(data("a"))),
                Arguments.of("a mark alone", "\uFEFF\n\ndata: a\n\n", List.of(data("a"))),
                Arguments.of("comments", ": hi\n\n:\ndata: a\n: x\ndata: b\n\n", List.of(data("a\nb"))),
                Arguments.of("many lines", "data: a\ndata:\ndata:  b\ndata\n\n", List.of(data("a\n\n b\n"))),
                Arguments.of("no blank behind the colon", "data:a\n\n", List.of(data("a"))),
                Arguments.of("names", "event: x\ndata: a\n\ndata: b\n\n", List.of(new Event("x", "a"), data("b"))),
                Arguments.of("the last name counts", "event: x\nevent:y\ndata: a\n\n", List.of(new Event("y", "a"))),
                Arguments.of("an empty name is none", "event:\ndata: a\n\n", List.of(data("a"))),
                Arguments.of("a name without data", "event: x\n\ndata: a\n\n", List.of(data("a"))),
                Arguments.of("other fields", "id: 1\nretry: 5\ndatax: no\n data: no\ndata: a\n\n", List.of(data("a"))),
                Arguments.of("empty data", "data:\n\ndata: \n\n", List.of(data(""), data(""))),
                Arguments.of("no end", "data: a\n\ndata: b", List.of(data("a"), data("b"))),
                Arguments.of("no blank line at the end", "data: a\n\ndata: b\n", List.of(data("a"), data("b"))),
                Arguments.of("letters of many bytes", "data: ä€😀\n\ndata: 漢\n\n", List.of(data("ä€😀"), data("漢"))),
                Arguments.of("nothing", "", List.of()),
                Arguments.of("blank lines", "\n\n\r\n\r\r\n", List.of()));
    }

    private static List<Event> all(String... data) {
        return Stream.of(data).map(SseFramerTest::data).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void findsTheEventsWhereverTheBytesAreCut(String name, String text, List<Event> expected) {
        var stream = text.getBytes(UTF_8);

        assertThat(Frames.of(stream)).isEqualTo(expected);
        assertThat(Frames.of(stream, Frames.everyByte(stream))).isEqualTo(expected);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                assertThat(Frames.of(stream, first, second)).isEqualTo(expected);
            }
        }
    }

    @Test
    void findsTheSameEventsInRandomStreamsHoweverTheyAreCut() {
        var random = new Random(1);
        var words =
                List.of("data", "event", ":", ": ", " ", "x", "ä", "\r", "\n", "\r\n", "\n\n", "\r\n\r\n", "\uFEFF");
        for (int run = 0; run < 2000; run++) {
            var text = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                text.append(words.get(random.nextInt(words.size())));
            }
            var stream = text.toString().getBytes(UTF_8);
            var cuts = random.ints(10, 0, stream.length + 1).sorted().toArray();

            assertThat(Frames.of(stream, cuts)).as(text.toString()).isEqualTo(Frames.simply(text.toString()));
        }
    }

    @Test
    void takesAnEventOfAMegabyte() {
        var large = "x".repeat(1 << 20);
        var stream = ("data: " + large + "\n\ndata: b\n\n").getBytes(UTF_8);

        assertThat(Frames.of(stream, 1, 1000, 70_000, 1 << 20)).containsExactly(data(large), data("b"));
    }

    @Test
    void saysThatALineFeedBelongsToTheEventBefore() {
        var framer = new SseFramer();
        var stream = "data: a\r\n\r\n".getBytes(UTF_8);

        assertThat(framer.next(stream, 0, stream.length - 1)).isEqualTo(stream.length - 1);
        assertThat(framer.closed()).isTrue();
        assertThat(framer.next(stream, stream.length - 1, stream.length)).isEqualTo(stream.length);
        assertThat(framer.closed()).isFalse();
        assertThat(framer.tail()).isTrue();
    }
}
