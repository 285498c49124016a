package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One provider as it is written in `providers.yaml`.
record ProviderRow(
        Family family,
        @Nullable URI url,
        @Nullable Wire wire,
        @Nullable String apiVersion,
        boolean verified,
        Map<String, String> headers,
        @Nullable Secret key,
        @Nullable AuthRow auth) {

    private static final URI NOWHERE = URI.create("https://nowhere.invalid");

    ProviderRow {
        var spoken = wire == null ? Wire.NATIVE : wire;
        if (!spoken.speaks(family)) {
            throw new IllegalArgumentException("the wire '" + spoken + "' does not speak " + word(family));
        }
        if (spoken == Wire.NATIVE && url == null) {
            throw new IllegalArgumentException("the key 'url' is missing");
        }
        if (spoken == Wire.AZURE_DEPLOYMENT && apiVersion == null) {
            throw new IllegalArgumentException(
                    "the wire 'azure-deployment' needs an 'api_version', such as 2024-10-21");
        }
        if (apiVersion != null && !spoken.isAzure()) {
            throw new IllegalArgumentException("'api_version' is for the wires azure and azure-deployment");
        }
        if (verified && spoken != Wire.BEDROCK_MESSAGES) {
            throw new IllegalArgumentException("'verified' is for the wire bedrock-messages");
        }
        if (key != null && auth != null && auth.key() != null) {
            throw new IllegalArgumentException("'key' is short for 'auth: { key }'; say it once");
        }
    }

    /// Of several ways to show who we are the first that is set.
    record AuthRow(
            @Nullable Secret key,
            @Nullable Secret bearer,
            @Nullable EntraRow entra,
            @Nullable AwsRow aws) {}

    /// @param service as AWS knows it; null: that of the wire
    /// @param role taken up with the token in `tokenFile`, where both are set
    record AwsRow(
            @Nullable String region,
            @Nullable String service,
            @Nullable String role,
            @Nullable Path tokenFile) {

        private static final Pattern REGION = Pattern.compile("[a-z0-9-]+");

        AwsRow {
            if (region != null && !REGION.matcher(region).matches()) {
                throw new IllegalArgumentException(
                        "'region' must be one of AWS, such as eu-central-1: '" + region + "'");
            }
        }

        @Nullable
        Auth auth(Wire spoken) {
            if (region == null) {
                return null;
            }
            var taken = role == null || tokenFile == null ? null : new Auth.Role(role, tokenFile);
            return new Auth.Aws(service == null ? spoken.awsService() : service, region, taken);
        }
    }

    /// All of the first three, or it counts as not set.
    record EntraRow(
            @Nullable String tenant,
            @Nullable String clientId,
            @Nullable Secret clientSecret,
            @Nullable String scope,
            @Nullable URI authority) {

        private static final String SCOPE = "https://cognitiveservices.azure.com/.default";
        private static final URI AUTHORITY = URI.create("https://login.microsoftonline.com");

        @Nullable
        Auth auth() {
            return tenant == null || clientId == null || clientSecret == null
                    ? null
                    : new Auth.Entra(
                            tenant,
                            clientId,
                            clientSecret,
                            scope == null ? SCOPE : scope,
                            authority == null ? AUTHORITY : authority);
        }
    }

    Provider provider(String id) {
        var spoken = wire == null ? Wire.NATIVE : wire;
        var place = url == null ? derived(spoken) : url;
        var shown = place == null ? new Auth.None("has no url") : auth(spoken);
        return new Provider(id, family, place == null ? NOWHERE : place, spoken, apiVersion, headers, shown);
    }

    private Auth auth(Wire spoken) {
        if (spoken == Wire.BEDROCK_MESSAGES && !verified) {
            return new Auth.None("is not 'verified'");
        }
        var shown = shown(spoken);
        return shown == null ? new Auth.None("has no key") : shown;
    }

    private @Nullable Auth shown(Wire spoken) {
        if (key != null) {
            return new Auth.Key(key);
        } else if (auth == null) {
            return null;
        } else if (auth.key() != null) {
            return new Auth.Key(auth.key());
        } else if (auth.bearer() != null) {
            return new Auth.Bearer(auth.bearer());
        }
        var entra = auth.entra() == null ? null : auth.entra().auth();
        return entra != null || auth.aws() == null ? entra : auth.aws().auth(spoken);
    }

    private @Nullable String region() {
        return auth == null || auth.aws() == null ? null : auth.aws().region();
    }

    private @Nullable URI derived(Wire spoken) {
        var region = region();
        if (region == null || !spoken.isBedrock()) {
            return null;
        }
        return URI.create(
                spoken == Wire.BEDROCK_MANTLE
                        ? "https://bedrock-mantle." + region + ".api.aws"
                        : "https://bedrock-runtime." + region + ".amazonaws.com");
    }

    private static String word(Family family) {
        return switch (family) {
            case OPENAI -> "openai";
            case ANTHROPIC -> "anthropic";
        };
    }
}
