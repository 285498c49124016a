package com.posthog.aigateway.config;

import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `config/callers.yaml`: organisations, teams and their credentials, and what each may spend.
///
/// @param caps limits and budgets that cut across all teams
public record CallerSettings(
        List<Organisation> organisations, List<Team> teams, List<Credential> credentials, List<Across> caps) {

    /// Notes what does not fit together; what is wrong by itself never became a record.
    public void check(Faults faults) {
        new CallerRules(this, faults).check();
    }

    public record Organisation(At at, String id, List<String> teams, List<Budget> budgets, List<Limit> limits) {}

    /// Who pays.
    ///
    /// @param projectToken of the PostHog project that gets the team's events; null: the configured default
    /// @param content null: as configured for all
    /// @param requireUser true: a call that names no user is refused
    /// @param maxCallUsd what one call may cost at most; null: no such bound
    /// @param runaway null: as usual
    public record Team(
            At at,
            String id,
            @Nullable Long posthogTeamId,
            @Nullable Secret projectToken,
            GatewaySettings.@Nullable Recorded content,
            List<String> products,
            boolean requireUser,
            @Nullable BigDecimal maxCallUsd,
            @Nullable Runaway runaway,
            List<Budget> budgets,
            List<Limit> limits) {

        public Team {
            amount("max_call_usd", maxCallUsd);
            if (id.contains("/")) {
                throw new IllegalArgumentException("the id of team '" + id + "' must not contain '/'");
            }
        }

        @Override
        public Runaway runaway() {
            return runaway == null ? Runaway.USUAL : runaway;
        }
    }

    /// One product, provider or model, for all teams together.
    public record Across(At at, Scope scope, @Key("id") String name, List<Budget> budgets, List<Limit> limits) {}

    public enum Mode {
        ENFORCE,
        SHADOW,
        OFF
    }

    /// How hard a budget is: a strict one is never exceeded, a breathing one only by what a provider shows
    /// late.
    public enum Guarantee {
        BREATHING,
        STRICT
    }

    /// What becomes of a stream that reaches the limit.
    public enum AtLimit {
        CUT,
        FINISH
    }

    /// So many dollars in a window.
    ///
    /// @param scope null: that of what it stands on, where there is only one
    public record Budget(
            At at,
            @Nullable Scope scope,
            Window window,
            BigDecimal usd,
            @Nullable Mode mode,
            @Nullable Guarantee guarantee,
            @Nullable AtLimit atLimit) {

        public Budget {
            amount("usd", usd);
        }

        @Override
        public Mode mode() {
            return mode == null ? Mode.ENFORCE : mode;
        }

        @Override
        public Guarantee guarantee() {
            return guarantee == null ? Guarantee.BREATHING : guarantee;
        }

        @Override
        public AtLimit atLimit() {
            return atLimit == null ? AtLimit.CUT : atLimit;
        }
    }

    /// So many a minute, or at once. Zero admits nothing.
    ///
    /// @param scope null: that of what it stands on, where there is only one
    public record Limit(
            At at,
            @Nullable Scope scope,
            @Nullable Long requestsPerMinute,
            @Nullable Long tokensPerMinute,
            @Nullable Long concurrent,
            @Nullable Mode mode) {

        /// One for each nanosecond: a bucket does not fill faster.
        private static final long MOST_A_MINUTE = 60_000_000_000L;

        public Limit {
            if (requestsPerMinute == null && tokensPerMinute == null && concurrent == null) {
                throw new IllegalArgumentException(
                        "a limit needs 'requests_per_minute', 'tokens_per_minute' or 'concurrent'");
            }
            count("requests_per_minute", requestsPerMinute);
            count("tokens_per_minute", tokensPerMinute);
            count("concurrent", concurrent);
        }

        @Override
        public Mode mode() {
            return mode == null ? Mode.ENFORCE : mode;
        }

        private static void count(String key, @Nullable Long count) {
            if (count != null && count < 0) {
                throw new IllegalArgumentException("'" + key + "' must not be negative: " + count);
            } else if (count != null && count > MOST_A_MINUTE) {
                throw new IllegalArgumentException(
                        "'" + key + "' must not be above " + MOST_A_MINUTE + ", one for each nanosecond: " + count);
            }
        }
    }

    /// What a caller shows.
    ///
    /// @param digest SHA-256 of the whole key, as hex; null: the credential does not exist
    /// @param models exact ids, or `*`
    /// @param userFromBody true: where no header names the user, the body's own word for it does, for limits
    /// @param capUsd what may be spent with it in its whole life; null: no such bound
    /// @param maxCallUsd what one call may cost at most; null: as for its team
    public record Credential(
            At at,
            String id,
            @Nullable @Key("sha256") String digest,
            String team,
            @Nullable String user,
            List<String> products,
            Set<Caller.MayName> mayName,
            boolean userFromBody,
            Set<String> models,
            @Nullable BigDecimal capUsd,
            @Nullable BigDecimal maxCallUsd,
            @Nullable Instant expires) {

        private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

        public Credential {
            digest = digest == null ? null : digest.toLowerCase(Locale.ROOT);
            if (digest != null && !HEX.matcher(digest).matches()) {
                throw new IllegalArgumentException("'sha256' of credential '" + id
                        + "' must be the 64 hex digits of the key's SHA-256, not the key");
            }
            amount("cap_usd", capUsd);
            amount("max_call_usd", maxCallUsd);
        }
    }

    private static final int DECIMALS = 9;

    /// Above any budget, and small enough that no sum of amounts overflows.
    private static final BigDecimal MOST_USD = BigDecimal.valueOf(1_000_000_000);

    static void amount(String key, @Nullable BigDecimal usd) {
        if (usd == null) {
            return;
        } else if (usd.signum() < 0) {
            throw new IllegalArgumentException("'" + key + "' must not be negative: " + usd.toPlainString());
        } else if (usd.compareTo(MOST_USD) > 0) {
            throw new IllegalArgumentException(
                    "'" + key + "' must not be above " + MOST_USD.toPlainString() + ": " + usd);
        } else if (usd.stripTrailingZeros().scale() > DECIMALS) {
            throw new IllegalArgumentException(
                    "'" + key + "' must not have more than " + DECIMALS + " decimals: " + usd.toPlainString());
        }
    }

    /// An amount of this file, which was checked to be exact.
    public static @Nullable Money money(@Nullable BigDecimal usd) {
        return usd == null ? null : Money.ofUsd(usd);
    }
}
