package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.testing.Proof;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An event beyond what is held goes on in pieces, before it is known what it is.
class LargeEventsTest {

    private static final String LARGE = "x".repeat(3 << 20);
    private static final String DONE = "data: [DONE]\n\n";

    @Test
    void passTheExtraUsageWholeWhenItsBeginningIsOut() {
        var usage = "data: {\"choices\":[],\"x\":\"" + LARGE + "\",\"usage\":{\"prompt_tokens\":7}}\r\n\r\n";
        var stream = (usage + DONE).getBytes(UTF_8);

        for (int number = 0; number < 20; number++) {
            var relayed = Relayed.droppingUsage(
                    FakeReply.stream(stream, Proof.chance(number).cuts(number, stream.length)));

            assertThat(relayed.text().equals(usage + DONE)).isTrue();
        }
    }

    @Test
    void takeTheNextExtraUsageOut() {
        var large = "data: {\"choices\":[{}],\"x\":\"" + LARGE + "\"}\n\n";
        var usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7}}\n\n";

        var relayed = Relayed.droppingUsage(FakeReply.stream((large + usage + DONE).getBytes(UTF_8)));

        assertThat(relayed.text().equals(large + DONE)).isTrue();
    }

    @Test
    void areEndedBeforeOurErrorWhenTheyAreTorn() {
        var stream = ("data: {\"choices\":[],\"x\":\"" + LARGE).getBytes(UTF_8);

        var relayed = Relayed.droppingUsage(FakeReply.stream(stream));

        var events = Frames.of(relayed.out().body.toByteArray());
        assertThat(events).hasSize(2);
        assertThat(List.of(
                        events.getFirst().data().substring(0, 10),
                        events.getLast().data().substring(0, 10)))
                .containsExactly("{\"choices\"", "{\"error\":{");
    }
}
