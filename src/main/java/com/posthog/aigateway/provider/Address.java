package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Target;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// Where a call is asked at its target: path and query as they stand in the request line.
final class Address {

    private static final String UNRESERVED = "-._~";
    /// Before the id of a model at Bedrock: where it may be served from. Its tokens cannot be counted by such a name.
    private static final Pattern AREA = Pattern.compile("^(us-gov|us|eu|apac|au|jp|in|global)\\.(?=anthropic\\.)");

    private Address() {}

    static String of(Call call, Target target) {
        var provider = target.provider();
        var base = base(provider.url());
        return switch (provider.wire()) {
            case NATIVE -> base + "/v1" + call.path() + asked(call.query());
            case AZURE -> base + "/openai/v1" + call.path() + versioned(call.query(), provider);
            case AZURE_DEPLOYMENT -> base + "/openai" + deployed(call, target) + versioned(call.query(), provider);
            case BEDROCK_MESSAGES, BEDROCK_MANTLE ->
                base + house(provider.family()) + "/v1" + call.path() + asked(call.query());
            case BEDROCK_INVOKE -> base + "/model/" + invoked(call, target.model());
        };
    }

    private static String base(URI url) {
        var path = url.getRawPath() == null ? "" : url.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String house(Family family) {
        return switch (family) {
            case OPENAI -> "/openai";
            case ANTHROPIC -> "/anthropic";
        };
    }

    /// Responses never had a deployment in their path.
    private static String deployed(Call call, Target target) {
        boolean deployed = call.endpoint() == Endpoint.CHAT_COMPLETIONS || call.endpoint() == Endpoint.EMBEDDINGS;
        return deployed ? "/deployments/" + encoded(target.model()) + call.path() : call.path();
    }

    private static String invoked(Call call, String model) {
        if (call.endpoint() == Endpoint.COUNT_TOKENS) {
            return encoded(AREA.matcher(model).replaceFirst("")) + "/count-tokens";
        }
        return encoded(model) + (call.stream() ? "/invoke-with-response-stream" : "/invoke");
    }

    private static String asked(String query) {
        return query.isEmpty() ? "" : "?" + query;
    }

    private static String versioned(String query, Provider provider) {
        var version = provider.apiVersion();
        if (version == null) {
            return asked(query);
        }
        return asked(query) + (query.isEmpty() ? "?" : "&") + "api-version=" + encoded(version);
    }

    /// As one segment of a path (RFC 3986, section 2.3): all else in percents, `:` and `/` too.
    static String encoded(String text) {
        var encoded = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char letter = (char) (one & 0xff);
            boolean plain = letter < 0x80 && (Character.isLetterOrDigit(letter) || UNRESERVED.indexOf(letter) >= 0);
            encoded.append(plain ? String.valueOf(letter) : "%%%02X".formatted((int) letter));
        }
        return encoded.toString();
    }
}
