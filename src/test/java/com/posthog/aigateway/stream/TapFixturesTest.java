package com.posthog.aigateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.UsageTable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recorded answers: the usage is the one that others read off the same bytes.
class TapFixturesTest {

    /// Recordings whose expected usage is not ours, and why.
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "vx-stream-code-execution-prompt-cache",
            "3337 tokens were written, the split of message_start tells of 3068 only: we count the rest, too");

    static List<Recorded> recorded() throws IOException {
        return Recorded.all().stream().filter(Recorded::isNoError).toList();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void readsTheUsage(Recorded recorded) throws IOException {
        var meta = recorded.orSkip().meta();
        Assumptions.assumeFalse(EXCEPTIONS.containsKey(recorded.name()), EXCEPTIONS.get(recorded.name()));

        var reading = recorded.isStream()
                ? Read.events(recorded.shape(), recorded.body())
                : Read.whole(recorded.shape(), recorded.body());

        var family = recorded.shape().family();
        var expected = meta.path("expected");
        assertThat(UsageTable.read(family, reading.usage())).isEqualTo(UsageTable.expected(family, expected));
        if (expected.path("model").isTextual() && !expected.path("usage").isNull()) {
            assertThat(reading.model()).isEqualTo(expected.path("model").textValue());
        }
    }
}
