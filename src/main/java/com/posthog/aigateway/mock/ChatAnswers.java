package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import java.util.ArrayList;

/// Answers in the shape of OpenAI's chat completions.
final class ChatAnswers {
    static final long CREATED = 1_790_000_000L;

    private static final byte[] DONE = Answer.event("[DONE]");

    private final Serial serial;
    private final Stored stored;

    ChatAnswers(Serial serial, Stored stored) {
        this.serial = serial;
        this.stored = stored;
    }

    Answer answer(Asked asked, Content content, Extras extras) {
        var work = Work.of(asked, content, extras);
        var id = serial.next("chatcmpl-");
        boolean store = asked.body().path("store").asBoolean(false);
        if (asked.stream() && !store) {
            return stream(id, asked, content, work);
        }
        var whole = whole(id, asked, content, work);
        if (store) {
            stored.keep(id, whole, asked.body().path("messages"), asked.bytes());
        }
        return asked.stream()
                ? stream(id, asked, content, work)
                : Answer.json(200, Family.OPENAI, serial.next("req_"), whole).taking(work);
    }

    private String whole(String id, Asked asked, Content content, Work work) {
        var said = switch (content) {
            case Content.Text text -> "\"content\":" + Json.quote(text.whole());
            case Content.ToolCall call ->
                "\"content\":null,\"tool_calls\":[{\"id\":\"" + serial.next("call_")
                        + "\",\"type\":\"function\",\"function\":{\"name\":" + Json.quote(call.name())
                        + ",\"arguments\":" + Json.quote(call.arguments()) + "}}]";
        };
        return head(id, asked, "chat.completion")
                + ",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\"," + said
                + ",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"" + finish(content)
                + "\"}]" + (work.told() ? ",\"usage\":" + usage(work) : "")
                + tail(work) + "}";
    }

    private Answer stream(String id, Asked asked, Content content, Work work) {
        boolean told = asked.includesUsage() && work.told();
        var chunks = new Chunks(
                head(id, asked, "chat.completion.chunk") + tail(work) + ",\"choices\":[",
                asked.obfuscates() ? ",\"obfuscation\":\"mock\"}" : "}",
                told);
        var events = new ArrayList<byte[]>();
        switch (content) {
            case Content.Text text -> {
                events.add(chunks.delta("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", null));
                text.words().forEach(word -> events.add(chunks.delta("{\"content\":" + Json.quote(word) + "}", null)));
            }
            case Content.ToolCall call -> {
                events.add(chunks.delta(
                        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\""
                                + serial.next("call_") + "\",\"type\":\"function\",\"function\":{\"name\":"
                                + Json.quote(call.name()) + ",\"arguments\":\"\"}}],\"refusal\":null}",
                        null));
                call.fragments()
                        .forEach(fragment -> events.add(chunks.delta(
                                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":" + Json.quote(fragment)
                                        + "}}]}",
                                null)));
            }
        }
        events.add(chunks.delta("{}", finish(content)));
        if (told) {
            events.add(chunks.usage(usage(work)));
        }
        events.add(DONE);
        return Answer.events(Family.OPENAI, serial.next("req_"), events, (_, status) -> NativeErrors.endChat(status))
                .taking(work.said(1, content.events()));
    }

    private static String head(String id, Asked asked, String object) {
        return "{\"id\":\"" + id + "\",\"object\":\"" + object + "\",\"created\":" + CREATED + ",\"model\":"
                + Json.quote(asked.model());
    }

    private static String tail(Work work) {
        return ",\"service_tier\":" + Json.quote(work.tierOr("default")) + ",\"system_fingerprint\":\"fp_mock\"";
    }

    private static String finish(Content content) {
        return switch (content) {
            case Content.Text text -> text.cutShort() ? "length" : "stop";
            case Content.ToolCall _ -> "tool_calls";
        };
    }

    private static String usage(Work work) {
        int input = work.read();
        int output = work.written();
        return "{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + ",\"total_tokens\":"
                + (input + output)
                + ",\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":"
                + "{\"reasoning_tokens\":" + work.hidden() + ",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
                + "\"rejected_prediction_tokens\":0}}";
    }
}
