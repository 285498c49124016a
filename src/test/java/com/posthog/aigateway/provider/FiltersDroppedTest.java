package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.testing.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersDroppedTest {

    private static final String FILTERS =
            "data: {\"choices\":[],\"id\":\"\",\"model\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}";
    private static final String REST = "data: {\"choices\":[{\"delta\":{\"content\":\"ä\"},"
            + "\"content_filter_results\":{}}]}\n\n" + FILTERS + "\n\ndata: [DONE]\n\n";

    /// A stream that comes a few bytes at a time, and then ends or breaks.
    private record Slow(byte[] bytes, int step, boolean breaks, int[] at) implements Reply {

        @Override
        public int status() {
            return 200;
        }

        @Override
        public Headers headers() {
            return Headers.of("Content-Type", "text/event-stream");
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public int read(byte[] buffer, int offset, Runnable beforeWaiting) throws Broken {
            int left = bytes.length - at[0];
            if (left == 0 && breaks) {
                throw new Broken(Broken.How.IDLE, "silent");
            } else if (left == 0) {
                return -1;
            }
            int count = Math.min(Math.min(step, left), buffer.length - offset);
            System.arraycopy(bytes, at[0], buffer, offset, count);
            at[0] += count;
            return count;
        }

        @Override
        public void close() {}
    }

    private static String passed(String stream, int step) throws Reply.Broken {
        var passed = new ByteArrayOutputStream();
        read(stream, step, false, passed);
        return passed.toString(UTF_8);
    }

    private static void read(String stream, int step, boolean breaks, ByteArrayOutputStream passed)
            throws Reply.Broken {
        var slow = new Slow(stream.getBytes(UTF_8), step, breaks, new int[1]);
        var reply = FiltersDropped.from(Asked.chat("{\"stream\":true}"), slow);
        var buffer = new byte[50];
        for (int count = reply.read(buffer, 0, () -> {}); count >= 0; count = reply.read(buffer, 0, () -> {})) {
            passed.write(buffer, 0, count);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n\n", "\r\n\r\n"})
    void dropsTheFirstChunkHoweverItIsSplit(String end) throws Reply.Broken {
        var stream = FILTERS + end + REST;
        for (int step = 1; step <= stream.length() + 1; step++) {
            assertThat(passed(stream, step)).isEqualTo(REST);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[{\"delta\":{}}],\"prompt_filter_results\":[]}\n\ndata: [DONE]\n\n",
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1},\"prompt_filter_results\":[]}\n\n",
                "data: {\"choices\":[],\"error\":{\"message\":\"x\"}}\n\n",
                "event: x\ndata: {\"choices\":[],\"prompt_filter_results\":[]}\n\n",
                "data: no json\n\ndata: [DONE]\n\n",
                ": comment\n\n",
                "data: torn",
                ""
            })
    void passesAllElse(String stream) throws Reply.Broken {
        assertThat(passed(stream, 7)).isEqualTo(stream);
        assertThat(passed(stream, 1000)).isEqualTo(stream);
    }

    static List<String> recorded() throws IOException {
        var folder = Shared.folder("fixtures/azure-openai").orElse(null);
        if (folder == null) {
            return List.of("missing");
        }
        try (var names = Files.list(folder)) {
            return names.map(one -> String.valueOf(one.getFileName()))
                    .filter(name -> name.startsWith("legacy-deployments-stream") || name.startsWith("vx-chat-stream"))
                    .sorted()
                    .toList();
        }
    }

    /// Real streams begin with such a chunk, or with an event that must stay.
    @ParameterizedTest
    @MethodSource("recorded")
    void dropsItFromRecordedStreamsOnly(String name) throws Exception {
        var stream = Files.readString(
                Shared.require("fixtures/azure-openai").resolve(name).resolve("response-body.sse"));
        var first = stream.substring(0, stream.indexOf("\n\n") + 2);
        boolean filters = first.contains("prompt_filter_results") && first.contains("\"choices\":[]");

        assertThat(passed(stream, 13)).isEqualTo(filters ? stream.substring(first.length()) : stream);
        assertThat(stream).contains("prompt_filter_results", "content_filter_results");
    }

    @Test
    void passesAFirstEventBeyondAllMeasure() throws Reply.Broken {
        var stream = "data: {\"choices\":[],\"prompt_filter_results\":[\"" + "x".repeat(100_000) + "\"]}\n\n";

        assertThat(passed(stream, 4096)).isEqualTo(stream);
    }

    @Test
    void tellsWhatCameBeforeTheStreamBroke() {
        var passed = new ByteArrayOutputStream();

        var broken = catchThrowableOfType(Reply.Broken.class, () -> read("data: {\"cho", 4, true, passed));

        assertThat(broken.how()).isEqualTo(Reply.Broken.How.IDLE);
        assertThat(passed.toString(UTF_8)).isEqualTo("data: {\"cho");
    }
}
