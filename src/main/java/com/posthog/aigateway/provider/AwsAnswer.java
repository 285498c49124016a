package com.posthog.aigateway.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.ReplyAround;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An answer of AWS's in the caller's dialect: the request's name where SDKs look for it, and errors in the family's
/// own envelope.
final class AwsAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LARGEST_ERROR = 64 << 10;
    private static final Set<String> OF_THE_BODY = Set.of("content-type", "content-length", "x-amzn-errortype");

    private AwsAnswer() {}

    static Reply of(Reply reply, Family family) {
        if (reply.status() < 400) {
            return new Renamed(reply, named(reply.headers(), family));
        }
        var error = AwsError.of(reply.headers().first("x-amzn-errortype").orElse(null), reply.status());
        return new Translated(
                reply,
                error.status(family),
                withType(named(reply.headers(), family), "application/json"),
                once(waiting -> enveloped(reply, error, family)));
    }

    /// The caller's field for the name of a request, beside AWS's own.
    static Headers named(Headers headers, Family family) {
        var field = family == Family.ANTHROPIC ? "request-id" : "x-request-id";
        var request = headers.first("x-amzn-requestid").orElse(null);
        if (request == null || headers.first(field).isPresent()) {
            return headers;
        }
        var fields = new ArrayList<>(headers.fields());
        fields.add(new Headers.Field(field, request));
        return new Headers(fields);
    }

    /// For a body of another kind than the one that came.
    static Headers withType(Headers headers, String type) {
        var fields = new ArrayList<Headers.Field>();
        fields.add(new Headers.Field("content-type", type));
        for (var field : headers.fields()) {
            if (!OF_THE_BODY.contains(field.name().toLowerCase(Locale.ROOT))) {
                fields.add(field);
            }
        }
        return new Headers(fields);
    }

    /// A body that is one piece.
    static Pieces once(Pieces piece) {
        var told = new boolean[1];
        return waiting -> {
            if (told[0]) {
                return null;
            }
            told[0] = true;
            return piece.next(waiting);
        };
    }

    private static byte[] enveloped(Reply reply, AwsError error, Family family) throws Reply.Broken {
        var bytes = Whole.read(reply, LARGEST_ERROR);
        var answer = json(bytes);
        if (answer != null && answer.path("error").isObject()) {
            // Where a family's own shape is spoken, most errors have its envelope already.
            return bytes;
        }
        var request = reply.headers().first("x-amzn-requestid").orElse(null);
        return error.body(family, message(answer), request);
    }

    private static @Nullable JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException noJson) {
            return null;
        }
    }

    /// IAM writes the member with a capital letter.
    static String message(@Nullable JsonNode answer) {
        if (answer == null) {
            return "the provider failed, and did not say how";
        }
        var text = answer.path("message").asText(answer.path("Message").asText(""));
        return text.isEmpty() ? "the provider failed, and did not say how" : text;
    }

    /// The same answer under other header fields.
    private static final class Renamed extends ReplyAround {

        private final Headers headers;

        private Renamed(Reply reply, Headers headers) {
            super(reply);
            this.headers = headers;
        }

        @Override
        public Headers headers() {
            return headers;
        }
    }
}
