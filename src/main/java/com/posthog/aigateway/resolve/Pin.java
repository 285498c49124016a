package com.posthog.aigateway.resolve;

import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a caller's headers say of who may answer: one provider and no other, where they name it.
///
/// @param provider null: any
/// @param bedrock false where Bedrock must not take over; as the first target of a model it is no fallback
record Pin(@Nullable String provider, boolean bedrock) {

    private static final String PROVIDER = "X-PostHog-Provider";
    private static final String FALLBACK = "X-PostHog-Use-Bedrock-Fallback";

    /// Refusal: a value that means nothing here. To guess would send a call where its caller does not want it.
    static Pin of(Headers headers, Catalogue catalogue) {
        var fallback = only(FALLBACK, headers).orElse("true");
        if (!fallback.equals("true") && !fallback.equals("false")) {
            throw malformed(FALLBACK + " must be true or false: " + Spelling.quoted(fallback));
        }
        var named = only(PROVIDER, headers).orElse(null);
        if (named == null) {
            return new Pin(null, fallback.equals("true"));
        }
        var known = catalogue.providers().stream().map(Provider::id).toList();
        if (!known.contains(named)) {
            throw malformed(PROVIDER + " names " + Spelling.quoted(named) + ", which is no provider here; known are "
                    + String.join(", ", known));
        }
        return new Pin(named, true);
    }

    private static Optional<String> only(String name, Headers headers) {
        var values = headers.all(name);
        if (new HashSet<>(values).size() > 1) {
            throw malformed(name + " stands twice, with different values; send it once");
        }
        return values.stream().findFirst();
    }

    /// The targets of that provider: the first, as no other is to take over. Refusal: there are none.
    ///
    /// @param model for whom they are, quoted
    List<Target> narrow(List<Target> targets, String model) {
        if (provider == null) {
            return bedrock ? targets : withoutBedrock(targets);
        }
        var left = targets.stream()
                .filter(target -> target.provider().id().equals(provider))
                .limit(1)
                .toList();
        if (left.isEmpty()) {
            var others = targets.stream()
                    .map(target -> target.provider().id())
                    .distinct()
                    .collect(Collectors.joining(", "));
            throw malformed(PROVIDER + " names '" + provider + "', which does not serve model " + model
                    + " here; name one that does (" + others + "), or leave the header out");
        }
        return left;
    }

    private static List<Target> withoutBedrock(List<Target> targets) {
        var first = targets.getFirst();
        return targets.stream()
                .filter(target ->
                        target.equals(first) || !target.provider().wire().isBedrock())
                .toList();
    }

    private static Refusal malformed(String what) {
        return new Refusal(Reason.MALFORMED, what);
    }
}
