package com.posthog.aigateway.resolve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// The models that a caller may name, told in the dialect of one family: only those of that family, for there is no
/// translation, and only those that a configured provider serves.
public final class ModelList {

    private static final JsonFactory JSON = new JsonFactory();

    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private final Catalogue catalogue;

    public ModelList(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// All of them, as one page of JSON.
    public byte[] all(Caller caller, Family family) {
        var models = catalogue.models().stream()
                .filter(model -> mayBeNamed(model, caller, family))
                .toList();
        return object(json -> {
            switch (family) {
                case OPENAI -> OpenAiModels.write(json, models);
                case ANTHROPIC -> AnthropicModels.write(json, models);
            }
        });
    }

    /// One of them, by its id or an alias, as JSON.
    ///
    /// Refusal: not one that the caller may name in this family.
    public byte[] one(String name, Caller caller, Family family) {
        var model = catalogue
                .find(name)
                .filter(known -> mayBeNamed(known, caller, family))
                .orElseThrow(() -> new Refusal(
                                Reason.NOT_FOUND,
                                "model '" + name
                                        + "' is not one that this credential may use here; GET /v1/models lists those")
                        .of("model"));
        return object(json -> {
            switch (family) {
                case OPENAI -> OpenAiModels.members(json, name, model);
                case ANTHROPIC -> AnthropicModels.members(json, name, model);
            }
        });
    }

    private static boolean mayBeNamed(Model model, Caller caller, Family family) {
        return caller.mayUse(model.id())
                && model.shapes().stream().anyMatch(shape -> shape.family() == family)
                && model.targets().stream().anyMatch(target -> target.provider().configured());
    }

    private static byte[] object(Members members) {
        var out = new ByteArrayOutputStream();
        try (var json = JSON.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static void array(JsonGenerator json, String name, List<Model> models, Writing each) throws IOException {
        json.writeArrayFieldStart(name);
        for (var model : models) {
            json.writeStartObject();
            each.write(json, model);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    interface Writing {
        void write(JsonGenerator json, Model model) throws IOException;
    }
}
