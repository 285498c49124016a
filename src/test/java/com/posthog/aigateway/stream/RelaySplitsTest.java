package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Ending;
import com.posthog.aigateway.call.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// For every split of what the provider sends, the caller's bytes and the reading are the same.
class RelaySplitsTest {

    private static final int MOST_SPLITS = 2_500;

    static List<Recorded> streams() throws IOException {
        var streams = Recorded.all().stream()
                .filter(Recorded::isStream)
                .filter(recorded -> !recorded.name().startsWith("syn-"))
                .toList();
        return streams.isEmpty() ? Recorded.all() : streams;
    }

    @ParameterizedTest
    @MethodSource("streams")
    void passesARecordedStreamAsItIs(Recorded recorded) throws IOException {
        var body = recorded.orSkip().body();
        var whole = Relayed.of(recorded.shape(), FakeReply.stream(body));

        assertThat(whole.out().body.toByteArray()).isEqualTo(body);
        assertThat(whole.out().ending).isEqualTo("open ended");
        int step = Math.max(1, body.length / 40);
        for (int cut = 1; cut < body.length; cut += step) {
            same(whole, Relayed.of(recorded.shape(), FakeReply.stream(body, cut)), cut);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openai-chat/stream-include-usage",
                "openai-chat/stream-tools-include-usage",
                "openai-responses/stream-plain",
                "anthropic-messages/vx-stream-text"
            })
    void passesAStreamAsItIsWhereverItIsCut(String name) throws IOException {
        var recorded = Recorded.named(name);
        Assumptions.assumeTrue(Files.exists(recorded.folder()), () -> name + " is missing");
        var body = recorded.body();
        var whole = Relayed.of(recorded.shape(), FakeReply.stream(body));
        int step = 1 + body.length / MOST_SPLITS;

        for (int cut = 1; cut < body.length; cut += step) {
            same(whole, Relayed.of(recorded.shape(), FakeReply.stream(body, cut)), cut);
        }
        same(whole, Relayed.of(recorded.shape(), FakeReply.stream(body, Frames.everyByte(body))), -1);
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

    private static void same(Relayed whole, Relayed cut, int at) {
        assertThat(cut.out().body.toByteArray())
                .as("cut at %d", at)
                .isEqualTo(whole.out().body.toByteArray());
        assertThat(cut.delivered().reading())
                .as("cut at %d", at)
                .isEqualTo(whole.delivered().reading());
        assertThat(cut.delivered().ending()).isEqualTo(whole.delivered().ending());
        assertThat(cut.out().ending).isEqualTo(whole.out().ending);
    }
}
