package com.posthog.aigateway.resolve;

import com.fasterxml.jackson.core.JsonGenerator;
import com.posthog.aigateway.catalogue.Model;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Models as Anthropic's API tells of them (`ModelInfo` of the official SDKs, which check every member), in one page.
final class AnthropicModels {

    private AnthropicModels() {}

    static void write(JsonGenerator json, List<Model> models) throws IOException {
        ModelList.array(json, "data", models, (one, model) -> members(one, model.id(), model));
        json.writeBooleanField("has_more", false);
        text(json, "first_id", models.isEmpty() ? null : models.getFirst().id());
        text(json, "last_id", models.isEmpty() ? null : models.getLast().id());
    }

    /// @param name as it was asked for
    static void members(JsonGenerator json, String name, Model model) throws IOException {
        json.writeStringField("type", "model");
        json.writeStringField("id", name);
        json.writeStringField("display_name", model.id());
        text(json, "created_at", day(model.since()));
        json.writeStringField("lifecycle", lifecycle(model));
        json.writeNullField("deprecated_at");
        text(json, "retires_at", day(model.retires()));
        json.writeNullField("line");
        json.writeNumberField("max_input_tokens", model.limits().context());
        count(json, "max_tokens", model.limits().output());
        json.writeNullField("capabilities");
    }

    private static String lifecycle(Model model) {
        return switch (model.status()) {
            case ACTIVE, ACTIVE_LIMITED, LEGACY, LEGACY_LIMITED -> "active";
            case DEPRECATED -> "deprecated";
            case RETIRED_ON_ANTHROPIC -> "retired";
        };
    }

    private static @Nullable String day(@Nullable LocalDate day) {
        return day == null ? null : day + "T00:00:00Z";
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        json.writeStringField(name, text);
    }

    private static void count(JsonGenerator json, String name, @Nullable Long count) throws IOException {
        if (count == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, count);
        }
    }
}
