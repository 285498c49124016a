package com.posthog.aigateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/// Reads a recorded binary stream by hand, and tells it as a caller of Anthropic's Messages must see it.
final class BinaryStream {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// Anthropic's types of error, for the kinds that were recorded.
    private static final Map<String, String> ERRORS = Map.of(
            "throttlingException", "rate_limit_error",
            "serviceUnavailableException", "overloaded_error",
            "modelStreamErrorException", "api_error",
            "InternalFailure", "api_error");

    private BinaryStream() {}

    /// @param request its name, as errors tell it
    static String asEvents(byte[] bytes, String request) throws IOException {
        var events = new StringBuilder();
        var left = ByteBuffer.wrap(bytes);
        while (left.remaining() >= 12 && left.remaining() >= left.getInt(left.position())) {
            var frame = new byte[left.getInt(left.position())];
            left.get(frame);
            var sum = new CRC32();
            sum.update(frame, 0, frame.length - 4);
            if ((int) sum.getValue() != ByteBuffer.wrap(frame).getInt(frame.length - 4)) {
                break;
            }
            tell(ByteBuffer.wrap(frame), events, request);
        }
        return events.toString();
    }

    private static void tell(ByteBuffer frame, StringBuilder events, String request) throws IOException {
        int headersLength = frame.getInt(4);
        var headers = headers(frame.slice(12, headersLength));
        var payload = new byte[frame.capacity() - 16 - headersLength];
        frame.get(12 + headersLength, payload);
        switch (headers.getOrDefault(":message-type", "")) {
            case "event" -> event(JSON.readTree(payload).path("bytes").binaryValue(), events);
            case "exception" ->
                error(
                        headers.getOrDefault(":exception-type", ""),
                        JSON.readTree(payload).path("message").asText(),
                        events,
                        request);
            default ->
                error(
                        headers.getOrDefault(":error-code", ""),
                        headers.getOrDefault(":error-message", ""),
                        events,
                        request);
        }
    }

    private static Map<String, String> headers(ByteBuffer bytes) {
        var headers = new TreeMap<String, String>();
        while (bytes.hasRemaining()) {
            var name = new byte[bytes.get()];
            bytes.get(name);
            bytes.get();
            var value = new byte[bytes.getShort()];
            bytes.get(value);
            headers.put(new String(name, UTF_8), new String(value, UTF_8));
        }
        return headers;
    }

    private static void event(byte[] json, StringBuilder events) throws IOException {
        var event = (ObjectNode) JSON.readTree(json);
        var type = event.path("type").asText();
        var text = new String(json, UTF_8);
        if (event.has("amazon-bedrock-invocationMetrics")) {
            event.remove("amazon-bedrock-invocationMetrics");
            text = event.toString();
        }
        events.append("event: ").append(type).append("\ndata: ").append(text).append("\n\n");
    }

    private static void error(String kind, String message, StringBuilder events, String request) {
        var event = JSON.createObjectNode().put("type", "error");
        event.putObject("error").put("type", ERRORS.get(kind)).put("message", message);
        event.put("request_id", request);
        events.append("event: error\ndata: ").append(event).append("\n\n");
    }
}
