package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import java.util.ArrayList;
import java.util.List;

/// Answers in the shape of OpenAI's Responses API.
final class ResponsesAnswers {
    private final Serial serial;
    private final Stored stored;

    ResponsesAnswers(Serial serial, Stored stored) {
        this.serial = serial;
        this.stored = stored;
    }

    Answer answer(Asked asked, Content content, Extras extras) {
        var work = Work.of(asked, content, extras);
        var id = serial.next("resp_");
        var resource = ResponseResource.of(id, asked, work);
        return asked.stream() ? stream(id, content, work, resource) : whole(id, content, work, resource);
    }

    private Answer whole(String id, Content content, Work work, ResponseResource resource) {
        var item = switch (content) {
            case Content.Text text -> message(serial.next("msg_"), "completed", part(text.whole()));
            case Content.ToolCall call -> call(CallIds.of(call, serial), call, "completed", call.arguments());
        };
        var body = ended(id, content, work, resource, item);
        var told = work.asked().inBackground() ? resource.queued() : body;
        return Answer.json(200, Family.OPENAI, serial.next("req_"), told).taking(work);
    }

    /// Who asks for it again by its id gets this, also when it was streamed or left in the background.
    private String ended(String id, Content content, Work work, ResponseResource resource, String item) {
        var asked = work.asked();
        var body = resource.ended(cutShort(content), item, work.told() ? usage(work) : "null");
        if (asked.body().path("store").asBoolean(true)) {
            stored.keep(id, body, asked.body().path("input"), asked.bytes());
        }
        return body;
    }

    private Answer stream(String id, Content content, Work work, ResponseResource resource) {
        var events = new Numbered(work.asked().obfuscates());
        events.add("response.created", ",\"response\":" + resource.begun());
        events.add("response.in_progress", ",\"response\":" + resource.begun());
        var item = switch (content) {
            case Content.Text text -> say(text, events);
            case Content.ToolCall call -> use(call, events);
        };
        boolean cutShort = cutShort(content);
        events.add(
                cutShort ? "response.incomplete" : "response.completed",
                ",\"response\":" + ended(id, content, work, resource, item));
        int beforeWords = content instanceof Content.Text ? 4 : 3;
        return Answer.events(
                        Family.OPENAI,
                        serial.next("req_"),
                        events.list(),
                        (sent, status) -> fail(resource, sent, status))
                .taking(work.said(beforeWords, content.events()));
    }

    private static List<byte[]> fail(ResponseResource resource, int sent, int status) {
        return List.of(
                NativeErrors.endResponses(sent, status),
                Answer.event(
                        "response.failed",
                        "{\"type\":\"response.failed\",\"sequence_number\":" + (sent + 1) + ",\"response\":"
                                + resource.failed(Wording.of(Family.OPENAI, status)) + "}"));
    }

    private String say(Content.Text text, Numbered events) {
        var id = serial.next("msg_");
        var place = ",\"item_id\":\"" + id + "\",\"output_index\":0,\"content_index\":0";
        events.add("response.output_item.added", ",\"output_index\":0,\"item\":" + message(id, "in_progress", ""));
        events.add("response.content_part.added", place + ",\"part\":" + part(""));
        for (var word : text.words()) {
            events.delta("response.output_text.delta", place + ",\"delta\":" + Json.quote(word) + ",\"logprobs\":[]");
        }
        var whole = text.whole();
        events.add("response.output_text.done", place + ",\"text\":" + Json.quote(whole) + ",\"logprobs\":[]");
        events.add("response.content_part.done", place + ",\"part\":" + part(whole));
        var item = message(id, text.cutShort() ? "incomplete" : "completed", part(whole));
        events.add("response.output_item.done", ",\"output_index\":0,\"item\":" + item);
        return item;
    }

    private String use(Content.ToolCall tool, Numbered events) {
        var ids = CallIds.of(tool, serial);
        var place = ",\"item_id\":\"" + ids.item() + "\",\"output_index\":0";
        var event = tool.free() ? "response.custom_tool_call_input" : "response.function_call_arguments";
        events.add("response.output_item.added", ",\"output_index\":0,\"item\":" + call(ids, tool, "in_progress", ""));
        for (var fragment : tool.fragments()) {
            events.delta(event + ".delta", place + ",\"delta\":" + Json.quote(fragment));
        }
        var arguments = Json.quote(tool.arguments());
        events.add(
                event + ".done",
                tool.free()
                        ? place + ",\"input\":" + arguments
                        : place + ",\"name\":" + Json.quote(tool.name()) + ",\"arguments\":" + arguments);
        var item = call(ids, tool, "completed", tool.arguments());
        events.add("response.output_item.done", ",\"output_index\":0,\"item\":" + item);
        return item;
    }

    private static String message(String id, String status, String content) {
        return "{\"id\":\"" + id + "\",\"type\":\"message\",\"status\":\"" + status + "\",\"content\":[" + content
                + "],\"role\":\"assistant\"}";
    }

    private static String part(String text) {
        return "{\"type\":\"output_text\",\"annotations\":[],\"logprobs\":[],\"text\":" + Json.quote(text) + "}";
    }

    private static String call(CallIds ids, Content.ToolCall tool, String status, String arguments) {
        return "{\"id\":\"" + ids.item() + "\",\"type\":\"" + (tool.free() ? "custom_tool_call" : "function_call")
                + "\",\"status\":\"" + status + "\",\"" + (tool.free() ? "input" : "arguments") + "\":"
                + Json.quote(arguments) + ",\"call_id\":\"" + ids.call() + "\",\"name\":" + Json.quote(tool.name())
                + "}";
    }

    private static boolean cutShort(Content content) {
        return content instanceof Content.Text text && text.cutShort();
    }

    static String usage(Work work) {
        int input = work.read();
        int output = work.written();
        return "{\"input_tokens\":" + input
                + ",\"input_tokens_details\":{\"cache_write_tokens\":0,\"cached_tokens\":0},\"output_tokens\":" + output
                + ",\"output_tokens_details\":{\"reasoning_tokens\":" + work.hidden() + "},\"total_tokens\":"
                + (input + output) + "}";
    }

    /// The two names of one tool call.
    private record CallIds(String item, String call) {
        static CallIds of(Content.ToolCall tool, Serial serial) {
            return new CallIds(serial.next(tool.free() ? "ctc_" : "fc_"), serial.next("call_"));
        }
    }

    /// Events of one stream, counted as they are added.
    private static final class Numbered {
        private final List<byte[]> events = new ArrayList<>();
        private final String obfuscation;

        Numbered(boolean obfuscates) {
            obfuscation = obfuscates ? ",\"obfuscation\":\"mock\"" : "";
        }

        void add(String type, String members) {
            events.add(Answer.event(
                    type, "{\"type\":\"" + type + "\"" + members + ",\"sequence_number\":" + events.size() + "}"));
        }

        void delta(String type, String members) {
            add(type, members + obfuscation);
        }

        List<byte[]> list() {
            return events;
        }
    }
}
