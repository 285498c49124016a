package com.posthog.aigateway.provider;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Takes the first chunk off a streamed chat of Azure's where it has no choices and tells only how the prompt was
/// filtered: clients of OpenAI's own house may choke on it. All else passes, byte for byte.
final class FiltersDropped implements Pieces {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PIECE = 4 << 10;
    /// An opening chunk that is larger than this is none of those.
    private static final int LARGEST = 64 << 10;

    private final Reply reply;
    private final byte[] buffer = new byte[PIECE];
    private byte[] opening = new byte[0];
    private boolean opened;
    private Reply.@Nullable Broken broken;

    private FiltersDropped(Reply reply) {
        this.reply = reply;
    }

    static Reply from(Call call, Reply reply) {
        boolean streamed = reply.headers()
                .first("content-type")
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                .orElse(false);
        return streamed && call.endpoint() == Endpoint.CHAT_COMPLETIONS && reply.status() < 400
                ? new Translated(reply, reply.status(), reply.headers(), new FiltersDropped(reply))
                : reply;
    }

    @Override
    public byte @Nullable [] next(Runnable beforeWaiting) throws Reply.Broken {
        if (broken != null) {
            throw broken;
        }
        if (opened) {
            int count = reply.read(buffer, 0, beforeWaiting);
            return count < 0 ? null : Arrays.copyOf(buffer, count);
        }
        try {
            int count = reply.read(buffer, 0, beforeWaiting);
            if (count < 0) {
                return opened();
            }
            int length = opening.length;
            opening = Arrays.copyOf(opening, length + count);
            System.arraycopy(buffer, 0, opening, length, count);
        } catch (Reply.Broken e) {
            broken = e;
            return opened();
        }
        int end = endOfEvent(opening);
        if (end < 0) {
            return opening.length < LARGEST ? new byte[0] : opened();
        }
        if (tellsOnlyFilters(new String(opening, 0, end, StandardCharsets.UTF_8))) {
            opening = Arrays.copyOfRange(opening, end, opening.length);
        }
        return opened();
    }

    private byte[] opened() {
        opened = true;
        return opening;
    }

    /// Behind the first blank line; -1 where none has come.
    private static int endOfEvent(byte[] bytes) {
        int lineStart = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                boolean blank = i == lineStart || (i == lineStart + 1 && bytes[lineStart] == '\r');
                if (blank) {
                    return i + 1;
                }
                lineStart = i + 1;
            }
        }
        return -1;
    }

    private static boolean tellsOnlyFilters(String event) {
        if (!event.startsWith("data:")) {
            return false;
        }
        try {
            var chunk = JSON.readTree(event.substring("data:".length()));
            return chunk.has("prompt_filter_results")
                    && chunk.path("choices").isArray()
                    && chunk.path("choices").isEmpty()
                    && !chunk.path("usage").isObject();
        } catch (IOException noJson) {
            return false;
        }
    }
}
