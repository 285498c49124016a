package com.posthog.aigateway.runaway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.config.CallerSettings.Mode;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What is stopped for a while: all billed calls of a credential, or one body of it.
///
/// @param what names it: `credential:<id> spend`, or `credential:<id> body:<digest>`
/// @param why as a sentence for operators and callers, without content
/// @param limit and `used` as in a refusal
/// @param mode in which it was opened: in shadow nothing is refused
public record Breaker(
        String what,
        String credential,
        String team,
        Kind kind,
        String why,
        String limit,
        String used,
        Mode mode,
        Instant openedAt,
        Instant until) {

    /// Which of the rules has opened it.
    public enum Kind {
        SAME_BODY,
        USD_PER_MINUTE,
        TIMES_BASELINE;

        /// As in YAML, in errors and in metrics.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What a fact says beside its name and its times.
    private record Value(String credential, String team, Kind kind, String why, String limit, String used, Mode mode) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BODY = " body:";

    static String ofSpend(String credential) {
        return "credential:" + credential + " spend";
    }

    static String ofBody(String credential, Digest body) {
        return "credential:" + credential + BODY + body;
    }

    /// Null where all bodies are stopped.
    @Nullable
    Digest body() {
        return kind == Kind.SAME_BODY ? Digest.parse(what.substring(what.lastIndexOf(BODY) + BODY.length())) : null;
    }

    /// The value of its fact.
    String value() {
        try {
            return JSON.writeValueAsString(new Value(credential, team, kind, why, limit, used, mode));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words are JSON", e);
        }
    }

    /// IllegalArgumentException: the fact is no breaker that this version knows.
    static Breaker of(String what, Fact fact) {
        try {
            var value = JSON.readValue(Objects.requireNonNullElse(fact.value(), "null"), Value.class);
            if (value == null || fact.until() == null) {
                throw new IllegalArgumentException("'" + fact.name() + "' has no end, or says nothing");
            }
            return new Breaker(
                    what,
                    value.credential(),
                    value.team(),
                    value.kind(),
                    value.why(),
                    value.limit(),
                    value.used(),
                    value.mode(),
                    fact.at(),
                    fact.until());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("'" + fact.name() + "' cannot be read", e);
        }
    }
}
