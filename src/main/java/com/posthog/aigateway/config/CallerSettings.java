package com.posthog.aigateway.config;

import com.posthog.aigateway.call.Caller;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `config/callers.yaml`: organisations, teams and their credentials.
public record CallerSettings(List<Organisation> organisations, List<Team> teams, List<Credential> credentials) {

    public record Organisation(String id, List<String> teams) {}

    /// Who pays.
    ///
    /// @param projectToken of the PostHog project that gets the team's events; null: the configured default
    /// @param content null: as configured for all
    public record Team(
            String id,
            @Nullable Long posthogTeamId,
            @Nullable Secret projectToken,
            GatewaySettings.@Nullable Recorded content,
            List<String> products,
            List<Budget> budgets,
            List<Limit> limits) {}

    public enum Scope {
        ORGANISATION,
        TEAM,
        PRODUCT,
        USER,
        CREDENTIAL,
        MODEL
    }

    public enum Mode {
        ENFORCE,
        SHADOW,
        OFF
    }

    public enum Guarantee {
        BREATHING,
        STRICT
    }

    public enum AtLimit {
        CUT,
        FINISH
    }

    public record Budget(
            Scope scope,
            String window,
            BigDecimal usd,
            @Nullable Mode mode,
            @Nullable Guarantee guarantee,
            @Nullable AtLimit atLimit) {
        public Budget {
            if (usd.signum() < 0) {
                throw new IllegalArgumentException("'usd' must not be negative: " + usd);
            }
        }
    }

    public record Limit(
            Scope scope,
            @Nullable Long requestsPerMinute,
            @Nullable Long tokensPerMinute,
            @Nullable Long concurrent,
            @Nullable Mode mode) {}

    /// What a caller shows.
    ///
    /// @param digest SHA-256 of the whole key, as hex; null: the credential does not exist
    /// @param models exact ids, or `*`
    public record Credential(
            String id,
            @Nullable @Key("sha256") String digest,
            String team,
            @Nullable String user,
            List<String> products,
            Set<Caller.MayName> mayName,
            Set<String> models,
            @Nullable Instant expires) {

        private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

        public Credential {
            digest = digest == null ? null : digest.toLowerCase(Locale.ROOT);
            if (digest != null && !HEX.matcher(digest).matches()) {
                throw new IllegalArgumentException("'sha256' of credential '" + id
                        + "' must be the 64 hex digits of the key's SHA-256, not the key");
            }
        }
    }
}
