package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table `hostile.txt`, message by message: what is answered, whether the connection goes on, and what the provider
/// gets to see.
@Timeout(120)
class HostileMessagesTest {

    private static final String FIRST = "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n";
    private static final String AUTH = "Authorization: Bearer " + Rig.KEY + "\r\n";
    private static final Pattern REPEATED = Pattern.compile("\\{([^{}]+)\\*(\\d+)}");
    private static final Pattern BYTE = Pattern.compile("\\\\(?:x([0-9a-f]{2})|(.))");
    private static final String FOLLOWER = "gpt-5.4-mini";
    private static final AtomicInteger ROWS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static Rig rig;

    @BeforeAll
    static void open() {
        rig = Rig.start(folder, "server: { max_body: 128KiB }");
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    static Stream<String> table() throws IOException {
        try (var in = Objects.requireNonNull(HostileMessagesTest.class.getResourceAsStream("/hostile.txt"))) {
            return new String(in.readAllBytes(), ISO_8859_1)
                    .lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void answersAndGoesOnOrCloses(String row) throws Exception {
        int bar = row.indexOf('|');
        var outcome = row.substring(0, bar).strip().split(" ", -1);
        boolean kept = outcome[1].equals("kept");
        var name = "row-%04d".formatted(ROWS.incrementAndGet());
        var message = written(row.substring(bar + 2), name);
        var follower = written("{call}", name + "-follower");

        var statuses = exchange(message, follower, kept);

        var expected = Stream.of(outcome[0].split(",", -1)).toList();
        assertThat(statuses).as("statuses").hasSize(expected.size() + (kept ? 1 : 0));
        for (int i = 0; i < expected.size(); i++) {
            assertThat(expected.get(i).split("/", -1)).contains(String.valueOf(statuses.get(i)));
        }
        assertThat(asked("\"" + name + "\""))
                .as("calls that reached the provider")
                .isEqualTo(
                        message.contains(name)
                                ? expected.stream().filter("200"::equals).count()
                                : 0);
        assertThat(asked(name + "-follower"))
                .as("followers that reached the provider")
                .isEqualTo(kept ? 1 : 0);
    }

    private static List<Integer> exchange(String message, String follower, boolean kept) throws IOException {
        var statuses = new ArrayList<Integer>();
        try (var http = rig.connect()) {
            http.send(message + follower);
            boolean head = message.startsWith("HEAD");
            while (true) {
                var answer = http.next(head);
                if (answer == null) {
                    assertThat(kept)
                            .as("the connection was closed, after " + statuses)
                            .isFalse();
                    return statuses;
                }
                assertThat(answer.status()).isNotEqualTo(500);
                head = false;
                statuses.add(answer.status());
                if (answer.header("connection").equals("close")) {
                    // Else the gateway would wait a moment for what we might still send.
                    http.finish();
                } else if (answer.header("x-posthog-model").equals(FOLLOWER)) {
                    return statuses;
                }
            }
        }
    }

    private static long asked(String name) {
        return rig.mock.received().stream()
                .filter(request -> new String(request.body(), ISO_8859_1).contains(name))
                .count();
    }

    private static String written(String message, String name) {
        var json = "{\"model\":\"%s\",\"user\":\"%s\",\"messages\":[]}".formatted(model(name), name);
        var text = message.replace("{call}", "{counted}{json}")
                .replace("{counted}", "{post}Content-Length: {len}{crlf}{crlf}")
                .replace("{chunked}", "{post}Transfer-Encoding: chunked{crlf}{crlf}")
                .replace("{post}", FIRST + "{auth}")
                .replace("{auth}", AUTH)
                .replace("{crlf}", "\\r\\n");
        text = REPEATED.matcher(text).replaceAll(HostileMessagesTest::repeated);
        text = BYTE.matcher(text).replaceAll(HostileMessagesTest::bytes);
        return text.replace("{len}", String.valueOf(json.length()))
                .replace("{hex}", Integer.toHexString(json.length()))
                .replace("{json}", json);
    }

    private static String model(String name) {
        return name.endsWith("-follower") ? FOLLOWER : "gpt-5-mini";
    }

    private static String repeated(MatchResult match) {
        return match.group(1).repeat(Integer.parseInt(match.group(2))).replace("\\", "\\\\");
    }

    private static String bytes(MatchResult match) {
        if (match.group(1) != null) {
            return quoted((char) Integer.parseInt(match.group(1), 16));
        }
        return switch (match.group(2)) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "t" -> "\t";
            case "0" -> "\0";
            default -> quoted('\\');
        };
    }

    private static String quoted(char one) {
        return one == '\\' || one == '$' ? "\\" + one : String.valueOf(one);
    }
}
