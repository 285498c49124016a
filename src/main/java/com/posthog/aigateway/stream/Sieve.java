package com.posthog.aigateway.stream;

import java.nio.charset.StandardCharsets;

/// Keeps the small top-level members of a JSON object that passes in pieces and is too large to hold: a member over the
/// bound is left out. What it keeps is a JSON object again.
final class Sieve {

    private static final int BOUND = 64 << 10;
    private static final int MOST = 16 * BOUND;

    private final GrowingBytes kept = new GrowingBytes(1024, MOST);
    private final GrowingBytes member = new GrowingBytes(1024, BOUND + 1);
    private int depth;
    private boolean inString;
    private boolean escaped;

    Sieve() {
        kept.add(new byte[] {'{'}, 0, 1);
    }

    void feed(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (inString) {
                passString(bytes, at);
            } else {
                pass(bytes, at);
            }
        }
    }

    private void passString(byte[] bytes, int at) {
        member.add(bytes, at, at + 1);
        if (escaped) {
            escaped = false;
        } else if (bytes[at] == '\\') {
            escaped = true;
        } else if (bytes[at] == '"') {
            inString = false;
        }
    }

    private void pass(byte[] bytes, int at) {
        switch (bytes[at]) {
            case '{', '[' -> {
                if (++depth > 1) {
                    member.add(bytes, at, at + 1);
                }
            }
            case '}', ']' -> {
                if (--depth == 0) {
                    endMember();
                } else {
                    member.add(bytes, at, at + 1);
                }
            }
            case ',' -> {
                if (depth == 1) {
                    endMember();
                } else {
                    member.add(bytes, at, at + 1);
                }
            }
            default -> {
                inString = bytes[at] == '"';
                member.add(bytes, at, at + 1);
            }
        }
    }

    private void endMember() {
        if (member.length() <= BOUND
                && kept.length() + member.length() + 2 <= MOST
                && !new String(member.array(), 0, member.length(), StandardCharsets.UTF_8).isBlank()) {
            if (kept.length() > 1) {
                kept.add(new byte[] {','}, 0, 1);
            }
            kept.add(member.array(), 0, member.length());
        }
        member.clear();
    }

    /// What was kept, as a JSON object; call once, at the end.
    byte[] json() {
        kept.add(new byte[] {'}'}, 0, 1);
        return kept.copy();
    }
}
