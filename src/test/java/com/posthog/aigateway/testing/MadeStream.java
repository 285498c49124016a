package com.posthog.aigateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Shape;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stream that no provider has sent yet, and what must become of it.
///
/// @param bytes as they come
/// @param withoutExtra the same without the chunk that carries nothing but usage
/// @param output tokens that the last report tells; null: none that can be final
/// @param complete true when the shape's own last word is in it
/// @param torn true when it stops inside its last event
public record MadeStream(
        Shape shape,
        byte[] bytes,
        byte[] withoutExtra,
        @Nullable Long output,
        boolean complete,
        boolean torn,
        List<Integer> ends) {

    /// One event: its name, its data, and whether it is the extra chunk of usage.
    private record Event(@Nullable String name, String data, boolean extra) {}

    private static final int LARGE = 1 << 20;

    public static MadeStream of(Chance chance) {
        return of(
                chance,
                chance.of(Shape.OPENAI_CHAT, Shape.OPENAI_CHAT, Shape.OPENAI_RESPONSES, Shape.ANTHROPIC_MESSAGES));
    }

    public static MadeStream of(Chance chance, Shape shape) {
        return switch (shape) {
            case OPENAI_RESPONSES -> new Maker(chance, shape).responses();
            case ANTHROPIC_MESSAGES -> new Maker(chance, shape).messages();
            case OPENAI_CHAT, OPENAI_EMBEDDINGS -> new Maker(chance, shape).chat();
        };
    }

    private static final class Maker {

        private final Chance chance;
        private final Shape shape;
        private final JsonMaker json;
        private final List<Event> events = new ArrayList<>();
        private @Nullable Long output;
        private boolean complete;

        Maker(Chance chance, Shape shape) {
            this.chance = chance;
            this.shape = shape;
            this.json = new JsonMaker(chance);
        }

        private String text() {
            if (chance.onceIn(400)) {
                return "\"" + "x€".repeat(LARGE / 4 + chance.below(LARGE / 4)) + "\"";
            }
            return json.string();
        }

        private long count() {
            return chance.below(5_000);
        }

        MadeStream chat() {
            add(null, "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}");
            for (int i = chance.below(6); i > 0; i--) {
                var extras = chance.onceIn(2) ? ",\"usage\":null" : "";
                add(null, "{\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":" + text() + "}}]" + extras + "}");
            }
            add(null, "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}");
            for (int i = chance.below(3); i > 0; i--) {
                usageOfChat();
            }
            if (chance.onceIn(4)) {
                add(null, "{\"choices\":[],\"moderation\":" + json.value(2) + ",\"usage\":null}");
            }
            if (chance.onceIn(8)) {
                add(null, "{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":null}}");
                complete = true;
            } else if (!chance.onceIn(6)) {
                add(null, "[DONE]");
                complete = true;
            }
            return made();
        }

        private void usageOfChat() {
            long out = count();
            var usage = "{\"prompt_tokens\":" + count() + ",\"completion_tokens\":" + out + "}";
            boolean alone = !chance.onceIn(3);
            var choices = alone ? "[]" : "[{\"delta\":{\"content\":\"\"}}]";
            events.add(new Event(
                    null,
                    json.object(List.of(
                            json.member("\"choices\"", choices),
                            json.member("\"usage\"", usage),
                            json.member("\"id\"", "\"c1\""))),
                    alone));
            output = out;
        }

        MadeStream responses() {
            add("response.created", "{\"response\":{\"id\":\"r1\",\"model\":\"m\",\"usage\":null}}");
            add("response.in_progress", "{\"response\":{\"id\":\"r1\"}}");
            for (int i = chance.below(6); i > 0; i--) {
                add("response.output_text.delta", "{\"delta\":" + text() + ",\"logprobs\":" + json.value(2) + "}");
            }
            if (chance.onceIn(8)) {
                add("error", "{\"code\":\"server_error\",\"message\":\"m\"}");
                complete = true;
            } else if (!chance.onceIn(6)) {
                long out = count();
                var status = chance.of("completed", "incomplete");
                add(
                        "response." + status,
                        "{\"response\":"
                                + json.object(List.of(
                                        json.member("\"output\"", "[{\"text\":" + text() + "}]"),
                                        json.member("\"status\"", "\"" + status + "\""),
                                        json.member(
                                                "\"usage\"",
                                                "{\"input_tokens\":" + count() + ",\"output_tokens\":" + out + "}")))
                                + "}");
                output = out;
                complete = true;
            }
            return made();
        }

        MadeStream messages() {
            add(
                    "message_start",
                    "{\"message\":{\"id\":\"m1\",\"model\":\"m\",\"usage\":{\"input_tokens\":" + count()
                            + ",\"output_tokens\":1}}}");
            for (int i = chance.below(6); i > 0; i--) {
                add("content_block_delta", "{\"delta\":{\"type\":\"text_delta\",\"text\":" + text() + "}  }");
                if (chance.onceIn(4)) {
                    add("ping", "{\"type\":\"ping\"}");
                }
            }
            if (chance.onceIn(8)) {
                add("error", "{\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}");
                complete = true;
                return made();
            }
            for (int i = chance.below(3); i > 0; i--) {
                long out = count();
                add(
                        "message_delta",
                        "{\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":" + out
                                + ",\"cache_read_input_tokens\":" + count() + "}}");
                output = out;
            }
            if (!chance.onceIn(6)) {
                add("message_stop", "{}");
                complete = true;
            }
            return made();
        }

        private void add(@Nullable String name, String data) {
            events.add(new Event(name, data, false));
        }

        private MadeStream made() {
            var all = new ByteArrayOutputStream();
            var kept = new ByteArrayOutputStream();
            var writer = new SseWriter(chance);
            var ends = new ArrayList<Integer>();
            boolean torn = !complete && chance.onceIn(3);
            if (chance.onceIn(5)) {
                all.writeBytes("\uFEFF".getBytes(UTF_8));
                kept.writeBytes("\uFEFF".getBytes(UTF_8));
            }
            for (var event : events) {
                var aside = writer.aside().getBytes(UTF_8);
                all.writeBytes(aside);
                kept.writeBytes(aside);
                var bytes = writer.write(event.name(), typed(event)).getBytes(UTF_8);
                all.writeBytes(bytes);
                if (!event.extra()) {
                    kept.writeBytes(bytes);
                }
                ends.add(all.size());
            }
            if (torn) {
                all.writeBytes("data: {\"choices\":[{\"delta\":{\"content\":\"ä".getBytes(UTF_8));
            }
            return new MadeStream(shape, all.toByteArray(), kept.toByteArray(), output, complete, torn, ends);
        }

        /// Named events say their type in their data too; a client may get them without a name.
        private static String typed(Event event) {
            return event.name() == null || event.data().contains("\"type\":\"ping\"")
                    ? event.data()
                    : "{\"type\":\"" + event.name() + "\"" + (event.data().equals("{}") ? "" : ",")
                            + event.data().substring(1);
        }
    }
}
