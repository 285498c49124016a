package com.posthog.aigateway.auth;

import static com.posthog.aigateway.config.CallerSettings.money;

import com.posthog.aigateway.call.Caller;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import com.posthog.aigateway.config.CallerSettings;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings.Recorded;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The credentials of `config/callers.yaml`, found by the full digest of what the caller shows.
public final class Keys {

    private record Known(Caller caller, @Nullable Instant expires) {}

    private final Map<String, Known> byDigest;
    private final Clock clock;

    private Keys(Map<String, Known> byDigest, Clock clock) {
        this.byDigest = Map.copyOf(byDigest);
        this.clock = clock;
    }

    /// The keys of a file; what does not fit together becomes a fault.
    ///
    /// @param recorded what holds for teams that say nothing of it
    public static Keys of(CallerSettings settings, Recorded recorded, Clock clock, Faults faults) {
        var teams = settings.teams().stream().collect(Collectors.toMap(CallerSettings.Team::id, team -> team));
        var known = new HashMap<String, Known>();
        for (var credential : settings.credentials()) {
            var team = teams.get(credential.team());
            // An unknown team is a fault that the settings' own check names.
            if (team != null
                    && credential.digest() != null
                    && known.put(credential.digest(), known(credential, team, recorded)) != null) {
                faults.add(credential.at(), "credential '" + credential.id() + "' has the same key as another");
            }
        }
        return new Keys(known, clock);
    }

    private static Known known(CallerSettings.Credential credential, CallerSettings.Team team, Recorded recorded) {
        var content = team.content() == null ? recorded : team.content();
        var caller = new Caller(
                credential.id(),
                team.id(),
                team.posthogTeamId(),
                credential.user(),
                credential.products().isEmpty() ? team.products() : credential.products(),
                credential.mayName(),
                credential.userFromBody(),
                credential.models(),
                team.projectToken() == null ? null : team.projectToken().text(),
                content == Recorded.FULL,
                new Caller.Bounds(money(credential.capUsd()), lower(team.maxCallUsd(), credential.maxCallUsd())));
        return new Known(caller, credential.expires());
    }

    private static @Nullable Money lower(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return money(one == null || (other != null && other.compareTo(one) < 0) ? other : one);
    }

    /// How many credentials can be used.
    public int size() {
        return byDigest.size();
    }

    /// Refusal: no, two different, an unknown or an expired credential.
    public Caller identify(Headers headers) {
        var known = byDigest.get(Credential.of(headers).digest());
        if (known == null) {
            throw new Refusal(
                    Reason.CREDENTIAL_UNKNOWN, "the credential is not known here; check that it is this gateway's");
        }
        if (known.expires() != null && !clock.instant().isBefore(known.expires())) {
            throw new Refusal(
                    Reason.CREDENTIAL_EXPIRED,
                    "credential '" + known.caller().credential() + "' has expired; get a new one");
        }
        return known.caller();
    }
}
