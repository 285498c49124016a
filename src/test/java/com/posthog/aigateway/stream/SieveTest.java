package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SieveTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(7);

    private JsonNode sifted(byte[] json) throws IOException {
        var sieve = new Sieve();
        int at = 0;
        while (at < json.length) {
            int next = Math.min(json.length, at + 1 + random.nextInt(1 + json.length / 3));
            sieve.feed(json, at, next);
            at = next;
        }
        return JSON.readTree(sieve.json());
    }

    @Test
    void keepsEverySmallMember() throws IOException {
        for (int run = 0; run < 500; run++) {
            var object = object(3);
            var writer = run % 2 == 0 ? JSON.writer() : JSON.writerWithDefaultPrettyPrinter();
            var json = ("\n " + writer.writeValueAsString(object) + "\n").getBytes(UTF_8);

            assertThat(sifted(json)).isEqualTo(object);
        }
    }

    private ObjectNode object(int depth) {
        var object = JSON.createObjectNode();
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            var name = word() + i;
            switch (random.nextInt(depth == 0 ? 4 : 6)) {
                case 0 -> object.put(name, random.nextInt());
                case 1 -> object.putNull(name);
                case 2, 3 -> object.put(name, word());
                case 4 -> object.set(name, object(depth - 1));
                default -> object.putArray(name).add(word()).add(object(depth - 1));
            }
        }
        return object;
    }

    private String word() {
        var letters = "a\"\\{}[],: \nä😀";
        var word = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            word.appendCodePoint(letters.codePointAt(letters.offsetByCodePoints(0, random.nextInt(13))));
        }
        return word.toString();
    }

    @Test
    void leavesOutALargeMemberOnly() throws IOException {
        var object = JSON.createObjectNode().put("id", "c").put("large", "x".repeat(70_000));
        object.putObject("usage").put("prompt_tokens", 1);

        var sifted = sifted(JSON.writeValueAsBytes(object));

        object.remove("large");
        assertThat(sifted).isEqualTo(object);
    }

    @Test
    void staysJsonWhenThereIsTooMuchOfIt() throws IOException {
        var object = JSON.createObjectNode();
        for (int i = 0; i < 40; i++) {
            object.put("m" + i, "x".repeat(60_000));
        }
        object.put("id", "last");

        var sifted = sifted(JSON.writeValueAsBytes(object));

        assertThat(sifted.path("m0").asText()).hasSize(60_000);
        assertThat(sifted.path("id").asText()).isEqualTo("last");
    }
}
