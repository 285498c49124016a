package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.catalogue.Latitude;
import com.posthog.aigateway.catalogue.Model;
import org.jspecify.annotations.Nullable;

/// How far a request lets its cost go, by what stands in it.
///
/// @param unbounded why it has no end; null where it has one
/// @param textOnly true when the whole input is text that stands in the request
/// @param output the request's own limit of tokens for one choice; the largest number where it sets none
/// @param choices how many outputs it asks for
/// @param latitude what of the price it leaves to its answer
record Reach(Bound.@Nullable Unbounded unbounded, boolean textOnly, long output, long choices, Latitude latitude) {

    /// Above this providers refuse.
    static final int MOST_CHOICES = 128;

    static Reach of(Call call, Model model) {
        return new ReachReader(call, model).read();
    }

    static boolean hasBeta(Call call, String part) {
        return call.headers().all("anthropic-beta").stream().anyMatch(value -> value.contains(part));
    }
}
