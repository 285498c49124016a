package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.ArrayList;
import java.util.List;

/// The headers that each family puts on every answer, the account's name among them.
final class Heads {
    private static final HeaderName OPENAI_ID = HeaderNames.create("x-request-id");
    private static final HeaderName ANTHROPIC_ID = HeaderNames.create("request-id");
    private static final List<Header> OPENAI = List.of(
            HeaderValues.createCached("openai-version", "2020-10-01"),
            HeaderValues.createCached("openai-processing-ms", "7"),
            HeaderValues.createCached("openai-organization", "mock-organization"),
            HeaderValues.createCached("x-ratelimit-limit-requests", "10000"),
            HeaderValues.createCached("x-ratelimit-remaining-requests", "9999"),
            HeaderValues.createCached("x-ratelimit-reset-requests", "6ms"));
    private static final List<Header> ANTHROPIC = List.of(
            HeaderValues.createCached("anthropic-organization-id", "00000000-0000-4000-8000-000000000000"),
            HeaderValues.createCached("anthropic-ratelimit-requests-limit", "10000"),
            HeaderValues.createCached("anthropic-ratelimit-requests-remaining", "9999"),
            HeaderValues.createCached("anthropic-ratelimit-requests-reset", "2030-01-01T00:00:00Z"));

    private Heads() {}

    static List<Header> of(Family family, String requestId, Header contentType) {
        var headers = new ArrayList<Header>();
        headers.add(contentType);
        switch (family) {
            case OPENAI -> {
                headers.add(HeaderValues.create(OPENAI_ID, requestId));
                headers.addAll(OPENAI);
            }
            case ANTHROPIC -> {
                headers.add(HeaderValues.create(ANTHROPIC_ID, requestId));
                headers.addAll(ANTHROPIC);
            }
        }
        return headers;
    }
}
