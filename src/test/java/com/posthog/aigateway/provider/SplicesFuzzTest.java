package com.posthog.aigateway.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.JsonMaker;
import com.posthog.aigateway.testing.Proof;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Any body that asks for a chat or a message: after the splices its tree is the caller's tree with the same edits, and
/// bytes outside the edited members are the caller's.
class SplicesFuzzTest {

    private static final int CASES = Proof.cases(6_000, 200_000);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void editsWhatATreeEditWouldEdit() throws IOException {
        int edited = 0;
        for (int number = 0; number < CASES; number++) {
            var chance = Proof.chance(number);
            var endpoint = chance.of(Endpoint.CHAT_COMPLETIONS, Endpoint.CHAT_COMPLETIONS, Endpoint.MESSAGES);
            var model = chance.onceIn(4) ? null : chance.of("M", "a\"b\\c", "ü😀");
            var body = body(chance);

            var spliced = spliced(endpoint, body, model);

            var expected = (ObjectNode) JSON.readTree(body);
            if (model != null && expected.has("model")) {
                expected.put("model", model);
            }
            if (endpoint == Endpoint.CHAT_COMPLETIONS && expected.path("stream").equals(JSON.readTree("true"))) {
                ask(expected);
            }
            assertThat(JSON.readTree(spliced)).as("input %d: %s", number, body).isEqualTo(expected);
            assertThat(outside(spliced)).as("input %d", number).isEqualTo(outside(body));
            edited += spliced.equals(body) ? 0 : 1;
        }
        assertThat(edited).isGreaterThan(CASES / 3);
        Proof.tell("splices: " + CASES + " inputs, " + edited + " edited");
    }

    /// Members that are edited stand in the front part; behind them stand others, after a mark.
    private static String body(Chance chance) {
        var json = new JsonMaker(chance);
        var front = new ArrayList<String>();
        if (!chance.onceIn(10)) {
            front.add(json.member(json.name("model"), chance.onceIn(8) ? json.value(1) : json.string()));
        }
        if (!chance.onceIn(5)) {
            front.add(json.member(json.name("stream"), chance.of("true", "true", "true", "false", "null", "1")));
        }
        if (!chance.onceIn(3)) {
            front.add(json.member(json.name("stream_options"), options(chance, json)));
        }
        chance.shuffle(front);
        front.add("\"mark\":" + json.object(3));
        for (int i = chance.below(3); i > 0; i--) {
            front.add(json.member("\"x" + i + "\"", json.value(3)));
        }
        return json.blanks() + json.object(front) + json.blanks();
    }

    private static String options(Chance chance, JsonMaker json) {
        if (chance.onceIn(4)) {
            return chance.of("null", "false", "[]", "\"x\"", "7");
        }
        var members = new ArrayList<String>();
        if (chance.onceIn(2)) {
            var value = chance.onceIn(5) ? json.value(2) : chance.of("true", "false", "null");
            members.add(json.member(json.name("include_usage"), value));
        }
        for (int i = chance.below(3); i > 0; i--) {
            members.add(json.member("\"y" + i + "\"", json.value(2)));
        }
        chance.shuffle(members);
        return json.object(members);
    }

    private static String outside(String body) {
        return body.substring(body.indexOf("\"mark\":"));
    }

    private static void ask(ObjectNode request) {
        var options = request.path("stream_options");
        if (options.isMissingNode() || options.isNull()) {
            request.putObject("stream_options").put("include_usage", true);
        } else if (options instanceof ObjectNode object && isUnasked(object.path("include_usage"))) {
            object.put("include_usage", true);
        }
    }

    private static boolean isUnasked(JsonNode wish) {
        return wish.isMissingNode() || wish.isNull() || (wish.isBoolean() && !wish.booleanValue());
    }

    private static String spliced(Endpoint endpoint, String body, @Nullable String model) {
        var out = new ByteArrayOutputStream();
        for (var slice : Splices.of(Asked.at(endpoint, "", Headers.NONE, body), model)) {
            out.write(slice.bytes(), slice.start(), slice.length());
        }
        return out.toString(UTF_8);
    }
}
