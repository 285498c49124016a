package com.posthog.aigateway.mock;

import com.fasterxml.jackson.databind.JsonNode;

/// The resource that the Responses API repeats at the begin and at the end of a stream, in its states.
record ResponseResource(String head, String middle, String tail) {

    static ResponseResource of(String id, Asked asked, Work work) {
        var body = asked.body();
        var model = asked.model().isEmpty() ? "gpt-mock" : asked.model();
        return new ResponseResource(
                "{\"id\":\"" + id + "\",\"object\":\"response\",\"created_at\":" + ChatAnswers.CREATED
                        + ",\"status\":\"",
                ",\"background\":" + asked.inBackground()
                        + ",\"instructions\":null,\"frequency_penalty\":0.0,\"max_output_tokens\":"
                        + (asked.outputLimit().isPresent() ? asked.outputLimit().getAsInt() : "null")
                        + ",\"max_tool_calls\":null,\"model\":" + Json.quote(model)
                        + ",\"parallel_tool_calls\":true,\"presence_penalty\":0.0,\"previous_response_id\":"
                        + text(body.path("previous_response_id"))
                        + ",\"prompt_cache_key\":null,\"prompt_cache_retention\":null,"
                        + "\"reasoning\":{\"effort\":null,\"summary\":null},\"safety_identifier\":null,"
                        + "\"service_tier\":" + Json.quote(work.tierOr("default")) + ",\"store\":"
                        + body.path("store").asBoolean(true)
                        + ",\"temperature\":1.0,\"text\":{\"format\":{\"type\":\"text\"},\"verbosity\":\"medium\"},"
                        + "\"tool_choice\":\"auto\",\"tools\":[],\"top_logprobs\":0,\"top_p\":1.0,"
                        + "\"truncation\":\"disabled\"",
                ",\"user\":null,\"metadata\":{}}");
    }

    String queued() {
        return resource("queued", "null", "null", "null", "", "null");
    }

    String begun() {
        return resource("in_progress", "null", "null", "null", "", "null");
    }

    String ended(boolean cutShort, String item, String usage) {
        return cutShort
                ? resource("incomplete", "null", "null", "{\"reason\":\"max_output_tokens\"}", item, usage)
                : resource("completed", String.valueOf(ChatAnswers.CREATED + 1), "null", "null", item, usage);
    }

    String failed(Wording wording) {
        var code = wording.code() == null ? wording.type() : wording.code();
        var error = "{\"code\":" + Json.quote(code) + ",\"message\":" + Json.quote(wording.message()) + "}";
        return resource("failed", "null", error, "null", "", "null");
    }

    private String resource(
            String status, String completedAt, String error, String incomplete, String item, String usage) {
        return head + status + "\",\"completed_at\":" + completedAt + ",\"error\":" + error + ",\"incomplete_details\":"
                + incomplete + middle + ",\"output\":[" + item + "],\"usage\":" + usage + tail;
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? Json.quote(node.asText()) : "null";
    }
}
