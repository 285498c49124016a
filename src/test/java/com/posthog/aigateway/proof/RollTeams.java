package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Who asks during a rolling restart: many teams with room for all they ask, so that each replica decides some of their
/// ledgers, and three that meet a limit. All have a strict budget.
final class RollTeams {

    static final List<Team> WIDE = IntStream.range(0, 30)
            .mapToObj(number -> team(String.format(Locale.ROOT, "w%03d", number)))
            .toList();

    /// Shows what one call of the counted team holds and costs; their names are of one length, and so are their bodies.
    static final Team TASTER = team("taste");

    static final Team COUNTED = team("count");
    static final Team PLACES = team("place");
    static final Team RATED = team("rated");
    static final String WINDOW = "lifetime";

    private static final String WIDE_USD = "1000";
    private static final List<Profile.Shape> SHAPES = List.of(Profile.Shape.values());
    private static final int PROMPT = 200;
    private static final int MOST_WORDS = 200;

    private RollTeams() {}

    private static Team team(String name) {
        return new Team("roll-" + name, Team.Kind.STRICT, WINDOW, Money.parse(WIDE_USD));
    }

    static List<Team> all() {
        return Stream.concat(WIDE.stream(), Stream.of(TASTER, COUNTED, PLACES, RATED))
                .toList();
    }

    static List<CallersFile.Entry> entries(RollPlan plan) {
        return all().stream().map(team -> entry(team, plan)).toList();
    }

    private static CallersFile.Entry entry(Team team, RollPlan plan) {
        var budget = CallersFile.budget("team", WINDOW, WIDE_USD, team.kind());
        var limits = team.equals(PLACES)
                ? List.of(Binding.limit("concurrent", plan.places()))
                : team.equals(RATED) ? List.of(Binding.limit("requests_per_minute", plan.rate())) : List.<String>of();
        return new CallersFile.Entry(team, List.of(budget), limits);
    }

    /// A stream of about this length, of one shape after the other.
    static Profile.Row stream(long number, Duration length) {
        // One piece is for the first event and one for the end; the gap is between two.
        long gap = length.compareTo(Duration.ofSeconds(10)) > 0 ? 1_000 : 200;
        long words = Math.max(1, length.toMillis() / gap - 3);
        return row(number, true, "words=" + words + ",chunk-gap=" + gap + "ms");
    }

    /// A short call, of one shape after the other, streamed and not.
    static Profile.Row call(long number) {
        return number % 2 == 0 ? row(number / 2, true, "words=8,chunk-gap=20ms") : row(number / 2, false, "words=8");
    }

    /// Costs nearly what it holds.
    ///
    /// @param answer how late the provider answers
    static Profile.Row tight(Duration answer) {
        return new Profile.Row(
                Team.Kind.TIGHT,
                1,
                Profile.Shape.MESSAGES,
                false,
                PROMPT,
                3_000,
                0,
                "words=20,reasoning=2980,delay=" + answer.toMillis() + "ms",
                "");
    }

    private static Profile.Row row(long number, boolean stream, String directives) {
        var shape = SHAPES.get(Math.toIntExact(number % SHAPES.size()));
        return new Profile.Row(Team.Kind.STRICT, 1, shape, stream, PROMPT, MOST_WORDS, 0, directives, "");
    }
}
