package com.posthog.aigateway.resolve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.posthog.aigateway.catalogue.Model;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.List;

/// Models as OpenAI's API tells of them, and beside them as Codex reads them: it looks for `models`, where every entry
/// must have all members that its own list has.
final class OpenAiModels {

    private static final int TRUNCATED_AT = 10_000;

    private OpenAiModels() {}

    static void write(JsonGenerator json, List<Model> models) throws IOException {
        json.writeStringField("object", "list");
        ModelList.array(json, "data", models, (one, model) -> members(one, model.id(), model));
        ModelList.array(json, "models", models, OpenAiModels::forCodex);
    }

    /// @param name as it was asked for
    static void members(JsonGenerator json, String name, Model model) throws IOException {
        json.writeStringField("id", name);
        json.writeStringField("object", "model");
        json.writeNumberField("created", created(model));
        json.writeStringField("owned_by", "openai");
    }

    private static long created(Model model) {
        return model.since().atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }

    private static void forCodex(JsonGenerator json, Model model) throws IOException {
        members(json, model.id(), model);
        json.writeStringField("slug", model.id());
        json.writeStringField("display_name", model.id());
        json.writeNumberField("context_window", model.limits().context());
        json.writeBooleanField("supports_streaming", true);
        json.writeBooleanField("supports_vision", true);
        json.writeArrayFieldStart("supported_reasoning_levels");
        json.writeEndArray();
        json.writeStringField("shell_type", "default");
        json.writeStringField("visibility", "list");
        json.writeBooleanField("supported_in_api", true);
        json.writeNumberField("priority", 0);
        json.writeStringField("base_instructions", "");
        json.writeBooleanField("supports_reasoning_summaries", model.reasons());
        json.writeBooleanField("support_verbosity", false);
        json.writeObjectFieldStart("truncation_policy");
        json.writeStringField("mode", "bytes");
        json.writeNumberField("limit", TRUNCATED_AT);
        json.writeEndObject();
        json.writeBooleanField("supports_parallel_tool_calls", true);
        json.writeArrayFieldStart("experimental_supported_tools");
        json.writeEndArray();
    }
}
