package com.posthog.aigateway.provider;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The body of an InvokeModel: what Messages have in the path and in header fields stands in other places there. All
/// that stays is the same, byte for byte; a body that is in this form already stays as it is.
final class InvokeBody {

    private static final Set<String> IN_THE_PATH = Set.of("model", "stream");
    private static final String VERSION = "\"anthropic_version\":\"bedrock-2023-05-31\"";

    /// InvokeModel wants a bound of the answer also where there will be none.
    private static final String BOUND = "\"max_tokens\":4096";

    private InvokeBody() {}

    /// @param headers whose betas go into the body
    static List<Slice> of(byte[] body, Headers headers) {
        return of(body, headers, List.of());
    }

    /// The same, packed as a question for the count of its tokens.
    static List<Slice> toCount(byte[] body, Headers headers) {
        var invoked = Members.joined(of(body, headers, List.of(BOUND)));
        var packed = Base64.getEncoder().encodeToString(invoked);
        return List.of(Slice.of(
                ("{\"input\":{\"invokeModel\":{\"body\":\"" + packed + "\"}}}").getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Slice> of(byte[] body, Headers headers, List<String> needed) {
        try {
            var members = Members.of(body);
            var added = new ArrayList<String>();
            if (!members.has("anthropic_version")) {
                added.add(VERSION);
            }
            var betas = betas(headers);
            if (!betas.isEmpty() && !members.has("anthropic_beta")) {
                added.add("\"anthropic_beta\":[" + String.join(",", betas) + "]");
            }
            if (!members.has("max_tokens")) {
                added.addAll(needed);
            }
            return members.but(IN_THE_PATH, added);
        } catch (IOException e) {
            throw new IllegalStateException("a body that was parsed before is no JSON object", e);
        }
    }

    private static List<String> betas(Headers headers) {
        return headers.all("anthropic-beta").stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::strip)
                .filter(beta -> !beta.isEmpty())
                .distinct()
                .map(beta -> "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(beta)) + "\"")
                .collect(Collectors.toList());
    }
}
