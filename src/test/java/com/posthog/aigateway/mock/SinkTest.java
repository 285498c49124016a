package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.http.HttpResponse;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinkTest {
    private static final String EVENT =
            "{\"event\":\"$ai_generation\",\"uuid\":\"u-1\",\"distinct_id\":\"d\",\"n\":0.10}";
    private static final String BATCH = "{\"api_key\":\"phc_dev\",\"batch\":[" + EVENT + "]}";
    private static final String[] V1 = {
        "Authorization",
        "Bearer phc_dev",
        "PostHog-Sdk-Info",
        "test/1",
        "PostHog-Attempt",
        "1",
        "PostHog-Request-Id",
        "r",
        "PostHog-Request-Timestamp",
        "2026-11-23T00:00:00Z"
    };

    private final Sink sink = Sink.start(0);

    @AfterEach
    void close() {
        sink.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/batch", "/batch/", "/i/v0/ai/batch", "/i/v0/ai/batch/"})
    void takesABatch(String path) {
        var response = Wire.post(sink.uri(), path, BATCH);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Wire.text(response)).isEqualTo("{\"status\":1}");
        assertThat(sink.events()).hasToString("[" + EVENT + "]");
    }

    @Test
    void takesACompressedBatch() throws IOException {
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(BATCH.getBytes(UTF_8));
        }

        Wire.send(sink.uri(), "/batch/", "POST", compressed.toByteArray(), "Content-Encoding", "gzip");

        assertThat(sink.events()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    /batch/          | nonsense                                                         | 400 | no JSON object
                    /batch/          | {"api_key":"k","batch":[]}                                       | 400 | request holds no event
                    /batch/          | {"batch":[{"event":"e","distinct_id":"d"}]}                      | 401 | API key
                    /batch/          | {"token":"k","batch":[{"distinct_id":"d"}]}                      | 400 | event name
                    /batch/          | {"token":"k","batch":[{"event":"e"}]}                            | 400 | distinct_id
                    /i/v0/ai/batch/  | {"token":"k","batch":[{"event":"$pageview","distinct_id":"d"}]}  | 400 | not an AI event
                    """)
    void refusesABatchInPlainText(String path, String body, int status, String part) {
        var response = Wire.post(sink.uri(), path, body);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Wire.text(response)).contains(part);
        assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
        assertThat(sink.events()).isEmpty();
    }

    @Test
    void refusesTheWholeBatchForOneBigEvent() {
        var big = EVENT.replace("u-1", "u-big").replace("0.10", "\"" + "x".repeat(8 << 20) + "\"");

        var response = Wire.post(sink.uri(), "/i/v0/ai/batch/", BATCH.replace("[", "[" + big + ","));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(Wire.text(response)).startsWith("AI event $ai_generation (uuid u-big) is ");
        assertThat(sink.events()).isEmpty();
    }

    @Test
    void judgesEachEventByItself() {
        var response =
                v1("/i/v1/ai/events", EVENT + "," + EVENT.replace("u-1", "u-2").replace("$ai_", "page_"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Wire.text(response))
                .isEqualTo("{\"results\":{\"u-1\":{\"result\":\"ok\"},"
                        + "\"u-2\":{\"result\":\"drop\",\"details\":\"non_ai_event\"}}}");
        assertThat(sink.events()).hasSize(1);
    }

    @Test
    void takesOtherEventsOnTheirOwnLane() {
        assertThat(v1("/i/v1/analytics/events", EVENT.replace("$ai_", "page_")).statusCode())
                .isEqualTo(200);
        assertThat(sink.events()).hasSize(1);
    }

    @Test
    void refusesTheSecondProtocolInJson() {
        assertThat(Wire.text(v1("/i/v1/ai/events", EVENT + "," + EVENT))).contains("duplicate_event_uuid");
        assertThat(Wire.text(v1("/i/v1/ai/events", EVENT.replace("uuid", "id"))))
                .contains("missing_event_uuid");
        assertThat(Wire.text(v1("/i/v1/ai/events", ""))).contains("empty_batch");
        assertThat(Wire.post(sink.uri(), "/i/v1/ai/events", BATCH).statusCode()).isEqualTo(401);
        assertThat(Wire.text(Wire.post(sink.uri(), "/i/v1/ai/events", BATCH, "Authorization", "Bearer phc_dev")))
                .contains("missing_required_headers");
    }

    @Test
    void showsWhatCameTwiceTwice() {
        Wire.post(sink.uri(), "/batch/", BATCH);
        Wire.post(sink.uri(), "/batch/", BATCH);

        assertThat(Wire.text(Wire.get(sink.uri(), "/events"))).isEqualTo("[" + EVENT + "," + EVENT + "]");

        Wire.send(sink.uri(), "/events", "DELETE", new byte[0]);
        assertThat(sink.events()).isEmpty();
    }

    @Test
    void failsAsOftenAsItIsTold() {
        fail("{\"status\":503,\"times\":2,\"retry_after\":1,\"delay_ms\":1,\"path\":\"/i/v0/ai/batch\"}");

        assertThat(Wire.post(sink.uri(), "/batch/", BATCH).statusCode()).isEqualTo(200);
        var failed = Wire.post(sink.uri(), "/i/v0/ai/batch/", BATCH);
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.headers().firstValue("retry-after")).hasValue("1");
        assertThat(Wire.post(sink.uri(), "/i/v0/ai/batch/", BATCH).statusCode()).isEqualTo(503);
        assertThat(Wire.post(sink.uri(), "/i/v0/ai/batch/", BATCH).statusCode()).isEqualTo(200);
        assertThat(sink.events()).hasSize(2);
    }

    @Test
    void failsUntilItIsToldToStop() {
        sink.fail(Failure.of(500, Failure.ALWAYS));
        assertThat(Wire.post(sink.uri(), "/batch/", BATCH).statusCode()).isEqualTo(500);
        assertThat(Wire.text(v1("/i/v1/ai/events", EVENT))).contains("\"error\":\"failed_as_asked\"");

        fail("{}");
        assertThat(Wire.post(sink.uri(), "/batch/", BATCH).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAFaultItDoesNotKnow() {
        var response = Wire.post(sink.uri(), "/fail", "{\"staus\":503}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Wire.text(response)).contains("unknown member 'staus'");
    }

    @Test
    void hasNoFlags() {
        assertThat(Wire.text(Wire.post(sink.uri(), "/flags/?v=2", "{}"))).startsWith("{\"flags\":{}");
    }

    @Test
    void saysClearlyThatThePortIsTaken() {
        assertThatThrownBy(() -> Sink.start(sink.port()))
                .isInstanceOf(UncheckedIOException.class)
                .hasCauseInstanceOf(BindException.class);
    }

    private void fail(String json) {
        assertThat(Wire.post(sink.uri(), "/fail", json).statusCode()).isEqualTo(200);
    }

    private HttpResponse<byte[]> v1(String path, String events) {
        return Wire.post(sink.uri(), path, "{\"batch\":[" + events + "]}", V1);
    }
}
