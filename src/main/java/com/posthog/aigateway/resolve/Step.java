package com.posthog.aigateway.resolve;

/// The ways to read a model's name, in the order they are tried. Each goes on from what the one before has left.
enum Step {
    EXACT("exact id, then alias"),
    DECORATION("blanks, case, [1m], @..., :latest"),
    WRAPPER("vendor prefixes, Bedrock ids, ARNs"),
    PUNCTUATION("dots and dashes"),
    LINE("families, -latest, dates");

    private final String words;

    Step(String words) {
        this.words = words;
    }

    Spelling clean(Spelling spelling) {
        return switch (this) {
            case EXACT, LINE -> spelling;
            case DECORATION -> spelling.undecorated();
            case WRAPPER -> spelling.unwrapped();
            case PUNCTUATION -> spelling.dashed();
        };
    }

    @Override
    public String toString() {
        return words;
    }
}
