package com.posthog.aigateway.mock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/// In whose house a request is made: the family's own; at Azure or Bedrock's mantle, whose paths only begin otherwise;
/// or
/// at Bedrock's InvokeModel, where the model stands in the path and streams are binary.
///
/// @param path as in the family's own house
/// @param model of InvokeModel; empty elsewhere
/// @param stream true where InvokeModel's path asks for one
record Hosted(String path, String model, boolean stream) {

    private static final Pattern INVOKE = Pattern.compile("/model/([^/]+)/invoke(-with-response-stream)?");
    private static final List<String> PREFIXES = List.of("/openai/v1/", "/anthropic/v1/");
    private static final Header BINARY =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/vnd.amazon.eventstream");
    private static final Map<String, HeaderValue> CHUNK = Map.of(
            ":message-type", HeaderValue.fromString("event"),
            ":event-type", HeaderValue.fromString("chunk"),
            ":content-type", HeaderValue.fromString("application/json"));
    private static final String DATA = "data: ";

    static Hosted of(String path) {
        var invoke = INVOKE.matcher(path);
        if (invoke.matches()) {
            return new Hosted("/v1/messages", URLDecoder.decode(invoke.group(1), UTF_8), invoke.group(2) != null);
        }
        var prefix = PREFIXES.stream().filter(path::startsWith).findFirst().orElse("/v1/");
        return new Hosted(path.startsWith(prefix) ? "/v1/" + path.substring(prefix.length()) : path, "", false);
    }

    /// The body as it would be in the family's own house.
    ObjectNode body(ObjectNode body) {
        return model.isEmpty() ? body : body.put("model", model).put("stream", stream);
    }

    /// The answer as it is told here.
    Answer told(Answer answer) {
        return stream && answer.stream()
                ? new Answer(
                        answer.status(),
                        binary(answer.headers()),
                        true,
                        frames(answer.pieces()),
                        (sent, status) -> frames(answer.failing().events(sent, status)),
                        answer.work())
                : answer;
    }

    private static List<Header> binary(List<Header> headers) {
        var told = new ArrayList<>(headers);
        told.removeIf(header -> header.headerName().equals(HeaderNames.CONTENT_TYPE));
        told.add(BINARY);
        return told;
    }

    /// Bedrock sends no pings.
    private static List<byte[]> frames(List<byte[]> events) {
        return events.stream()
                .map(event -> new String(event, UTF_8))
                .filter(event -> !event.startsWith("event: ping"))
                .map(event -> frame(
                        event.substring(event.indexOf(DATA) + DATA.length()).strip()))
                .toList();
    }

    private static byte[] frame(String json) {
        var bytes = Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
        var frame = new ByteArrayOutputStream();
        new Message(CHUNK, ("{\"bytes\":\"" + bytes + "\",\"p\":\"abc\"}").getBytes(UTF_8)).encode(frame);
        return frame.toByteArray();
    }
}
