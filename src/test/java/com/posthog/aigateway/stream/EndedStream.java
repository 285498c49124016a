package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A stream of ours, and how it has to end behind each of its events: a file of `## sent` and `## end`, in turn, the
/// end before the first event first.
record EndedStream(Shape shape, boolean usageWanted, int choices, List<Step> steps) {

    /// @param sent one event
    /// @param end what is to come when the stream is cut behind it
    record Step(String sent, String end) {}

    static EndedStream of(String file) {
        var sections = read(file).split("(?m)^## ", -1);
        var asked = sections[1].strip().split("[ =]", -1);
        var steps = new ArrayList<Step>();
        var sent = "";
        for (int at = 2; at < sections.length; at++) {
            int line = sections[at].indexOf('\n') + 1;
            var text = sections[at].substring(line);
            switch (sections[at].substring(0, line).strip()) {
                case "sent" -> sent = text;
                case "end" -> steps.add(new Step(sent, text));
                default ->
                    throw new IllegalArgumentException(file + " has a section that is not known: " + sections[at]);
            }
        }
        return new EndedStream(shape(file), asked[2].equals("true"), Integer.parseInt(asked[4]), steps);
    }

    private static Shape shape(String file) {
        return switch (file.substring(0, file.indexOf('-'))) {
            case "chat" -> Shape.OPENAI_CHAT;
            case "messages" -> Shape.ANTHROPIC_MESSAGES;
            case "responses" -> Shape.OPENAI_RESPONSES;
            default -> throw new IllegalArgumentException(file + " names no shape");
        };
    }

    private static String read(String file) {
        try (var in = EndedStream.class.getResourceAsStream("legal-end/" + file + ".txt")) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
