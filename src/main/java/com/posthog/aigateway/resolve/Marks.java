package com.posthog.aigateway.resolve;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;

/// Finds in JSON, and in events that hold JSON, the beginnings of what only the account that made it can read: the
/// signatures of thinking, thinking that is not shown, and encrypted reasoning. Bytes may come in pieces.
final class Marks {

    /// Members of Anthropic's `thinking`, `signature_delta` and `redacted_thinking`, and of OpenAI's `reasoning` items.
    private static final Set<String> MEMBERS = Set.of("signature", "data", "encrypted_content");

    private static final int LONGEST_MEMBER = 17;

    /// In bytes. What follows is told apart by its beginning: it is random after a short head.
    private static final int ENOUGH = 64;

    private static final int LEAST = 16;

    private enum State {
        OUTSIDE,
        NAME,
        BEFORE_COLON,
        BEFORE_VALUE,
        VALUE
    }

    private final Consumer<String> found;
    private final byte[] text = new byte[ENOUGH];
    private State state = State.OUTSIDE;
    private boolean escaped;
    private int length;

    /// @param found takes each, cut to its beginning
    Marks(Consumer<String> found) {
        this.found = found;
    }

    void read(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            read(bytes[at]);
        }
    }

    private void read(byte next) {
        switch (state) {
            case OUTSIDE -> {
                if (next == '"') {
                    begin(State.NAME);
                }
            }
            case BEFORE_COLON -> state = next == ':' ? State.BEFORE_VALUE : isSpace(next) ? state : State.OUTSIDE;
            case BEFORE_VALUE -> {
                if (next == '"') {
                    begin(State.VALUE);
                } else if (!isSpace(next)) {
                    state = State.OUTSIDE;
                }
            }
            case NAME, VALUE -> inside(next);
        }
    }

    private void begin(State string) {
        state = string;
        escaped = false;
        length = 0;
    }

    private void inside(byte next) {
        if (next == '\\' && !escaped) {
            escaped = true;
        } else if (next == '"' && !escaped) {
            end();
        } else {
            escaped = false;
            if (length < ENOUGH) {
                text[length] = next;
            }
            length++;
        }
    }

    private void end() {
        if (state == State.VALUE) {
            if (length >= LEAST) {
                found.accept(text(Math.min(length, ENOUGH)));
            }
            state = State.OUTSIDE;
        } else {
            boolean marks = length <= LONGEST_MEMBER && MEMBERS.contains(text(length));
            state = marks ? State.BEFORE_COLON : State.OUTSIDE;
        }
    }

    private String text(int length) {
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSpace(byte next) {
        return next == ' ' || next == '\t' || next == '\r' || next == '\n';
    }
}
