package com.posthog.aigateway.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a value lies on disk: a version byte, then JSON, or for content two byte arrays, each behind its length.
///
/// Members that are not known are passed over, so that a row outlives an upgrade and its undoing.
final class Rows {

    /// What came back from the disk as another thing than what was written.
    static final class Unreadable extends Exception {
        Unreadable(String what) {
            super(what, null, false, false);
        }
    }

    private static final byte VERSION = 1;
    private static final int USUAL_ROW = 2048;

    /// Instants and durations as ISO 8601 text, which keeps every nanosecond.
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Rows() {}

    static byte[] ofNoun(Object noun) {
        var row = new ByteArrayOutputStream(USUAL_ROW);
        row.write(VERSION);
        try {
            JSON.writeValue(row, noun);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return row.toByteArray();
    }

    static Intent intent(byte[] key, byte[] row) throws Unreadable {
        var intent = noun(row, Intent.class);
        check(key, intent);
        return intent;
    }

    static Receipt receipt(byte[] key, byte[] row) throws Unreadable {
        var receipt = noun(row, Receipt.class);
        check(key, receipt.intent());
        return receipt;
    }

    /// JSON can be in order and yet not be what we wrote.
    private static void check(byte[] key, @Nullable Intent intent) throws Unreadable {
        if (intent == null || !Key.id(key).equals(intent.id())) {
            throw new Unreadable("it is not of the call that its key names");
        }
        if (Stream.of(intent.at(), intent.endpoint(), intent.who(), intent.labels())
                .anyMatch(Objects::isNull)) {
            throw new Unreadable("something is missing in it");
        }
    }

    static <T> T noun(byte[] row, Class<T> kind) throws Unreadable {
        checkVersion(row);
        try {
            var noun = JSON.readValue(row, 1, row.length - 1, kind);
            if (noun == null) {
                throw new Unreadable("it holds null");
            }
            return noun;
        } catch (IOException e) {
            // Jackson's message would quote the row.
            throw new Unreadable(e.getClass().getSimpleName());
        }
    }

    static byte[] ofContent(Content content) {
        return ByteBuffer.allocate(1 + 2 * Integer.BYTES + content.request().length + content.answer().length)
                .put(VERSION)
                .putInt(content.request().length)
                .put(content.request())
                .putInt(content.answer().length)
                .put(content.answer())
                .array();
    }

    static Content content(byte[] row) throws Unreadable {
        checkVersion(row);
        try {
            var bytes = ByteBuffer.wrap(row, 1, row.length - 1);
            return new Content(part(bytes), part(bytes));
        } catch (BufferUnderflowException e) {
            throw new Unreadable("it is cut short");
        }
    }

    private static byte[] part(ByteBuffer bytes) {
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        var part = new byte[length];
        bytes.get(part);
        return part;
    }

    private static void checkVersion(byte[] row) throws Unreadable {
        if (row.length == 0 || row[0] != VERSION) {
            throw new Unreadable(row.length == 0 ? "it is empty" : "its version is " + row[0]);
        }
    }
}
