package com.posthog.aigateway.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// How this member answers, by subject.
final class Answers {

    private final Map<String, UnaryOperator<byte[]>> handlers = new ConcurrentHashMap<>();

    void give(String subject, UnaryOperator<byte[]> handler) {
        if (handlers.putIfAbsent(subject, handler) != null) {
            throw new IllegalStateException("two want to answer '" + subject + "'");
        }
    }

    byte[] to(String subject, byte[] question) {
        var handler = handlers.get(subject);
        if (handler == null) {
            throw new IllegalStateException("nobody here answers '" + subject + "'");
        }
        return handler.apply(question);
    }
}
