package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdCompressCtx;
import com.posthog.aigateway.testing.RawHttp.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that come encoded go on decoded; bombs, and what is damaged, go nowhere.
@Timeout(60)
class EncodedBodiesTest {

    private static final int LARGEST = 8 << 20;
    private static final String GOOD =
            "{\"model\":\"gpt-5-mini\",\"messages\":[],\"user\":\"" + "ä".repeat(100) + "\"}";

    enum Format {
        GZIP {
            @Override
            byte[] encoded(byte[] plain) throws IOException {
                var bytes = new ByteArrayOutputStream();
                try (var gzip = new GZIPOutputStream(bytes)) {
                    gzip.write(plain);
                }
                return bytes.toByteArray();
            }
        },
        ZSTD {
            @Override
            byte[] encoded(byte[] plain) {
                try (var zstd = new ZstdCompressCtx().setChecksum(true)) {
                    return zstd.compress(plain);
                }
            }
        };

        abstract byte[] encoded(byte[] plain) throws IOException;
    }

    @TempDir
    static Path folder;

    private static Rig rig;

    @BeforeAll
    static void open() {
        rig = Rig.start(folder, "server: { max_body: 8MiB, bodies_in_memory: 64MiB }");
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    private static Answer ask(String encoding, byte[] body) throws IOException {
        try (var http = rig.connect()) {
            return http.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + Rig.KEY
                            + "\r\nContent-Encoding: " + encoding + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .send(body)
                    .answer();
        }
    }

    @ParameterizedTest
    @EnumSource
    void goUpDecodedWithoutTheHeader(Format format) throws Exception {
        var plain = GOOD.getBytes(UTF_8);

        var answer = ask(format.name(), format.encoded(plain));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        var asked = rig.mock.received().getLast();
        assertThat(asked.body()).isEqualTo(plain);
        assertThat(asked.header("content-encoding")).isEmpty();
        assertThat(asked.header("content-length")).hasValue(String.valueOf(plain.length));
    }

    @ParameterizedTest
    @EnumSource
    void mayBeAsLargeAsOthers(Format format) throws Exception {
        var large = GOOD.replace("[]", "[" + " ".repeat(LARGEST - 1_000) + "]").getBytes(UTF_8);

        assertThat(ask(format.name(), format.encoded(large)).status()).isEqualTo(200);
        assertThat(rig.mock.received().getLast().body()).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource
    void areNoBombs(Format format) throws Exception {
        int before = rig.mock.received().size();
        var bomb = format.encoded(new byte[200 << 20]);
        assertThat(bomb.length).isLessThan(1 << 20);

        assertThat(ask(format.name(), bomb).status()).isEqualTo(413);

        assertThat(rig.mock.received()).hasSize(before);
    }

    static Stream<Arguments> damages() throws IOException {
        var cases = Stream.<Arguments>builder();
        for (var format : Format.values()) {
            var whole = format.encoded(GOOD.getBytes(UTF_8));
            var flipped = whole.clone();
            flipped[whole.length / 2] ^= 0x40;
            cases.add(Arguments.of(format, "cut", Arrays.copyOf(whole, whole.length - 1)));
            cases.add(Arguments.of(format, "cut to half", Arrays.copyOf(whole, whole.length / 2)));
            cases.add(Arguments.of(format, "cut in its head", Arrays.copyOf(whole, 5)));
            cases.add(Arguments.of(format, "one byte", Arrays.copyOf(whole, 1)));
            cases.add(Arguments.of(format, "damaged", flipped));
            cases.add(Arguments.of(format, "twice", joined(whole, whole)));
            cases.add(Arguments.of(
                    format, "with more behind it", joined(whole, "GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8))));
            cases.add(Arguments.of(format, "not encoded", GOOD.getBytes(UTF_8)));
            cases.add(Arguments.of(format, "zeros", new byte[100]));
        }
        var sum = Format.GZIP.encoded(GOOD.getBytes(UTF_8));
        sum[sum.length - 8] ^= 1;
        cases.add(Arguments.of(Format.GZIP, "with a wrong sum", sum));
        // A frame whose window would take 2 GiB.
        cases.add(Arguments.of(Format.ZSTD, "with a huge window", HexFormat.of().parseHex("28b52ffd00a8010000")));
        return cases.build();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        var both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("damages")
    void areWholeOrRefused(Format format, String damage, byte[] body) throws Exception {
        int before = rig.mock.received().size();

        var answer = ask(format.name(), body);

        assertThat(answer.status()).as(damage + ": " + answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains("is not one whole");
        assertThat(rig.mock.received()).hasSize(before);
    }

    @Test
    void understandTheOldNameAndAnyCase() throws Exception {
        assertThat(ask("X-Gzip", Format.GZIP.encoded(GOOD.getBytes(UTF_8))).status())
                .isEqualTo(200);
        assertThat(ask("Identity", GOOD.getBytes(UTF_8)).status()).isEqualTo(200);
    }

    @Test
    void sayWhatWouldBeUnderstood() throws Exception {
        var answer = ask("br", GOOD.getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("'br' is not understood; send the body plain, or as gzip or zstd");
    }
}
