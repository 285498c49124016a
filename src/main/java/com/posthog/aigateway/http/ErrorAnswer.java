package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.call.ReplyWriter;
import com.posthog.aigateway.stream.NativeError;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The one place where a refusal becomes HTTP, in the caller's own dialect.
final class ErrorAnswer {

    private ErrorAnswer() {}

    static void write(Refusal refusal, Family family, UUID call, ReplyWriter out) {
        var body = NativeError.body(family, refusal, call);
        var fields = new ArrayList<>(List.of(
                new Headers.Field("content-type", "application/json"),
                new Headers.Field("x-posthog-request-id", call.toString()),
                // The official SDKs show these two, and no other.
                new Headers.Field("x-request-id", call.toString()),
                new Headers.Field("request-id", call.toString())));
        var wait = refusal.retryAfter();
        if (wait != null) {
            fields.add(new Headers.Field("retry-after", Long.toString(Math.max(1, wait.toSeconds()))));
        }
        out.head(refusal.reason().status(), new Headers(fields), body.length);
        out.write(body, 0, body.length);
        out.end();
    }
}
