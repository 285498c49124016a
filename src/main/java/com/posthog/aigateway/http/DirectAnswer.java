package com.posthog.aigateway.http;

import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.stream.NativeError;
import com.posthog.aigateway.telemetry.Counter;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Supplier;

/// Answers what Helidon refuses before it reaches us, as the caller's own dialect asks. Helidon closes the connection
/// behind such an answer.
record DirectAnswer(Supplier<UUID> ids, Counter refusals) implements DirectHandler {

    /// This answer to all that may happen.
    DirectHandlers toAll() {
        var all = DirectHandlers.builder();
        Arrays.stream(EventType.values()).forEach(type -> all.addHandler(type, this));
        return all.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType type, Status status, ServerResponseHeaders headers, String message) {
        var reason = reason(status.code());
        var what =
                reason == Reason.OUR_FAULT ? "the gateway failed; its log knows more" : "no HTTP request: " + message;
        refusals.add(1, reason.word());
        var id = ids.get();
        var answer = TransportResponse.builder()
                .status(Status.create(reason.status()))
                .keepAlive(false)
                .header(HeaderNames.CONTENT_TYPE, "application/json");
        for (var name : ErrorAnswer.IDS) {
            answer.header(HeaderNames.create(name), id.toString());
        }
        if (request.method().equals("HEAD")) {
            return answer.build();
        }
        var family =
                Paths.familyOf(request.path(), request.headers().contains(HeaderNames.create("anthropic-version")));
        return answer.entity(NativeError.body(family, new Refusal(reason, what), id))
                .build();
    }

    /// Helidon knows more statuses than it has good reason to use here.
    private static Reason reason(int status) {
        return switch (status) {
            case 408 -> Reason.TOO_SLOW;
            case 413 -> Reason.TOO_LARGE;
            case 414 -> Reason.TARGET_TOO_LONG;
            case 431 -> Reason.HEAD_TOO_LARGE;
            case 503 -> Reason.UNAVAILABLE;
            case 505 -> Reason.VERSION_NOT_SERVED;
            default -> status < 500 || status == 501 ? Reason.MALFORMED : Reason.OUR_FAULT;
        };
    }
}
