package com.posthog.aigateway.provider;

import com.posthog.aigateway.catalogue.Auth;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tokens of Microsoft Entra, by an application's own secret (OAuth 2.0, RFC 6749, 4.4).
final class EntraTokens {

    private static final long USUAL_SECONDS = 3600;

    private final TokenDesk desk;
    private final Clock clock;
    private final Map<Auth.Entra, Fresh<String>> accounts = new ConcurrentHashMap<>();

    EntraTokens(TokenDesk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
    }

    String token(Auth.Entra account) throws NoCredential {
        return accounts.computeIfAbsent(account, one -> new Fresh<>(() -> fetch(one), clock))
                .now();
    }

    private Fresh.Lease<String> fetch(Auth.Entra account) throws NoCredential {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", account.clientId());
        form.put("client_secret", account.clientSecret().text());
        form.put("scope", account.scope());
        var path = "/" + Address.encoded(account.tenant()) + "/oauth2/v2.0/token";
        var answer = desk.ask(account.authority(), path, form);
        var token = answer.path("access_token").asText("");
        if (token.isEmpty()) {
            throw new NoCredential("Entra's answer has no access_token");
        }
        long seconds = answer.path("expires_in").asLong(USUAL_SECONDS);
        return new Fresh.Lease<>(token, clock.instant().plus(Duration.ofSeconds(seconds)));
    }
}
