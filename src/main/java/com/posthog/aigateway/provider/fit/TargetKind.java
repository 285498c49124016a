package com.posthog.aigateway.provider.fit;

import com.posthog.aigateway.call.Family;
import java.util.Locale;

/// A way in which a target differs from the provider whose dialect it speaks.
public enum TargetKind {
    /// Anthropic's own API under another account: its platform on AWS, Foundry.
    ANTHROPIC(Family.ANTHROPIC),
    /// Bedrock's own endpoint for Anthropic's dialect.
    BEDROCK_MESSAGES(Family.ANTHROPIC),
    /// Bedrock's other endpoint for it.
    MANTLE(Family.ANTHROPIC),
    /// Bedrock's InvokeModel, with and without a stream.
    BEDROCK_INVOKE(Family.ANTHROPIC),
    /// OpenAI's own API under another account.
    OPENAI(Family.OPENAI),
    /// Azure's endpoint without a version.
    AZURE_V1(Family.OPENAI),
    /// Azure's endpoint with the deployment in its path.
    AZURE_DEPLOYMENT(Family.OPENAI),
    /// Bedrock's endpoint for OpenAI's dialect.
    OPENAI_ON_BEDROCK(Family.OPENAI);

    private final Family family;

    TargetKind(Family family) {
        this.family = family;
    }

    Family family() {
        return family;
    }

    /// True for its own name, and for the groups that it belongs to.
    boolean isCalled(String word) {
        return switch (word) {
            case "bedrock" -> family == Family.ANTHROPIC && this != ANTHROPIC;
            case "azure" -> this == AZURE_V1 || this == AZURE_DEPLOYMENT;
            case "hosted" -> family == Family.OPENAI && this != OPENAI;
            default -> word.equals(toString());
        };
    }

    /// As written in the tables.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
