package com.posthog.aigateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the upstream answers: JSON of 2 KB and a stream of 50 events for each shape, with usage.
final class Answers {

    private static final int DELTAS = 45;
    private static final String TEXT =
            "It is a long way, and we walk it. ".repeat(48).substring(0, 1600);
    private static final String CHAT_USAGE = """
            {"prompt_tokens":250,"completion_tokens":48,"total_tokens":298,\
            "prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}""";
    private static final String RESPONSES_USAGE = """
            {"input_tokens":250,"input_tokens_details":{"cached_tokens":0},"output_tokens":48,\
            "output_tokens_details":{"reasoning_tokens":0},"total_tokens":298}""";
    private static final String RESPONSE = """
            {"id":"resp_bench","object":"response","created_at":1780000000,"model":"gpt-5.4-mini","store":false,""";

    /// The last three events of a chat: the stop, the usage, the end.
    static final String CHAT_END = chunk("""
                    [{"index":0,"delta":{},"finish_reason":"stop"}]""", "null", "") + chunk("[]", CHAT_USAGE, "") + "data: [DONE]\n\n";

    private Answers() {}

    static void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("chat.json"), chatJson());
        Files.writeString(folder.resolve("chat.sse"), chatStream());
        Files.writeString(folder.resolve("responses.json"), responsesJson());
        Files.writeString(folder.resolve("responses.sse"), responsesStream());
        Files.writeString(folder.resolve("messages.json"), messagesJson());
        Files.writeString(folder.resolve("messages.sse"), messagesStream());
    }

    static String chatJson() {
        return """
                {"id":"chatcmpl-bench","object":"chat.completion","created":1780000000,"model":"gpt-5.4-mini",\
                "choices":[{"index":0,"message":{"role":"assistant","content":"%s","refusal":null},\
                "finish_reason":"stop"}],"usage":%s,"service_tier":"default"}""".formatted(TEXT, CHAT_USAGE);
    }

    /// One event of a chat.
    ///
    /// @param sentNanos when it is sent
    static String chatEvent(String text, long sentNanos) {
        return chunk(delta(text), "null", ",\"sent_nanos\":" + sentNanos);
    }

    private static String delta(String text) {
        return "[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]";
    }

    private static String chunk(String choices, String usage, String more) {
        return """
                data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1780000000,\
                "model":"gpt-5.4-mini","choices":%s,"usage":%s%s}

                """.formatted(choices, usage, more);
    }

    private static String chatStream() {
        return IntStream.range(0, 47)
                        .mapToObj(i -> chunk(delta("word " + i + " "), "null", ""))
                        .collect(Collectors.joining())
                + CHAT_END;
    }

    private static String responsesJson() {
        return RESPONSE + """
                "status":"completed","output":[{"id":"msg_bench","type":"message","status":"completed",\
                "role":"assistant","content":[{"type":"output_text","annotations":[],"text":"%s"}]}],\
                "usage":%s}""".formatted(TEXT, RESPONSES_USAGE);
    }

    private static String responsesStream() {
        var begin = event(
                        "response.created",
                        "\"response\":" + RESPONSE + "\"status\":\"in_progress\",\"output\":[],\"usage\":null}")
                + event(
                        "response.in_progress",
                        "\"response\":" + RESPONSE + "\"status\":\"in_progress\",\"output\":[],\"usage\":null}");
        var deltas = IntStream.range(0, DELTAS + 2)
                .mapToObj(i -> event(
                        "response.output_text.delta",
                        "\"item_id\":\"msg_bench\",\"output_index\":0,\"content_index\":0,\"delta\":\"word " + i
                                + " \""))
                .collect(Collectors.joining());
        return begin
                + deltas
                + event(
                        "response.completed",
                        "\"response\":" + RESPONSE + "\"status\":\"completed\",\"output\":[],\"usage\":"
                                + RESPONSES_USAGE + "}");
    }

    private static String messagesJson() {
        return """
                {"id":"msg_bench","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001",\
                "content":[{"type":"text","text":"%s"}],"stop_reason":"end_turn","stop_sequence":null,\
                "usage":{"input_tokens":250,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                "output_tokens":48,"service_tier":"standard"}}""".formatted(TEXT);
    }

    private static String messagesStream() {
        var begin = event("message_start", """
                        "message":{"id":"msg_bench","type":"message","role":"assistant",\
                        "model":"claude-haiku-4-5-20251001","content":[],"stop_reason":null,"stop_sequence":null,\
                        "usage":{"input_tokens":250,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,\
                        "output_tokens":1,"service_tier":"standard"}}""")
                + event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
        var deltas = IntStream.range(0, DELTAS)
                .mapToObj(i -> event(
                        "content_block_delta",
                        "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"word " + i + " \"}"))
                .collect(Collectors.joining());
        return begin
                + deltas
                + event("content_block_stop", "\"index\":0")
                + event("message_delta", """
                        "delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":48}""")
                + event("message_stop", "\"done\":true");
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}\n\n";
    }
}
