package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Family;

/// Answers about what was stored, by its id.
final class StoredAnswers {
    private final Serial serial;
    private final NativeErrors errors;
    private final Stored stored;

    StoredAnswers(Serial serial, NativeErrors errors, Stored stored) {
        this.serial = serial;
        this.errors = errors;
        this.stored = stored;
    }

    Answer chat(Asked asked) {
        var item = stored.find(asked.id()).filter(_ -> asked.id().startsWith("chatcmpl-"));
        return item.isEmpty() ? errors.unknownChat(asked.id()) : chat(asked, item.get());
    }

    private Answer chat(Asked asked, Stored.Item item) {
        return switch (asked.shape()) {
            case CHANGED_CHAT -> {
                var changed = object(item);
                changed.set("metadata", asked.body().path("metadata"));
                yield keep(asked, item, changed);
            }
            case DELETED_CHAT -> delete(asked, "chat.completion.deleted");
            case CHAT_MESSAGES -> json(list(items(asked.id(), item.input(), false)));
            default -> json(item.body());
        };
    }

    Answer response(Asked asked) {
        var item = stored.find(asked.id()).filter(_ -> asked.id().startsWith("resp_"));
        return item.isEmpty() ? errors.unknownResponse(asked.id()) : response(asked, item.get());
    }

    private Answer response(Asked asked, Stored.Item item) {
        return switch (asked.shape()) {
            case CANCELLED_RESPONSE -> {
                var changed = object(item);
                yield changed.path("background").asBoolean()
                        ? keep(asked, item, changed.put("status", "cancelled"))
                        : errors.badRequest(Family.OPENAI, "Cannot cancel a synchronous response.");
            }
            case DELETED_RESPONSE -> delete(asked, "response");
            case INPUT_ITEMS -> json(list(items(asked.id(), item.input(), true)));
            default -> json(item.body());
        };
    }

    /// What a conversation is after it was made shorter: what the user said, and what nobody else can read.
    Answer compact(Asked asked) {
        var id = serial.next("resp_");
        var work = Work.of(asked, 1);
        var answer =
                Json.object().put("id", id).put("object", "response.compaction").put("created_at", ChatAnswers.CREATED);
        var output = answer.putArray("output");
        for (var item : items(id, asked.body().path("input"), true)) {
            if (item.path("role").asText().equals("user")) {
                output.add(item);
            }
        }
        output.addObject()
                .put("id", serial.next("cmp_"))
                .put("type", "compaction")
                .put("encrypted_content", "bW9jaw==");
        answer.set("usage", Json.object(ResponsesAnswers.usage(work)));
        return json(answer).taking(work);
    }

    Answer countInput(Asked asked) {
        return json("{\"object\":\"response.input_tokens\",\"input_tokens\":" + asked.inputTokens() + "}");
    }

    private Answer keep(Asked asked, Stored.Item item, ObjectNode changed) {
        stored.keep(asked.id(), text(changed), item.input(), 0);
        return json(changed);
    }

    private Answer delete(Asked asked, String object) {
        stored.remove(asked.id());
        return json("{\"id\":" + Json.quote(asked.id()) + ",\"object\":\"" + object + "\",\"deleted\":true}");
    }

    /// The turns that were answered, each with an id that is always the same.
    private static ArrayNode items(String id, JsonNode input, boolean typed) {
        var items = Json.array();
        if (input.isTextual()) {
            items.addObject()
                    .put("role", "user")
                    .putArray("content")
                    .addObject()
                    .put("type", "input_text")
                    .put("text", input.asText());
        } else {
            input.forEach(turn -> items.add(turn.deepCopy()));
        }
        for (int place = 0; place < items.size(); place++) {
            if (items.get(place) instanceof ObjectNode turn && !turn.has("id")) {
                turn.put("id", "msg_" + id.substring(id.indexOf("mock")) + "_" + place);
                if (typed && !turn.has("type")) {
                    turn.put("type", "message");
                }
            }
        }
        return items;
    }

    private static ObjectNode list(ArrayNode data) {
        var list = Json.object().put("object", "list");
        list.set("data", data);
        return list.put("first_id", data.path(0).path("id").asText())
                .put("last_id", data.path(data.size() - 1).path("id").asText())
                .put("has_more", false);
    }

    private static ObjectNode object(Stored.Item item) {
        return Json.object(item.body());
    }

    private static String text(JsonNode node) {
        return new String(Json.bytes(node), UTF_8);
    }

    private Answer json(JsonNode body) {
        return json(text(body));
    }

    private Answer json(String body) {
        return Answer.json(200, Family.OPENAI, serial.next("req_"), body);
    }
}
