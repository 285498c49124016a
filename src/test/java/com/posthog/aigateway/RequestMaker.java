package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers.Field;
import com.posthog.aigateway.testing.Chance;
import com.posthog.aigateway.testing.JsonMaker;
import com.posthog.aigateway.testing.RecordingProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Requests as anybody might make them, and beside each what its provider must get.
///
/// @param target path and query that the provider must be asked at
/// @param body that the provider must get
/// @param asksForUsage true when the wish for usage is ours
record RequestMaker(Endpoint endpoint, byte[] bytes, String target, byte[] body, boolean asksForUsage) {

    /// What stands in a request, and what stands in its place upstream.
    private record Edit(String sent, String expected) {
        Edit(String same) {
            this(same, same);
        }
    }

    /// As often as they are tried.
    static final List<Endpoint> ENDPOINTS = List.of(
            Endpoint.CHAT_COMPLETIONS,
            Endpoint.CHAT_COMPLETIONS,
            Endpoint.CHAT_COMPLETIONS,
            Endpoint.CHAT_COMPLETIONS,
            Endpoint.RESPONSES,
            Endpoint.RESPONSES,
            Endpoint.MESSAGES,
            Endpoint.MESSAGES,
            Endpoint.EMBEDDINGS,
            Endpoint.COUNT_TOKENS,
            Endpoint.COMPACT,
            Endpoint.INPUT_TOKENS,
            Endpoint.STORED_CHAT,
            Endpoint.CHANGED_CHAT,
            Endpoint.DELETED_CHAT,
            Endpoint.CHAT_MESSAGES,
            Endpoint.STORED_RESPONSE,
            Endpoint.CANCELLED_RESPONSE,
            Endpoint.INPUT_ITEMS,
            Endpoint.DELETED_RESPONSE);

    static final String STORED = "resp_stored-1";

    private static final String WISH = "{\"include_usage\":true}";

    /// Model names as callers write them, and as the provider of that shape must get them.
    private static final List<Edit> OPENAI = List.of(
            new Edit("gpt-5.4"),
            new Edit("gpt-5-mini"),
            new Edit("openai/gpt-5.4", "gpt-5.4"),
            new Edit("GPT-5.4", "gpt-5.4"),
            new Edit("gpt-5.4:latest", "gpt-5.4"),
            new Edit("gpt-unheard-of-9"),
            new Edit("ünï 😀"));

    private static final List<Edit> ANTHROPIC = List.of(
            new Edit("claude-opus-5"),
            new Edit("claude-opus-4.5", "claude-opus-4-5"),
            new Edit("anthropic/claude-opus-5", "claude-opus-5"),
            new Edit("claude-haiku-4-5@20251001", "claude-haiku-4-5-20251001"),
            new Edit("claude-unheard-of-9"));

    /// `stream_options` of a streamed chat.
    private static final List<Edit> OPTIONS = List.of(
            new Edit("{\"include_usage\":true}"),
            new Edit("{ \"include_usage\" : true , \"x\":1}"),
            new Edit("null", WISH),
            new Edit("{}", WISH),
            new Edit("{ }", "{\"include_usage\":true }"),
            new Edit("{\"include_obfuscation\": false}", "{\"include_usage\":true,\"include_obfuscation\": false}"),
            new Edit("{\"include_usage\":false}", WISH),
            new Edit("{\"a\":[1],\"include_usage\" : null }", "{\"a\":[1],\"include_usage\" : true }"),
            new Edit("{\"include\\u005fusage\":false}", "{\"include\\u005fusage\":true}"),
            new Edit("{\"include_usage\":1}"),
            new Edit("[]"));

    /// Fields that pass.
    private static final List<Field> PASSING = List.of(
            new Field("User-Agent", "Tool/1.0 (x; y)"),
            new Field("Accept", "application/json, text/event-stream"),
            new Field("anthropic-version", "2023-06-01"),
            new Field("Anthropic-Beta", "a-1, b-2"),
            new Field("anthropic-beta", "c-3"),
            new Field("OpenAI-Beta", "responses=v1"),
            new Field("Idempotency-Key", "k-1"),
            new Field("x-stainless-retry-count", "0"),
            new Field("X-Client-Request-Id", "r-1"),
            new Field("x-odd_name.~!#$%&'*+^`|", "odd"),
            new Field("X-Twice", "one"),
            new Field("x-twice", "two, three"),
            new Field("X-Empty", ""),
            new Field("X-Quoted", "\"a, \\\"b\\\"\";q=1"),
            new Field("X-Tabbed", "a\tb"),
            new Field("Referer", "http://a.test/?b=c"),
            new Field("Range", "bytes=0-1"),
            new Field("If-None-Match", "\"x\""),
            new Field("Accept-Language", "de"),
            new Field("Priority", "u=1, i"));

    /// Fields that do not: see [Transparency].
    private static final List<Field> KEPT_BACK = List.of(
            new Field("Cookie", "a=b"),
            new Field("X-Forwarded-For", "1.2.3.4"),
            new Field("Forwarded", "for=1.2.3.4"),
            new Field("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            new Field("baggage", "a=b"),
            new Field("X-PostHog-Distinct-Id", "u-1"),
            new Field("X-PostHog-Property-a", "b"),
            new Field("Accept-Encoding", "gzip, br"),
            new Field("TE", "trailers"),
            new Field("OpenAI-Organization", "org-theirs"),
            new Field("openai-project", "proj"),
            new Field("Connection", "X-Hop"),
            new Field("X-Hop", "1"));

    static RequestMaker of(String name, Chance chance) {
        return new Making(name, chance).make();
    }

    private static final class Making {

        private final String name;
        private final Chance chance;
        private final JsonMaker json;
        private final Endpoint endpoint;
        private final StringBuilder sent = new StringBuilder();
        private final StringBuilder expected = new StringBuilder();
        private boolean asksForUsage;

        Making(String name, Chance chance) {
            this.name = name;
            this.chance = chance;
            this.json = new JsonMaker(chance);
            this.endpoint = chance.of(ENDPOINTS);
        }

        RequestMaker make() {
            if (!endpoint.byId()) {
                object();
            } else if (endpoint == Endpoint.CHANGED_CHAT) {
                same(json.object(2));
            }
            var query = chance.onceIn(2)
                    ? ""
                    : chance.of(
                            "beta=true",
                            "a=%2F&a=b+c",
                            "x",
                            "include[]=a&include[]=b",
                            "%C3%A4=1;2&&",
                            "a='(b)'~!*",
                            "a={\"b\":1}|^`<>\\",
                            "a=%zz");
            var plain = endpoint.path(STORED);
            var head = new StringBuilder(endpoint.method() + " " + path(plain) + (query.isEmpty() ? "" : "?" + query)
                    + " HTTP/1.1\r\nHost: gateway.test\r\n");
            fields().forEach(field -> head.append(field.name())
                    .append(chance.of(": ", ":", ":  ", ":\t"))
                    .append(field.value())
                    .append(chance.of("", "", " "))
                    .append("\r\n"));
            var body = sent.toString().getBytes(UTF_8);
            var bytes = new ByteArrayOutputStream();
            var framed = framed(body, head);
            bytes.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
            bytes.writeBytes(framed);
            return new RequestMaker(
                    endpoint,
                    bytes.toByteArray(),
                    "/v1" + plain + (query.isEmpty() ? "" : "?" + query),
                    expected.toString().getBytes(UTF_8),
                    asksForUsage);
        }

        private String path(String plain) {
            var family = endpoint == Endpoint.MESSAGES || endpoint == Endpoint.COUNT_TOKENS ? "/anthropic" : "/openai";
            return chance.of("", "", "", family, "/my-product", "/my-product" + family)
                    + chance.of("/v1", "/v1", "/v1", "", "/v1/v1", "//v1")
                    + (chance.onceIn(8) ? plain.replace("/", "//") : plain)
                    + chance.of("", "", "", "/");
        }

        private void same(String text) {
            both(text, text);
        }

        private void both(String sent, String expected) {
            this.sent.append(sent);
            this.expected.append(expected);
        }

        private void object() {
            var members = new ArrayList<Edit>();
            if (endpoint != Endpoint.RESPONSES || !chance.onceIn(10)) {
                members.add(model());
            }
            boolean streamed = chance.onceIn(2);
            if (streamed || chance.onceIn(4)) {
                members.add(new Edit(json.member(json.name("stream"), streamed ? "true" : chance.of("false", "null"))));
            }
            boolean wished = streamed && endpoint == Endpoint.CHAT_COMPLETIONS;
            if (wished && !chance.onceIn(3)) {
                members.add(options());
                wished = false;
            }
            for (int i = chance.below(5); i > 0; i--) {
                members.add(new Edit(
                        json.member("\"" + chance.of("x", "messages", "input", "ä", "tools") + "\"", json.value(3))));
            }
            if (chance.onceIn(150)) {
                members.add(new Edit("\"large\":\"" + "x€".repeat(200_000 + chance.below(400_000)) + "\""));
            }
            chance.shuffle(members);
            asksForUsage |= wished;
            same(json.blanks() + "{");
            both("", wished ? "\"stream_options\":" + WISH + "," : "");
            for (int i = 0; i < members.size(); i++) {
                var comma = i == 0 ? "" : ",";
                both(comma + members.get(i).sent(), comma + members.get(i).expected());
            }
            same("}" + json.blanks());
        }

        private Edit model() {
            boolean anthropic = endpoint == Endpoint.MESSAGES || endpoint == Endpoint.COUNT_TOKENS;
            var edit = chance.of(anthropic ? ANTHROPIC : OPENAI);
            var name = json.name("model");
            var before = json.blanks() + name + json.blanks() + ":" + json.blanks();
            var after = json.blanks();
            var written = json.name(edit.sent());
            // A name that is the target's own is not touched, however it is written.
            var upstream = edit.sent().equals(edit.expected()) ? written : "\"" + edit.expected() + "\"";
            return new Edit(before + written + after, before + upstream + after);
        }

        private Edit options() {
            var edit = chance.of(OPTIONS);
            asksForUsage |= !edit.sent().equals(edit.expected());
            var before = json.blanks() + json.name("stream_options") + json.blanks() + ":" + json.blanks();
            var after = json.blanks();
            return new Edit(before + edit.sent() + after, before + edit.expected() + after);
        }

        private List<Field> fields() {
            var fields = new ArrayList<Field>();
            for (int i = chance.below(8); i > 0; i--) {
                fields.add(chance.of(PASSING));
            }
            for (int i = chance.below(4); i > 0; i--) {
                fields.add(chance.of(KEPT_BACK));
            }
            fields.add(
                    chance.onceIn(2)
                            ? new Field("Authorization", "Bearer " + Rig.KEY)
                            : new Field("X-API-Key", Rig.KEY));
            fields.add(new Field(RecordingProvider.CASE, name));
            fields.add(new Field("Content-Type", chance.of("application/json", "application/json; charset=utf-8")));
            chance.shuffle(fields);
            return fields;
        }

        private byte[] framed(byte[] body, StringBuilder head) {
            boolean bare = body.length == 0;
            if (bare) {
                if (endpoint.method().equals("POST")) {
                    head.append("Content-Length: 0\r\n");
                }
                return body;
            }
            var coded = body;
            if (chance.onceIn(10)) {
                head.append("Content-Encoding: gzip\r\n");
                coded = gzipped(body);
            }
            if (chance.onceIn(5)) {
                head.append("Transfer-Encoding: chunked\r\n");
                return Chunked.of(coded, chance.cuts(chance.below(5), coded.length));
            }
            head.append("Content-Length: ").append(coded.length).append("\r\n");
            return coded;
        }

        private static byte[] gzipped(byte[] body) {
            var out = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(out)) {
                gzip.write(body);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return out.toByteArray();
        }
    }
}
