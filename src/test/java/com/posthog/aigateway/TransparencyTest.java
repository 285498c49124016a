package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Owner;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.testing.Line;
import com.posthog.aigateway.testing.Message;
import com.posthog.aigateway.testing.Proof;
import com.posthog.aigateway.testing.RecordingProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same made request, straight to a provider and through the gateway, on real sockets: the provider gets the same
/// bytes, and so does the caller, but for what [Transparency] lists.
class TransparencyTest {

    private static final int CASES = Proof.cases(1_600, 40_000);
    private static final int LINES = 4;

    private final Set<Endpoint> endpoints = ConcurrentHashMap.newKeySet();
    private final AtomicInteger spliced = new AtomicInteger();
    private final AtomicInteger streamed = new AtomicInteger();
    private final AtomicInteger followed = new AtomicInteger();

    @Test
    void passesTheSameBytesBothWays(@TempDir Path folder) throws Exception {
        try (var provider = new RecordingProvider();
                var rig = Rig.start(folder, "{}", provider.uri());
                var lines = Executors.newVirtualThreadPerTaskExecutor()) {
            rig.gateway
                    .journal()
                    .own(
                            RequestMaker.STORED,
                            new Owner("dev", "openai", Instant.now().plus(Duration.ofDays(1))));
            var parts = new ArrayList<Future<Integer>>();
            for (int first = 0; first < LINES; first++) {
                parts.add(lines.submit(part(first, provider, rig)));
            }
            int done = 0;
            for (var part : parts) {
                done += part.get();
            }
            assertThat(done).isEqualTo(CASES);
        }
        assertThat(endpoints).containsAll(RequestMaker.ENDPOINTS);
        assertThat(spliced.get()).isGreaterThan(CASES / 10);
        assertThat(streamed.get()).isGreaterThan(CASES / 10);
        assertThat(followed.get()).isGreaterThan(CASES / 100);
        Proof.tell("calls direct and through the gateway: " + CASES + ", of which " + spliced + " spliced, " + streamed
                + " streamed, " + followed + " ended by our own error event");
    }

    /// Every so manieth case, on lines of its own.
    private Callable<Integer> part(int first, RecordingProvider provider, Rig rig) {
        return () -> {
            int done = 0;
            try (var direct = new Line(provider.port());
                    var through = new Line(rig.gateway.port())) {
                for (int number = first; number < CASES; number += LINES) {
                    try {
                        check(number, provider, direct, through);
                    } catch (IOException broken) {
                        throw new AssertionError("case-" + number + " broke", broken);
                    }
                    done++;
                }
            }
            return done;
        };
    }

    private void check(int number, RecordingProvider provider, Line direct, Line through) throws IOException {
        var chance = Proof.chance(number);
        var name = "case-" + number;
        var request = RequestMaker.of(name, chance);
        var answer = AnswerMaker.to(request, chance);
        provider.prepare(name, answer.answer());
        try {
            var got = direct.ask(request.bytes());
            var asked = provider.take(name);
            var gotThrough = through.ask(request.bytes());
            if (gotThrough.status() != got.status()
                    || gotThrough.first("x-posthog-attempts").isEmpty()) {
                assertThat(gotThrough.start() + "\n" + new String(gotThrough.body(), UTF_8))
                        .as("%s: %s", name, new String(request.bytes(), ISO_8859_1))
                        .isEqualTo(got.start());
            }
            compareRequests(name, request, asked, provider.take(name));
            compareAnswers(name, answer, got, gotThrough, asked.first("te").equals("trailers"));
            endpoints.add(request.endpoint());
            spliced.addAndGet(Arrays.equals(asked.body(), request.body()) ? 0 : 1);
            streamed.addAndGet(got.first("content-type").startsWith("text/event-stream") ? 1 : 0);
            followed.addAndGet(answer.complete() ? 0 : 1);
        } finally {
            provider.forget(name);
        }
    }

    private static void compareRequests(String name, RequestMaker request, Message sent, Message passed) {
        assertThat(passed.start())
                .as(name)
                .isEqualTo(request.endpoint().method() + " " + request.target() + " HTTP/1.1");
        same(name, passed.body(), request.body());
        var values = passed.values();
        var ours = Transparency.without(
                values, Transparency.ofRequest(sent.values()).keySet());
        assertThat(Transparency.without(values, Transparency.REQUEST_ADDED))
                .as(name)
                .isEqualTo(Transparency.ofRequest(sent.values()));
        assertThat(Transparency.REQUEST_ADDED).as(name).containsAll(ours.keySet());
        assertThat(passed.first("accept-encoding")).isEqualTo("identity");
        boolean anthropic = request.endpoint().shape() == Shape.ANTHROPIC_MESSAGES;
        assertThat(passed.first(anthropic ? "x-api-key" : "authorization"))
                .isEqualTo(anthropic ? "provider-key-anthropic" : "Bearer provider-key-openai");
        assertThat(passed.first(anthropic ? "authorization" : "x-api-key")).isEmpty();
    }

    private static void compareAnswers(
            String name, AnswerMaker answer, Message sent, Message passed, boolean takesTrailers) {
        assertThat(passed.status()).as(name).isEqualTo(answer.status());
        var theirs = Transparency.ofAnswer(sent.values());
        var added = new HashSet<>(Transparency.ANSWER_ADDED_WHERE_MISSING);
        added.removeAll(theirs.keySet());
        added.addAll(Transparency.ANSWER_ADDED);
        if (takesTrailers) {
            added.addAll(Transparency.ANSWER_ADDED_FOR_TRAILERS);
        }
        assertThat(Transparency.without(passed.values(), added)).as(name).isEqualTo(theirs);
        assertThat(passed.whole()).as(name).isTrue();
        if (passed.status() == 204) {
            // RFC 9112, section 6.1. (The server says `Content-Length: 0`, which section 8.6 of RFC 9110 would not.)
            assertThat(passed.first("transfer-encoding")).as(name).isEmpty();
        }
        if (answer.complete()) {
            same(name, passed.body(), answer.body());
        } else {
            int length = answer.body().length;
            assertThat(passed.body()).as(name).hasSizeGreaterThan(length);
            same(name, Arrays.copyOf(passed.body(), length), answer.body());
            assertThat(new String(passed.body(), length, passed.body().length - length, UTF_8))
                    .as(name)
                    .matches("(event: error\n)?data: \\{.*\\}\n\n");
        }
    }

    private static void same(String name, byte[] got, byte[] expected) {
        if (!Arrays.equals(got, expected)) {
            assertThat(new String(got, ISO_8859_1)).as(name).isEqualTo(new String(expected, ISO_8859_1));
        }
    }
}
