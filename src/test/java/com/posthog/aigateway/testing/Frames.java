package com.posthog.aigateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/// Messages of Bedrock's binary stream.
public final class Frames {

    private Frames() {}

    public static Message chunk(String event) {
        var bytes = Base64.getEncoder().encodeToString(event.getBytes(UTF_8));
        return event("chunk", "{\"bytes\":\"" + bytes + "\",\"p\":\"abcdefgh\"}");
    }

    public static Message event(String type, String payload) {
        return message(Map.of(":message-type", "event", ":event-type", type), payload);
    }

    public static Message exception(String type, String text) {
        return message(
                Map.of(":message-type", "exception", ":exception-type", type), "{\"message\": \"" + text + "\"}");
    }

    public static Message error(String code, String text) {
        return message(Map.of(":message-type", "error", ":error-code", code, ":error-message", text), "");
    }

    private static Message message(Map<String, String> headers, String payload) {
        var values = new TreeMap<String, HeaderValue>();
        headers.forEach((name, value) -> values.put(name, HeaderValue.fromString(value)));
        return new Message(values, payload.getBytes(UTF_8));
    }

    public static byte[] of(Message... messages) {
        var bytes = new ByteArrayOutputStream();
        for (var message : messages) {
            message.encode(bytes);
        }
        return bytes.toByteArray();
    }
}
