package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.config.CallerSettings;
import com.posthog.aigateway.config.CallerSettings.AtLimit;
import com.posthog.aigateway.config.CallerSettings.Budget;
import com.posthog.aigateway.config.CallerSettings.Guarantee;
import com.posthog.aigateway.config.CallerSettings.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The budgets and limits of one scope, as the configuration has them, for every account of that scope.
record Rules(List<Line> budgets, List<Rate> rates) {

    static final Rules NONE = new Rules(List.of(), List.of());

    /// One budget.
    ///
    /// @param finish true where a stream that has begun runs on at the limit
    record Line(Cap cap, boolean strict, boolean finish) {}

    Rules {
        budgets = List.copyOf(budgets);
        rates = List.copyOf(rates);
    }

    /// Those that are for this scope, or name none; what is off is left out.
    static Rules of(Scope scope, List<Budget> budgets, List<Limit> limits) {
        var lines = new ArrayList<Line>();
        for (var budget : budgets) {
            var mode = mode(budget.mode());
            if (mode != null && isFor(scope, budget.scope())) {
                lines.add(new Line(
                        new Cap(budget.window(), Money.ofUsd(budget.usd()).nanos(), mode),
                        budget.guarantee() == Guarantee.STRICT,
                        budget.atLimit() == AtLimit.FINISH));
            }
        }
        var rates = new ArrayList<Rate>();
        for (var limit : limits) {
            var mode = mode(limit.mode());
            if (mode != null && isFor(scope, limit.scope())) {
                add(rates, Rate.Kind.REQUESTS, limit.requestsPerMinute(), mode);
                add(rates, Rate.Kind.TOKENS, limit.tokensPerMinute(), mode);
                add(rates, Rate.Kind.CONCURRENT, limit.concurrent(), mode);
            }
        }
        return new Rules(lines, rates);
    }

    private static boolean isFor(Scope scope, @Nullable Scope named) {
        return named == null || named == scope;
    }

    private static @Nullable Mode mode(CallerSettings.Mode mode) {
        return switch (mode) {
            case ENFORCE -> Mode.ENFORCE;
            case SHADOW -> Mode.SHADOW;
            case OFF -> null;
        };
    }

    private static void add(List<Rate> rates, Rate.Kind kind, @Nullable Long limit, Mode mode) {
        if (limit != null) {
            rates.add(new Rate(kind, limit, mode));
        }
    }

    /// With a budget for a whole life.
    Rules withLifetime(@Nullable Money lifetime) {
        if (lifetime == null) {
            return this;
        }
        var lines = new ArrayList<>(budgets);
        lines.add(new Line(new Cap(Window.LIFETIME, lifetime.nanos(), Mode.ENFORCE), false, false));
        return new Rules(lines, rates);
    }

    boolean isEmpty() {
        return budgets.isEmpty() && rates.isEmpty();
    }

    /// What a call asks of one account. An account has one amount: what budgets that refuse want goes before
    /// what those want that only watch.
    Stake stake(Account account, Overrides overrides) {
        boolean enforced = budgets.stream().anyMatch(Rules::isEnforced);
        boolean binding = budgets.stream().anyMatch(line -> line.strict() && isEnforced(line));
        boolean strict = binding || (!enforced && budgets.stream().anyMatch(Line::strict));
        var caps = budgets.stream()
                .map(line -> overridden(account, line.cap(), overrides))
                .toList();
        var limits =
                rates.stream().map(rate -> overridden(account, rate, overrides)).toList();
        return new Stake(account, strict, binding, caps, limits, finishing());
    }

    private static boolean isEnforced(Line line) {
        return line.cap().mode() == Mode.ENFORCE;
    }

    private Set<Window> finishing() {
        return budgets.stream()
                .filter(Line::finish)
                .map(line -> line.cap().window())
                .collect(Collectors.toSet());
    }

    private static Cap overridden(Account account, Cap cap, Overrides overrides) {
        long limit = overrides.limit(account, cap.window().word()).orElse(cap.nanos());
        long refilled = overrides.refilled(account, cap.window());
        // No sum of amounts in the ledger comes near this, and none overflows with it.
        long most = Long.MAX_VALUE / 4;
        return new Cap(cap.window(), Math.min(limit, most) + Math.min(refilled, most), cap.mode());
    }

    private static Rate overridden(Account account, Rate rate, Overrides overrides) {
        long limit = overrides.limit(account, rate.kind().word()).orElse(rate.limit());
        return new Rate(rate.kind(), limit, rate.mode());
    }
}
