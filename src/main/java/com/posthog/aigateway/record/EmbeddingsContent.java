package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.stream.Stream;

/// What was embedded, as it was asked; vectors are not told.
record EmbeddingsContent() implements Spoken {

    @Override
    public JsonNode input(JsonNode request) {
        return request.path("input");
    }

    @Override
    public ArrayNode output(JsonNode answer) {
        return Json.array();
    }

    @Override
    public JsonNode join(Stream<JsonNode> events) {
        return MissingNode.getInstance();
    }
}
