package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;

/// Directives in what the user says, on a line that begins with `x-mock:`; for tools whose headers and models nobody
/// wants to touch. The newest line wins.
final class Prompt {
    private static final String SIGN = "x-mock:";

    private Prompt() {}

    static String directives(JsonNode turns) {
        if (turns.isTextual()) {
            return in(turns.asText());
        }
        for (int place = turns.size() - 1; place >= 0; place--) {
            var turn = turns.path(place);
            var found = turn.path("role").asText().equals("user") ? inContent(turn.path("content")) : "";
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    private static String inContent(JsonNode content) {
        var found = in(content.asText());
        for (var part : content) {
            var inPart = in(part.path("text").asText());
            found = inPart.isEmpty() ? found : inPart;
        }
        return found;
    }

    private static String in(String text) {
        int sign = text.startsWith(SIGN) ? 0 : text.lastIndexOf("\n" + SIGN) + 1;
        if (!text.startsWith(SIGN, sign)) {
            return "";
        }
        int end = text.indexOf('\n', sign);
        return text.substring(sign + SIGN.length(), end < 0 ? text.length() : end)
                .strip();
    }
}
