package com.posthog.aigateway.provider;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.call.Reply.Broken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/// Bedrock's binary stream (application/vnd.amazon.eventstream) as the server-sent events that Anthropic's own house
/// would send. What AWS says of an error becomes the stream's own error event, but for what it says of our account. A
/// stream that ends inside a message, or
/// whose checksums do not hold, is broken.
final class EventStream implements Pieces {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> AWS_OWN = Set.of("amazon-bedrock-invocationMetrics");

    /// Lengths and their checksum; then the rest of the smallest message.
    private static final int PRELUDE = 12;

    private static final int SMALLEST = 16;
    private static final int LARGEST = 24 << 20;

    private static final String BROKEN_OFF = "the provider broke off its answer";
    private static final String REJECTED =
            "the provider rejected this gateway's own key; its operators must mend that, a retry will not help";

    private final Reply reply;
    private final @Nullable String request;
    private byte[] buffer = new byte[8 << 10];
    private int length;
    private boolean over;
    private @Nullable Broken broken;

    EventStream(Reply reply) {
        this.reply = reply;
        this.request = reply.headers().first("x-amzn-requestid").orElse(null);
    }

    @Override
    public byte @Nullable [] next(Runnable beforeWaiting) throws Broken {
        if (broken != null) {
            throw broken;
        }
        if (over) {
            return null;
        }
        int count = reply.read(buffer, length, beforeWaiting);
        if (count < 0) {
            if (length > 0) {
                throw new Broken(Broken.How.CUT_OFF, "the stream ended inside a message");
            }
            return null;
        }
        length += count;
        return decoded();
    }

    /// What is whole goes on, also before a message that is not.
    private byte[] decoded() {
        var events = new ByteArrayOutputStream();
        int at = 0;
        try {
            while (!over && length - at >= PRELUDE) {
                int size = size(at);
                if (length - at < size) {
                    break;
                }
                write(Message.decode(ByteBuffer.wrap(Arrays.copyOfRange(buffer, at, at + size))), events);
                at += size;
            }
            keep(at);
        } catch (IllegalArgumentException | BufferUnderflowException | IOException notOne) {
            broken = new Broken(Broken.How.CUT_OFF, "a message of the stream cannot be read");
        }
        return events.toByteArray();
    }

    private void keep(int from) {
        length -= from;
        System.arraycopy(buffer, from, buffer, 0, length);
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * length);
        }
    }

    /// The whole length of the message there, once its own checksum holds.
    private int size(int at) {
        var prelude = ByteBuffer.wrap(buffer, at, PRELUDE);
        int size = prelude.getInt();
        var sum = new CRC32();
        sum.update(buffer, at, PRELUDE - Integer.BYTES);
        boolean holds = (int) sum.getValue()
                == ByteBuffer.wrap(buffer, at + 8, Integer.BYTES).getInt();
        if (!holds || size < SMALLEST || size > LARGEST) {
            throw new IllegalArgumentException("no message of the stream begins like this");
        }
        return size;
    }

    private void write(Message message, ByteArrayOutputStream events) throws IOException {
        var headers = message.getHeaders();
        switch (text(headers, ":message-type")) {
            case "event" -> {
                if (text(headers, ":event-type").equals("chunk")) {
                    writeEvent(JSON.readTree(message.getPayload()).path("bytes").binaryValue(), events);
                }
            }
            case "exception" ->
                writeError(
                        text(headers, ":exception-type"),
                        AwsAnswer.message(JSON.readTree(message.getPayload())),
                        events);
            case "error" -> writeError(text(headers, ":error-code"), text(headers, ":error-message"), events);
            default -> throw new IOException("a message of an unknown type");
        }
    }

    private static void writeEvent(byte @Nullable [] event, ByteArrayOutputStream events) throws IOException {
        if (event == null) {
            throw new IOException("a chunk without bytes");
        }
        var members = Members.of(event);
        var type = members.text("type").orElse("");
        var told = type.equals("message_stop") ? Members.joined(members.but(AWS_OWN, List.of())) : event;
        write(type, told, events);
    }

    private void writeError(String name, String what, ByteArrayOutputStream events) {
        over = true;
        var error = AwsError.of(name, 0);
        var message = error.isAboutOurAccount() ? REJECTED : what.isEmpty() ? BROKEN_OFF : what;
        write("error", error.body(Family.ANTHROPIC, message, request), events);
    }

    private static void write(String name, byte[] json, ByteArrayOutputStream events) {
        if (!name.isEmpty()) {
            events.writeBytes(("event: " + name + "\n").getBytes(StandardCharsets.UTF_8));
        }
        events.writeBytes("data: ".getBytes(StandardCharsets.UTF_8));
        for (byte one : json) {
            // Between JSON's tokens a line may end; in an event it may not.
            events.write(one == '\n' || one == '\r' ? ' ' : one);
        }
        events.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Map<String, HeaderValue> headers, String name) {
        var value = headers.get(name);
        return value == null ? "" : value.getString();
    }
}
