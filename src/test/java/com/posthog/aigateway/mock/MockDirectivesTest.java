package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MockDirectivesTest {

    @Test
    void readsEveryDirective() {
        var directives = Directives.parse("status=529,retry-after=7,after=3, delay=2s,chunk-gap=50ms,cut=120,silent,"
                + "truncate,words=5,chunk=9,fails=2,fixture=openai-chat/json-plain,reasoning=8,server-input=6,"
                + "tier=priority,compaction=4,no-usage,late=1s,tool=Bash:{\"a\":\"b,c\"}");

        assertThat(directives)
                .isEqualTo(new Directives(
                        529,
                        "7",
                        3,
                        Duration.ofSeconds(2),
                        Duration.ofMillis(50),
                        true,
                        120,
                        true,
                        true,
                        5,
                        9,
                        2,
                        "openai-chat/json-plain",
                        "Bash",
                        "{\"a\":\"b,c\"}",
                        new Extras(8, 6, "priority", 4, true, Duration.ofSeconds(1))));
    }

    @Test
    void letsTheLaterOfTwoWin() {
        assertThat(Directives.parse("status=500,status=529").status()).isEqualTo(529);
        assertThat(Directives.parse("status=500,tool=Bash", "status=529").status())
                .isEqualTo(529);
    }

    @Test
    void healsAfterAsManyFailuresAsWereAskedFor() {
        var directives = Directives.parse("status=529,retry-after=1,fails=2,words=3");

        assertThat(directives.afterFailures(1)).isEqualTo(directives);
        assertThat(directives.afterFailures(2)).isEqualTo(Directives.parse("words=3"));
        assertThat(Directives.parse("status=529").afterFailures(9).status()).isEqualTo(529);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    sttus=529        | unknown directive 'sttus'
                    fast             | unknown directive 'fast'
                    status           | 'status' must be a whole number
                    status=-1        | 'status' must be a whole number
                    status=99        | 'status' is out of range: 99
                    status=200       | 'status' is out of range: 200
                    words=0          | 'words' is out of range: 0
                    after=9999999999 | 'after' must be a whole number
                    chunk-gap=50     | 'chunk-gap' must be like 50ms or 2s
                    delay=1h         | 'delay' must be like 50ms or 2s
                    silent=yes       | 'silent' takes no value: yes
                    """)
    void complainsByName(String text, String complaint) {
        assertThatThrownBy(() -> Directives.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    after=1             | aa,bb,cc | COMPLETE
                    silent              | -        | HOLD
                    silent,after=2      | aa,bb    | HOLD
                    silent,after=3      | aa,bb,cc | COMPLETE
                    cut                 | -        | HANG_UP
                    cut,after=1         | aa       | HANG_UP
                    cut=0               | -        | HANG_UP
                    cut=3               | aa,b     | HANG_UP
                    cut=6               | aa,bb,cc | HANG_UP
                    cut=7               | aa,bb,cc | COMPLETE
                    truncate            | aa,bb    | COMPLETE
                    truncate,after=1    | aa       | COMPLETE
                    status=500,after=2  | aa,bb,XX | COMPLETE
                    status=500,after=3  | aa,bb,cc | COMPLETE
                    chunk=4             | aabb,cc  | COMPLETE
                    chunk=4,cut=5       | aabb,c   | HANG_UP
                    """)
    void scriptsAStream(String text, @Nullable String pieces, Script.Finish finish) {
        var answer = new Answer(200, List.of(), true, pieces("aa", "bb", "cc"), (_, _) -> pieces("XX"), null);

        var script = Script.of(answer, Directives.parse(text));

        var told = script.pieces().stream().map(MockDirectivesTest::text).toList();
        assertThat(told).isEqualTo(pieces == null ? List.of() : List.of(pieces.split(",", -1)));
        assertThat(script.finish()).isEqualTo(finish);
    }

    private static List<byte[]> pieces(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
    }

    private static String text(byte[] piece) {
        return new String(piece, UTF_8);
    }
}
