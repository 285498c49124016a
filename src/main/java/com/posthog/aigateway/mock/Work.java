package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.call.Usage.Iteration;
import com.posthog.aigateway.call.Usage.Terms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an answer takes of its provider, and so what is charged, however little of it a caller sees.
///
/// @param input tokens of the request
/// @param visible tokens of the answer that a caller sees
/// @param hidden tokens of the answer that he does not
/// @param firstWord the number of the first event that carries output
/// @param words how many events do
record Work(Asked asked, Extras extras, int input, int visible, int hidden, int firstWord, int words) {

    private static final int MOST_OUTPUT = 128_000;

    static Work of(Asked asked, Content content, Extras extras) {
        int visible = content.tokens();
        int left = Math.max(0, asked.outputLimit().orElse(MOST_OUTPUT) - visible);
        return new Work(asked, extras, asked.inputTokens(), visible, Math.clamp(extras.reasoning(), 0, left), 0, 0);
    }

    static Work of(Asked asked, int output) {
        return new Work(asked, Directives.NONE.extras(), asked.inputTokens(), output, 0, 0, 0);
    }

    Work said(int firstWord, int words) {
        return new Work(asked, extras, input, visible, hidden, firstWord, words);
    }

    int read() {
        return input + extras.serverInput();
    }

    int written() {
        return visible + hidden;
    }

    boolean told() {
        return !extras.noUsage();
    }

    String tierOr(String usual) {
        return extras.tier().isEmpty() ? usual : extras.tier();
    }

    /// What was read to make the conversation shorter; only one family does that in an answer.
    int compacted() {
        return asked.family() == Family.ANTHROPIC ? extras.compaction() : 0;
    }

    int summary() {
        return compacted() / 10;
    }

    /// All that is charged once so much of the visible output was made.
    Usage charged(int made) {
        var steps = compacted() > 0
                ? List.of(new Iteration("compaction", null, compacted(), 0, 0, 0, summary()))
                : List.<Iteration>of();
        return usage(read(), made + hidden, new Terms(tier(), null, null), steps);
    }

    /// The part of it that the caller's request and a stream show.
    Usage shown(int made) {
        return usage(input, asked.stream() ? made : 0, Terms.NONE, List.of());
    }

    private @Nullable String tier() {
        return extras.tier().isEmpty() ? null : extras.tier();
    }

    private Usage usage(int in, int out, Terms terms, List<Iteration> steps) {
        return new Usage(in, 0, 0, 0, out, 0, 0, 0, 0, 0, 0, terms, steps);
    }

    /// The visible tokens that were made once so many events were sent.
    int made(int events) {
        int said = Math.clamp((long) events - firstWord, 0, words);
        return words == 0 ? 0 : Math.toIntExact(Math.ceilDiv((long) visible * said, words));
    }
}
