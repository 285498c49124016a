package com.posthog.aigateway.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import java.net.URI;

/// What is asked each time: one request, ready to be written.
public record Question(String host, int port, byte[] request) {

    /// What is to be asked of whom.
    ///
    /// @param endpoint one that takes a prompt
    /// @param promptBytes how long the prompt is
    /// @param extra more header fields
    public record Wish(Endpoint endpoint, String model, boolean stream, int promptBytes, Headers extra) {

        String body() {
            var prompt = "tell me more ".repeat(promptBytes / 13 + 1).substring(0, promptBytes);
            var rest = switch (endpoint.shape()) {
                case OPENAI_CHAT ->
                    (stream ? ",\"stream_options\":{\"include_usage\":true}" : "") + said("messages", prompt);
                case OPENAI_RESPONSES -> said("input", prompt);
                case ANTHROPIC_MESSAGES -> ",\"max_tokens\":512" + said("messages", prompt);
                case OPENAI_EMBEDDINGS -> ",\"input\":\"" + prompt + "\"";
            };
            return "{\"model\":\"" + model + "\",\"stream\":" + stream + rest + "}";
        }

        private static String said(String member, String prompt) {
            return ",\"" + member + "\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]";
        }
    }

    public static Question of(URI base, String key, Wish wish) {
        if (!"http".equals(base.getScheme())) {
            throw new IllegalArgumentException("the url must begin with http:// : " + base);
        }
        int port = base.getPort() < 0 ? 80 : base.getPort();
        var body = wish.body().getBytes(UTF_8);
        var head = new StringBuilder("POST ")
                .append(base.getRawPath())
                .append("/v1")
                .append(wish.endpoint().path())
                .append(" HTTP/1.1\r\n");
        field(head, "Host", base.getHost() + ":" + port);
        if (wish.endpoint().shape().family() == Family.ANTHROPIC) {
            field(head, "x-api-key", key);
            field(head, "anthropic-version", "2023-06-01");
        } else {
            field(head, "Authorization", "Bearer " + key);
        }
        field(head, "Content-Type", "application/json");
        wish.extra().fields().forEach(extra -> field(head, extra.name(), extra.value()));
        field(head, "Content-Length", Integer.toString(body.length));
        head.append("\r\n");
        return new Question(base.getHost(), port, joined(head.toString().getBytes(ISO_8859_1), body));
    }

    private static void field(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private static byte[] joined(byte[] head, byte[] body) {
        var both = new byte[head.length + body.length];
        System.arraycopy(head, 0, both, 0, head.length);
        System.arraycopy(body, 0, both, head.length, body.length);
        return both;
    }
}
