package com.posthog.aigateway.provider;

import com.posthog.aigateway.call.Headers;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Whether a fallback target can serve a call as it was meant, and how the call is said there.
public sealed interface Fit {

    /// What the call asks for that not every target has: sorted names, the same for calls of the same kind. What a
    /// target once refused is remembered by them.
    Set<String> features();

    /// It can.
    ///
    /// @param body as it is sent to the target, whole
    /// @param headers of the caller, as they are sent there
    /// @param stripped what had to be left out, by name, and is not missed in the answer
    record As(Set<String> features, byte[] body, Headers headers, List<String> stripped) implements Fit {
        public As {
            features = Collections.unmodifiableSet(new TreeSet<>(features));
            stripped = List.copyOf(stripped);
        }
    }

    /// It cannot.
    ///
    /// @param why in a few words, without content: which member or header, and what the target lacks
    record Unfit(Set<String> features, String why) implements Fit {
        public Unfit {
            features = Collections.unmodifiableSet(new TreeSet<>(features));
        }
    }
}
