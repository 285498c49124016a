package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Family;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a provider is spoken to: its paths, and the form of what goes to and fro.
public enum Wire {
    /// As the family's own house is.
    NATIVE(null),
    /// Azure OpenAI's `/openai/v1`; the model is the name of a deployment.
    AZURE(Family.OPENAI),
    /// Azure OpenAI's older paths, with the deployment and an `api-version` in them.
    AZURE_DEPLOYMENT(Family.OPENAI),
    /// Anthropic's Messages at Bedrock's runtime.
    BEDROCK_MESSAGES(Family.ANTHROPIC),
    /// Bedrock's mantle, which speaks as each family's own house does.
    BEDROCK_MANTLE(null),
    /// Bedrock's InvokeModel: the model in the path, streams in a binary form.
    BEDROCK_INVOKE(Family.ANTHROPIC);

    private final @Nullable Family family;

    Wire(@Nullable Family family) {
        this.family = family;
    }

    boolean speaks(Family family) {
        return this.family == null || this.family == family;
    }

    public boolean isAzure() {
        return this == AZURE || this == AZURE_DEPLOYMENT;
    }

    public boolean isBedrock() {
        return this == BEDROCK_MESSAGES || this == BEDROCK_MANTLE || this == BEDROCK_INVOKE;
    }

    /// The name by which AWS knows the service that a request is signed for.
    String awsService() {
        return this == BEDROCK_MANTLE ? "bedrock-mantle" : "bedrock";
    }

    /// As written in YAML.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
