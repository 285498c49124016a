package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.testing.Proof;
import com.posthog.aigateway.testing.Shared;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/// A recorded stream, cut behind each of its events and ended there.
record CutStream(Path file) {

    private static final int MANY = 60;
    static final Usage USAGE = new Usage(100, 20, 3, 0, 7, 2, 0, 0, 0, 0, 1, Usage.Terms.NONE, List.of());

    /// @param sent how many of its bytes are the recording's
    /// @param bytes what the caller gets
    record Cut(int sent, byte[] bytes) {

        /// What was added to it.
        String ending() {
            return new String(bytes, sent, bytes.length - sent, UTF_8);
        }

        /// False where there is no legal end: the stream has not begun, or is over.
        boolean isEndedLegally() {
            return bytes.length > sent && !ending().contains("the budget was reached before");
        }
    }

    /// All recorded streams, of all providers; one that skips the test where there are none.
    static List<CutStream> all() throws IOException {
        var fixtures = Shared.folder("fixtures").orElse(null);
        if (fixtures == null) {
            return List.of(new CutStream(Path.of("fixtures", "missing", "response-body.sse")));
        }
        try (var files = Files.walk(fixtures, 3)) {
            return files.filter(file -> file.endsWith("response-body.sse"))
                    .sorted()
                    .map(CutStream::new)
                    .toList();
        }
    }

    CutStream orSkip() {
        Assumptions.assumeTrue(Files.exists(file), () -> file + " is missing; set AIGATEWAY_SHARED");
        return this;
    }

    Shape shape() {
        var path = file.toString();
        if (path.contains("anthropic")) {
            return Shape.ANTHROPIC_MESSAGES;
        }
        return path.contains("responses") ? Shape.OPENAI_RESPONSES : Shape.OPENAI_CHAT;
    }

    byte[] whole() throws IOException {
        return Files.readAllBytes(file);
    }

    /// One for each event, in order, and before them one for none, up to the provider's own end: a file may hold more.
    /// Of the many alike in a long stream, a proof takes all, and a usual build every fifth.
    List<Cut> cuts() throws IOException {
        var stream = whole();
        var end = Objects.requireNonNull(LegalEnd.of(shape(), new UUID(0, 1), true, 1));
        var framer = new SseFramer();
        var cuts = new ArrayList<Cut>();
        cuts.add(cut(stream, 0, end));
        int at = 0;
        int events = 0;
        var before = "";
        while (at < stream.length) {
            at = framer.next(stream, at, stream.length);
            if (!framer.closed() || !framer.hasData()) {
                continue;
            }
            end.event(framer);
            events++;
            boolean over = end.bytes(USAGE).length == 0;
            var name = String.valueOf(framer.name());
            if (Proof.isLong() || over || events <= MANY || events % 5 == 0 || !name.equals(before)) {
                cuts.add(cut(stream, at, end));
            }
            before = name;
            if (over) {
                return cuts;
            }
        }
        return cuts;
    }

    private static Cut cut(byte[] stream, int sent, LegalEnd end) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(stream, 0, sent);
        bytes.writeBytes(end.bytes(USAGE));
        return new Cut(sent, bytes.toByteArray());
    }

    @Override
    public String toString() {
        var folder = Objects.requireNonNull(file.getParent());
        return Objects.requireNonNull(folder.getParent()).getFileName() + "/" + folder.getFileName();
    }
}
