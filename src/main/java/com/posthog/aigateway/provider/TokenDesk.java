package com.posthog.aigateway.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.wire.Patience;
import com.posthog.aigateway.wire.Unanswered;
import com.posthog.aigateway.wire.Upstream;
import com.posthog.aigateway.wire.UpstreamRequest;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Asks where tokens are given out: a form goes there, and JSON comes back.
final class TokenDesk {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final Patience PATIENCE = new Patience(AT_MOST, AT_MOST, AT_MOST);
    private static final int LARGEST = 256 << 10;

    private final Upstream upstream;

    TokenDesk(Upstream upstream) {
        this.upstream = upstream;
    }

    /// NoCredential: no answer, or one that is not the token. Its message has nothing of the form.
    JsonNode ask(URI place, String path, Map<String, String> form) throws NoCredential {
        var body = form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        var request = new UpstreamRequest(
                "POST",
                place,
                path,
                Headers.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json"),
                List.of(Slice.of(body.getBytes(StandardCharsets.UTF_8))));
        try (var reply = upstream.send(request, PATIENCE, new Hangup())) {
            var answer = JSON.readTree(Whole.read(reply, LARGEST));
            if (reply.status() != 200) {
                throw new NoCredential(
                        place.getHost() + " gave no token: it answered " + reply.status() + fault(answer));
            }
            return answer;
        } catch (Unanswered | Reply.Broken broken) {
            throw new NoCredential(place.getHost() + " gave no token: " + word(broken));
        } catch (IOException noJson) {
            throw new NoCredential(place.getHost() + " gave no token: what it answered is no JSON");
        }
    }

    private static String word(Exception broken) {
        return broken instanceof Unanswered unanswered ? unanswered.how().word() : "its answer broke off";
    }

    /// The kind of error, which is a word: texts name accounts.
    private static String fault(JsonNode answer) {
        var error = answer.path("error");
        var kind = error.isTextual() ? error.asText() : error.path("Code").asText("");
        return kind.matches("[A-Za-z_]{1,60}") ? " (" + kind + ")" : "";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
