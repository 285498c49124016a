package com.posthog.aigateway.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

/// The families of rows. Their names are on disk: they stay.
enum Shelf {
    META("default"),
    INTENTS("intents"),
    RECEIPTS("receipts"),
    CONTENT("content"),
    UNDELIVERED("undelivered"),
    OWNERS("owners"),
    TOTALS("totals"),
    CHECKPOINTS("checkpoints"),
    ROSTER("roster"),
    REGISTER("register"),
    TALLIES("tallies");

    private final String word;

    Shelf(String word) {
        this.word = word;
    }

    byte[] bytes() {
        return word.getBytes(UTF_8);
    }

    @Override
    public String toString() {
        return word;
    }
}
