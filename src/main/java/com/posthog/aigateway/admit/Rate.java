package com.posthog.aigateway.admit;

/// A limit that is not money, as it holds for one call.
record Rate(Kind kind, long limit, Mode mode) {

    enum Kind {
        REQUESTS("requests_per_minute"),
        TOKENS("tokens_per_minute"),
        CONCURRENT("concurrent");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
