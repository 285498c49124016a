package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// One model that we sell.
///
/// @param aliases other names of it; dated ones are names at its provider too
/// @param reasons true when it may think long before its first byte
/// @param preamble how long a stream of it that says nothing yet is held back while another target could take
/// over; null: as long as those of others
/// @param estimates of what its calls use
/// @param longContextBeta what must stand in `anthropic-beta` for a context of a million tokens; null: nothing
/// @param since the day of its oldest price
/// @param retires the first day on which its provider no longer serves it, where that is known
/// @param targets in the order they are tried; empty where we can only price it
public record Model(
        String id,
        Status status,
        Set<Shape> shapes,
        List<String> aliases,
        boolean reasons,
        @Nullable Duration preamble,
        Limits limits,
        Estimates estimates,
        @Nullable String longContextBeta,
        LocalDate since,
        @Nullable LocalDate retires,
        List<Target> targets) {

    /// Where a model stands in its life, in its provider's words.
    public enum Status {
        ACTIVE,
        ACTIVE_LIMITED,
        LEGACY,
        LEGACY_LIMITED,
        DEPRECATED,
        RETIRED_ON_ANTHROPIC;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// In tokens.
    ///
    /// @param output null for a model that writes none
    public record Limits(long context, @Nullable Long output) {
        private static final long MOST = 1_000_000_000_000L;

        public Limits {
            check("context", context);
            if (output != null) {
                check("output", output);
            }
        }

        private static void check(String name, long tokens) {
            if (tokens <= 0 || tokens > MOST) {
                throw new IllegalArgumentException("'limits." + name + "' must be from 1 to " + MOST + ": " + tokens);
            }
        }
    }

    private static final int BEYOND_BELIEF = 10;

    public Model {
        shapes = Set.copyOf(shapes);
        aliases = List.copyOf(aliases);
        targets = List.copyOf(targets);
    }

    /// All shapes are of one family.
    public Family family() {
        return shapes.iterator().next().family();
    }

    /// False for a report that cannot be true, and so tells nothing: a count below zero, or more tokens than ten times
    /// the context.
    public boolean believable(Usage usage) {
        var steps = usage.iterations().stream()
                .flatMapToLong(step -> LongStream.of(
                        step.input(), step.cacheRead(), step.cacheWrite5m(), step.cacheWrite1h(), step.output()));
        var counts = LongStream.of(
                usage.input(),
                usage.cacheRead(),
                usage.cacheWrite5m(),
                usage.cacheWrite1h(),
                usage.output(),
                usage.reasoning(),
                usage.audioInput(),
                usage.audioOutput(),
                usage.imageInput(),
                usage.imageOutput(),
                usage.webSearches());
        long most = limits.context() * BEYOND_BELIEF;
        return LongStream.concat(counts, steps).allMatch(count -> count >= 0 && count <= most)
                && usage.prompt() <= most;
    }
}
