package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers.Field;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.JsonMaker;
import com.posthog.aigateway.testing.MadeStream;
import com.posthog.aigateway.testing.RecordingProvider.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Answers as any provider might give them, and beside each what the caller must get.
///
/// @param body that reaches the caller
/// @param complete false where an error event of ours follows the body
record AnswerMaker(Answer answer, int status, byte[] body, boolean complete) {

    private static final int NO_CONTENT = 204;

    /// 401, 402 and 403 are about our own account and are told in our words; see `AccountFault`.
    private static final List<String> STATUSES = List.of(
            "200 OK",
            "200 OK",
            "200 OK",
            "200",
            "201 Created",
            "202 Accepted",
            "204 No Content",
            "302 Found",
            "400 Bad Request",
            "404 Not Found",
            "408 Request Timeout",
            "409 Conflict",
            "413 Content Too Large",
            "422 Unprocessable Content",
            "429 Too Many Requests",
            "500 Internal Server Error",
            "503 Service Unavailable",
            "529 ");

    private static final List<Field> PASSING = List.of(
            new Field("x-request-id", "req_1"),
            new Field("request-id", "req_2"),
            new Field("x-ratelimit-remaining-tokens", "12"),
            new Field("anthropic-ratelimit-requests-reset", "2026-11-25T00:00:00Z"),
            new Field("Retry-After", "3"),
            new Field("retry-after-ms", "3000"),
            new Field("x-should-retry", "false"),
            new Field("openai-processing-ms", "5"),
            new Field("Location", "http://a.test/b"),
            new Field("X-Twice", "one"),
            new Field("x-twice", "two, three"),
            new Field("X-Empty", ""),
            new Field("x-odd_name.~!#$%&'*+^`|", "odd \"value\"; a=b"),
            new Field("Server-Timing", "a;dur=1"),
            new Field("ETag", "W/\"x\""),
            new Field("Cache-Control", "no-cache, must-revalidate"),
            new Field("Server", "provider/1"),
            new Field("Vary", "Accept"),
            new Field("Date", "Wed, 25 Nov 2026 10:00:00 GMT"));

    private static final List<Field> KEPT_BACK = List.of(
            new Field("Set-Cookie", "a=b; Path=/"),
            new Field("set-cookie", "c=d"),
            new Field("cf-ray", "1-FRA"),
            new Field("CF-Cache-Status", "DYNAMIC"),
            new Field("Alt-Svc", "h3=\":443\""),
            new Field("Strict-Transport-Security", "max-age=1"),
            new Field("Via", "1.1 a"),
            new Field("NEL", "{}"),
            new Field("Report-To", "{}"),
            new Field("openai-organization", "org-ours"),
            new Field("openai-project", "proj-ours"),
            new Field("anthropic-organization-id", "o"),
            new Field("anthropic-workspace-id", "w"),
            new Field("x-some-api-key-id", "k"),
            new Field("x-posthog-made-up", "x"),
            new Field("Keep-Alive", "timeout=30"),
            new Field("Connection", "X-Hop"),
            new Field("X-Hop", "1"));

    static AnswerMaker to(RequestMaker request, Chance chance) {
        boolean streams = isStreamed(request.endpoint()) && chance.onceIn(2);
        return streams ? stream(request, chance) : whole(request, chance);
    }

    private static boolean isStreamed(Endpoint endpoint) {
        return endpoint == Endpoint.CHAT_COMPLETIONS || endpoint == Endpoint.RESPONSES || endpoint == Endpoint.MESSAGES;
    }

    private static AnswerMaker stream(RequestMaker request, Chance chance) {
        var shape = request.endpoint().shape();
        var made = MadeStream.of(chance, shape);
        boolean takesOut = shape == Shape.OPENAI_CHAT && request.asksForUsage();
        var whole = made.torn() ? Arrays.copyOf(made.bytes(), made.ends().getLast()) : made.bytes();
        var body = takesOut ? made.withoutExtra() : whole;
        var type = new Field("Content-Type", chance.of("text/event-stream", "text/event-stream; charset=utf-8"));
        return new AnswerMaker(message("200 OK", type, made.bytes(), chance), 200, body, made.complete());
    }

    private static AnswerMaker whole(RequestMaker request, Chance chance) {
        var status = chance.of(STATUSES);
        // Whoever asks for a count is always answered.
        if (request.endpoint() == Endpoint.COUNT_TOKENS && (status.startsWith("5") || status.startsWith("429"))) {
            status = "200 OK";
        }
        var code = Integer.parseInt(status.substring(0, 3));
        var body = code == NO_CONTENT ? new byte[0] : body(chance);
        var type = new Field("Content-Type", chance.of("application/json", "text/plain", "application/octet-stream"));
        return new AnswerMaker(message(status, type, body, chance), code, body, true);
    }

    private static byte[] body(Chance chance) {
        var json = new JsonMaker(chance);
        return switch (chance.below(12)) {
            case 0 -> new byte[0];
            case 1 -> {
                var noise = new byte[chance.below(3_000)];
                chance.fill(noise);
                yield noise;
            }
            case 2 -> ("{\"x\":\"" + "ä".repeat(chance.below(30_000)) + "\"}").getBytes(UTF_8);
            case 3 ->
                chance.onceIn(20)
                        ? ("[\"" + "y".repeat((4 << 20) + chance.below(1 << 20)) + "\"]").getBytes(UTF_8)
                        : json.value(3).getBytes(UTF_8);
            default ->
                json.object(List.of(
                                json.member("\"id\"", "\"resp_made\""),
                                json.member(
                                        "\"usage\"", "{\"prompt_tokens\":5,\"input_tokens\":5,\"output_tokens\":1}"),
                                json.member("\"x\"", json.value(4))))
                        .getBytes(UTF_8);
        };
    }

    private static Answer message(String status, Field type, byte[] body, Chance chance) {
        var fields = new ArrayList<Field>();
        for (int i = chance.below(8); i > 0; i--) {
            fields.add(chance.of(PASSING));
        }
        for (int i = chance.below(4); i > 0; i--) {
            fields.add(chance.of(KEPT_BACK));
        }
        fields.add(type);
        chance.shuffle(fields);
        var head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
        fields.forEach(field -> head.append(field.name())
                .append(chance.of(": ", ":"))
                .append(field.value())
                .append("\r\n"));
        if (status.startsWith(Integer.toString(NO_CONTENT))) {
            return new Answer(pieces(head.append("\r\n"), body, chance), false);
        }
        return switch (chance.below(4)) {
            case 0 -> {
                head.append("Connection: close\r\n\r\n");
                yield new Answer(pieces(head, body, chance), true);
            }
            case 1 -> {
                head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
                yield new Answer(pieces(head, body, chance), false);
            }
            default -> {
                head.append("Transfer-Encoding: chunked\r\n\r\n");
                var chunked = Chunked.of(body, chance.cuts(chance.below(8), body.length));
                yield new Answer(pieces(head, chunked, chance), false);
            }
        };
    }

    /// The head alone or with what follows, and the rest in a few writes.
    private static List<byte[]> pieces(StringBuilder head, byte[] framed, Chance chance) {
        var bytes = head.toString().getBytes(ISO_8859_1);
        var all = Arrays.copyOf(bytes, bytes.length + framed.length);
        System.arraycopy(framed, 0, all, bytes.length, framed.length);
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        for (int cut : chance.cuts(chance.below(4), all.length)) {
            pieces.add(Arrays.copyOfRange(all, from, cut));
            from = cut;
        }
        pieces.add(Arrays.copyOfRange(all, from, all.length));
        return pieces;
    }
}
