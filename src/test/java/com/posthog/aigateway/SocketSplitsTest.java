package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.Eventually;
import com.posthog.aigateway.testing.Line;
import com.posthog.aigateway.testing.MadeStream;
import com.posthog.aigateway.testing.Message;
import com.posthog.aigateway.testing.Proof;
import com.posthog.aigateway.testing.RecordingProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recorded and made streams through a real gateway on real sockets, cut at and beside every event's end and in
/// between: a chunk of the provider's ends at the cut, so that one read of the gateway's does too. The caller's bytes
/// and the receipt's reading are the same for every cut.
class SocketSplitsTest {

    /// Of one stream; the law asks for 200, and where a proof is asked for, there is one beside every event's end too.
    private static final int CUTS = Proof.cases(60, 200);

    private static final int MADE = Proof.cases(20, 400);
    private static final int CUTS_OF_MADE = Proof.cases(10, 50);
    private static final int LINES = 4;

    private static final Map<Shape, String> ASKED = Map.of(
            Shape.OPENAI_CHAT,
            "/v1/chat/completions {\"model\":\"gpt-5.4\",\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
            Shape.OPENAI_RESPONSES,
            "/v1/responses {\"model\":\"gpt-5.4\",\"stream\":true}",
            Shape.ANTHROPIC_MESSAGES,
            "/v1/messages {\"model\":\"claude-opus-5\",\"stream\":true}");

    private static final String WITHOUT_USAGE = "/v1/chat/completions {\"model\":\"gpt-5.4\",\"stream\":true}";

    /// One stream, how it is asked for, and what the caller must get of it at least.
    private record Subject(String name, String asked, byte[] stream, byte[] expected, List<int[]> cuts) {}

    /// What became of it, for one cut.
    private record Passed(UUID call, byte[] body) {}

    @Test
    void passTheSameForEveryCut(@TempDir Path folder) throws Exception {
        var subjects = recorded();
        assertThat(subjects.size()).isGreaterThanOrEqualTo(60);
        long calls = 0;
        try (var provider = new RecordingProvider();
                var rig = Rig.start(folder, "{}", provider.uri());
                var lines = Executors.newVirtualThreadPerTaskExecutor()) {
            var parts = new ArrayList<Future<Long>>();
            for (int first = 0; first < LINES; first++) {
                int from = first;
                parts.add(lines.submit(() -> part(from, subjects, provider, rig)));
            }
            for (var part : parts) {
                calls += part.get();
            }
        }
        assertThat(calls).isGreaterThan((long) subjects.size() * CUTS);
        Proof.tell("real sockets: " + subjects.size() + " recorded and " + MADE + " made streams, " + calls + " calls");
    }

    private static long part(int first, List<Subject> subjects, RecordingProvider provider, Rig rig)
            throws IOException {
        long calls = 0;
        try (var line = new Line(rig.gateway.port())) {
            for (int number = first; number < subjects.size(); number += LINES) {
                calls += check(subjects.get(number), provider, rig, line);
            }
            for (int number = first; number < MADE; number += LINES) {
                calls += check(made(number), provider, rig, line);
            }
        }
        return calls;
    }

    private static int check(Subject subject, RecordingProvider provider, Rig rig, Line line) throws IOException {
        var whole = ask(subject, provider, line);
        assertThat(startsWith(whole.body(), subject.expected()))
                .as(subject.name())
                .isTrue();
        var calls = new LinkedHashMap<UUID, String>();
        for (var cuts : subject.cuts()) {
            var shown = "%s cut at %s".formatted(subject.name(), Arrays.toString(Arrays.copyOf(cuts, 3)));
            var passed = ask(subject, provider, line, cuts);
            if (!Arrays.equals(passed.body(), whole.body())) {
                assertThat(new String(passed.body(), UTF_8)).as(shown).isEqualTo(new String(whole.body(), UTF_8));
            }
            calls.put(passed.call(), shown);
        }
        var reading = receipt(rig, whole.call()).reading();
        for (var call : calls.entrySet()) {
            assertThat(receipt(rig, call.getKey()).reading())
                    .as(call.getValue())
                    .isEqualTo(reading);
        }
        return 1 + calls.size();
    }

    private static boolean startsWith(byte[] bytes, byte[] beginning) {
        return bytes.length >= beginning.length
                && Arrays.equals(bytes, 0, beginning.length, beginning, 0, beginning.length);
    }

    private static Receipt receipt(Rig rig, UUID call) {
        return Eventually.get(() -> rig.gateway.journal().receipt(call), Optional::isPresent)
                .orElseThrow();
    }

    private static Passed ask(Subject subject, RecordingProvider provider, Line line, int... cuts) throws IOException {
        provider.prepare(subject.name(), answer(subject.stream(), cuts));
        var asked = subject.asked().split(" ", 2);
        var body = asked[1].getBytes(UTF_8);
        Message answer =
                line.ask(("POST " + asked[0] + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + Rig.KEY + "\r\n"
                                + RecordingProvider.CASE + ": " + subject.name() + "\r\nContent-Length: " + body.length
                                + "\r\n\r\n" + asked[1])
                        .getBytes(UTF_8));
        assertThat(answer.status()).as(subject.name()).isEqualTo(200);
        assertThat(answer.whole()).as(subject.name()).isTrue();
        var call = answer.first("x-posthog-request-id");
        return new Passed(UUID.fromString(call), without(call, answer.body()));
    }

    /// An error event of ours names its call.
    private static byte[] without(String call, byte[] body) {
        return new String(body, ISO_8859_1).replace(call, "this call").getBytes(ISO_8859_1);
    }

    private static RecordingProvider.Answer answer(byte[] stream, int... cuts) {
        var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
        return new RecordingProvider.Answer(List.of(head.getBytes(ISO_8859_1), Chunked.of(stream, cuts)), false);
    }

    private static List<Subject> recorded() throws IOException {
        var subjects = new ArrayList<Subject>();
        for (var name : Recording.names()) {
            var recording = Recording.named(name);
            if (Files.exists(recording.folder().resolve("response-body.sse"))) {
                var stream = recording.answer();
                var shape = name.startsWith("openai-chat")
                        ? Shape.OPENAI_CHAT
                        : name.startsWith("openai") ? Shape.OPENAI_RESPONSES : Shape.ANTHROPIC_MESSAGES;
                var asked = ASKED.getOrDefault(shape, "");
                subjects.add(new Subject(
                        name, asked, stream, stream, cuts(Proof.chance(name.hashCode()), stream, ends(stream), CUTS)));
            }
        }
        return subjects;
    }

    private static Subject made(int number) {
        var chance = Proof.chance(-1 - number);
        var made = MadeStream.of(chance);
        boolean takesOut = made.shape() == Shape.OPENAI_CHAT && chance.onceIn(2);
        var whole = made.torn() ? Arrays.copyOf(made.bytes(), made.ends().getLast()) : made.bytes();
        return new Subject(
                "made-" + number,
                takesOut ? WITHOUT_USAGE : ASKED.getOrDefault(made.shape(), ""),
                made.bytes(),
                takesOut ? made.withoutExtra() : whole,
                cuts(chance, made.bytes(), made.ends(), CUTS_OF_MADE));
    }

    /// Where an event of a recorded stream ends: all of them end their lines with LF.
    private static List<Integer> ends(byte[] stream) {
        var ends = new ArrayList<Integer>();
        for (int at = 1; at < stream.length; at++) {
            if (stream[at] == '\n' && stream[at - 1] == '\n') {
                ends.add(at + 1);
            }
        }
        return ends;
    }

    /// Byte by byte where it is short, at the ends of events and beside them, and spread over the rest.
    private static List<int[]> cuts(Chance chance, byte[] stream, List<Integer> ends, int count) {
        var places = new TreeSet<Integer>();
        var boundaries = new ArrayList<>(ends);
        chance.shuffle(boundaries);
        for (int end : boundaries) {
            if (places.size() + 3 <= Math.max(3, 2 * count / 3) || Proof.isLong()) {
                places.addAll(List.of(end - 1, end, Math.min(stream.length, end + 1)));
            }
        }
        for (int i = 0; places.size() < Math.min(count, stream.length - 1); i++) {
            places.add(1 + (int) ((long) i * stream.length / count + chance.below(7)) % (stream.length - 1));
        }
        var ways = new ArrayList<int[]>();
        if (stream.length < 8_000) {
            ways.add(IntStream.range(1, stream.length).toArray());
        }
        places.forEach(place -> ways.add(new int[] {place}));
        return ways;
    }
}
