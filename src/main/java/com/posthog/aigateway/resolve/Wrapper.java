package com.posthog.aigateway.resolve;

import java.util.List;
import java.util.regex.Pattern;

/// What gateways and clouds write around a model's name.
final class Wrapper {

    /// Before a slash: whose model it is, or who is to serve it.
    private static final List<String> VENDORS = List.of(
            "openai",
            "anthropic",
            "azure",
            "azure_ai",
            "azure_openai",
            "azure-openai",
            "openrouter",
            "vertex_ai",
            "google-vertex",
            "google-vertex-anthropic",
            "litellm_proxy",
            "vercel_ai_gateway");

    /// Before a slash, then perhaps the API and the region to be asked.
    private static final List<String> BEDROCKS =
            List.of("bedrock", "bedrock_mantle", "bedrock-mantle", "amazon-bedrock", "amazon_bedrock");

    private static final List<String> BEDROCK_APIS = List.of("converse", "converse_like", "invoke", "mantle");

    /// The geographies of Bedrock's inference profiles.
    private static final List<String> GEOGRAPHIES = List.of("us", "us-gov", "eu", "apac", "au", "jp", "in", "global");

    private static final String REGION = "[a-z]{2}(?:-gov)?-[a-z]{4,9}-\\d";

    private static final Pattern PREFIXES = Pattern.compile(
            "^(?:" + any(VENDORS) + "/|" + any(BEDROCKS) + "/(?:" + any(BEDROCK_APIS) + "/)?(?:" + REGION + "/)?)+");

    private static final Pattern ARN = Pattern.compile(
            "arn:aws(?:-cn|-us-gov)?:bedrock:(?:" + REGION + ")?:\\d*:(?:inference-profile|foundation-model)/([^/]+)");

    private static final Pattern BEDROCK_ID =
            Pattern.compile("(?:" + any(GEOGRAPHIES) + "\\.)?(?:anthropic|openai)\\.(.+?)(?:-v\\d+(?::\\d+)?)?");

    /// Bedrock's version by itself. One without a colon is taken off in a whole id only: it could be another model.
    private static final Pattern VERSION = Pattern.compile("-v\\d+:\\d+$");

    private Wrapper() {}

    private static String any(List<String> words) {
        return "(?:" + String.join("|", words) + ")";
    }

    /// The name without it.
    static String off(String name) {
        var bare = PREFIXES.matcher(name).replaceFirst("");
        var arn = ARN.matcher(bare);
        var id = arn.matches() ? arn.group(1) : bare;
        var bedrock = BEDROCK_ID.matcher(id);
        return bedrock.matches() ? bedrock.group(1) : VERSION.matcher(id).replaceFirst("");
    }
}
