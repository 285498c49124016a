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

    /// The headers that name an answer of ours. The official SDKs show the last two, and no other.
    static final List<String> IDS = List.of("x-posthog-request-id", "x-request-id", "request-id");

    private static final int PAYMENT_REQUIRED = 402;

    private ErrorAnswer() {}

    static void write(Refusal refusal, Family family, UUID call, ReplyWriter out) {
        var body = NativeError.body(family, refusal, call);
        var fields = new ArrayList<Headers.Field>();
        fields.add(new Headers.Field("content-type", "application/json"));
        IDS.forEach(name -> fields.add(new Headers.Field(name, call.toString())));
        var wait = refusal.retryAfter();
        if (wait != null) {
            fields.add(new Headers.Field("retry-after", Long.toString(Math.max(1, wait.toSeconds()))));
        }
        if (refusal.reason().status() == PAYMENT_REQUIRED) {
            fields.add(new Headers.Field("x-should-retry", "false"));
        }
        out.head(refusal.reason().status(), new Headers(fields), body.length);
        out.write(body, 0, body.length);
        out.end();
    }
}
