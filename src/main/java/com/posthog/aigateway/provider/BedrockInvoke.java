package com.posthog.aigateway.provider;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;

/// Speaks InvokeModel with Bedrock for callers of Anthropic's Messages: the model in the path, version and betas in the
/// body, a binary stream back. What comes back reads as if Anthropic's own house had sent it.
public final class BedrockInvoke implements ProviderClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BINARY = "application/vnd.amazon.eventstream";
    private static final int LARGEST_COUNT = 64 << 10;

    private final Upstream upstream;
    private final Credentials credentials;

    public BedrockInvoke(Upstream upstream, Credentials credentials) {
        this.upstream = upstream;
        this.credentials = credentials;
    }

    @Override
    public Reply ask(Call call, Route route, Target target, Patience patience, Hangup hangup) throws Unanswered {
        var headers = RequestHeaders.passing(call.headers(), route.beta());
        return send(call, target, call.body().bytes(), headers, patience, hangup);
    }

    @Override
    public Reply ask(Call call, Route route, Target target, Fit.As fit, Patience patience, Hangup hangup)
            throws Unanswered {
        var headers = RequestHeaders.passing(fit.headers(), null);
        return send(call, target, fit.body(), headers, patience, hangup);
    }

    private Reply send(Call call, Target target, byte[] body, Headers headers, Patience patience, Hangup hangup)
            throws Unanswered {
        var request = new UpstreamRequest(
                "POST",
                target.provider().url(),
                Address.of(call, target),
                invoking(headers, call),
                counts(call) ? InvokeBody.toCount(body, headers) : InvokeBody.of(body, headers));
        return answer(call, upstream.send(credentials.on(request, target.provider()), patience, hangup));
    }

    private static boolean counts(Call call) {
        return call.endpoint() == Endpoint.COUNT_TOKENS;
    }

    /// What is Anthropic's stands in the body; what may come back is not the caller's to say.
    private static Headers invoking(Headers headers, Call call) {
        var fields = new ArrayList<Headers.Field>();
        for (var field : headers.fields()) {
            var name = field.name().toLowerCase(Locale.ROOT);
            if (!name.startsWith("anthropic-") && !name.equals("accept") && !name.equals("content-type")) {
                fields.add(field);
            }
        }
        fields.add(new Headers.Field("Content-Type", "application/json"));
        fields.add(new Headers.Field("Accept", call.stream() && !counts(call) ? BINARY : "application/json"));
        return new Headers(fields);
    }

    private static Reply answer(Call call, Reply reply) {
        var named = AwsAnswer.named(reply.headers(), Family.ANTHROPIC);
        if (reply.status() >= 400) {
            return AwsAnswer.of(reply, Family.ANTHROPIC);
        } else if (counts(call)) {
            return new Translated(
                    reply,
                    reply.status(),
                    AwsAnswer.withType(named, "application/json"),
                    AwsAnswer.once(_ -> count(reply)));
        }
        boolean binary = reply.headers().first("content-type").orElse("").startsWith(BINARY);
        return binary
                ? new Translated(
                        reply,
                        reply.status(),
                        AwsAnswer.withType(named, "text/event-stream; charset=utf-8"),
                        new EventStream(reply))
                : AwsAnswer.of(reply, Family.ANTHROPIC);
    }

    private static byte[] count(Reply reply) throws Reply.Broken {
        var answer = Whole.read(reply, LARGEST_COUNT);
        try {
            var tokens = JSON.readTree(answer).path("inputTokens");
            return ("{\"input_tokens\":" + tokens.asLong() + "}").getBytes(StandardCharsets.UTF_8);
        } catch (IOException noJson) {
            throw new Reply.Broken(Reply.Broken.How.CUT_OFF, "the count is no JSON");
        }
    }
}
