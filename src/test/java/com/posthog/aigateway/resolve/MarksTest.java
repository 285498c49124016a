package com.posthog.aigateway.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MarksTest {

    private static final String MARK = "EqQBCgIYAhIMx0a1b2c3";

    record Case(String text, List<String> marks) {}

    static List<Case> cases() {
        var member = "\"signature\":\"" + MARK + "\"";
        return List.of(
                new Case("{\"type\":\"thinking\",\"thinking\":\"a\"," + member + "}", List.of(MARK)),
                new Case("event: content_block_delta\ndata: {\"delta\":{" + member + "}}\n\n", List.of(MARK)),
                new Case("{\"signature\" : \n \"" + MARK + "\"}", List.of(MARK)),
                new Case("{\"encrypted_content\":\"" + MARK + "\",\"data\":\"" + MARK + "\"}", List.of(MARK, MARK)),
                new Case("{\"signature\":\"" + MARK.replace("x", "\\/") + "\"}", List.of(MARK.replace("x", "/"))),
                new Case(
                        "{\"signature\":\"" + MARK.repeat(9) + "\"}",
                        List.of(MARK.repeat(9).substring(0, 64))),
                // What only looks like one.
                new Case("{\"signature\":\"\",\"data\":\"short\"}", List.of()),
                new Case("{\"signature\":{\"a\":\"" + MARK + "\"}}", List.of()),
                new Case("{\"data\":[\"" + MARK + "\"],\"x\":\"signature\",\"y\":\"" + MARK + "\"}", List.of()),
                new Case("{\"text\":\"" + member.replace("\"", "\\\"") + "\"}", List.of()),
                new Case("{\"text\":\"\\\\\"," + member + "}", List.of(MARK)),
                new Case("{\"signature_of_a_very_long_name\":\"" + MARK + "\"}", List.of()));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsThemHoweverTheBytesArrive(Case told) {
        var bytes = told.text().getBytes(UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var found = new ArrayList<String>();
            var marks = new Marks(found::add);

            marks.read(bytes, 0, cut);
            marks.read(bytes, cut, bytes.length);

            assertThat(found).isEqualTo(told.marks());
        }
    }
}
