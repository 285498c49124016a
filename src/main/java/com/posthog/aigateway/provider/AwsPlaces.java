package com.posthog.aigateway.provider;

import com.posthog.aigateway.catalogue.Auth;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/// Finds credentials where AWS usually has them: the environment, profiles, the container, the machine; or takes up a
/// role with the token that Kubernetes lays into a file, which the library leaves to a module ten times its size.
final class AwsPlaces implements AwsIdentity {

    /// Library and tokens have their own ends; this is how soon we notice what changed without one.
    private static final Duration UNDATED = Duration.ofMinutes(10);

    private final Supplier<IdentityProvider<? extends AwsCredentialsIdentity>> usual;
    private final TokenDesk desk;
    private final Function<String, URI> sts;
    private final Clock clock;
    private final Map<Auth.Aws, Fresh<AwsCredentialsIdentity>> accounts = new ConcurrentHashMap<>();

    AwsPlaces(TokenDesk desk, Clock clock) {
        this(new Lazy(), desk, region -> URI.create("https://sts." + region + ".amazonaws.com"), clock);
    }

    AwsPlaces(
            Supplier<IdentityProvider<? extends AwsCredentialsIdentity>> usual,
            TokenDesk desk,
            Function<String, URI> sts,
            Clock clock) {
        this.usual = usual;
        this.desk = desk;
        this.sts = sts;
        this.clock = clock;
    }

    @Override
    public AwsCredentialsIdentity now(Auth.Aws account) throws NoCredential {
        return accounts.computeIfAbsent(account, one -> new Fresh<>(() -> fetch(one), clock))
                .now();
    }

    private Fresh.Lease<AwsCredentialsIdentity> fetch(Auth.Aws account) throws NoCredential {
        return account.role() == null ? usual() : role(account, account.role());
    }

    private Fresh.Lease<AwsCredentialsIdentity> usual() throws NoCredential {
        try {
            AwsCredentialsIdentity found = usual.get().resolveIdentity().join();
            return new Fresh.Lease<>(
                    found, found.expirationTime().orElse(clock.instant().plus(UNDATED)));
        } catch (RuntimeException none) {
            // The library has many words for it, and some carry paths and addresses.
            var cause = none.getCause() == null ? none : none.getCause();
            throw new NoCredential("no AWS credentials were found"
                    + (cause instanceof SdkException
                            ? ""
                            : " (" + cause.getClass().getSimpleName() + ")")
                    + "; set them in the environment, a profile, or the role of the machine");
        }
    }

    private Fresh.Lease<AwsCredentialsIdentity> role(Auth.Aws account, Auth.Role role) throws NoCredential {
        var form = new LinkedHashMap<String, String>();
        form.put("Action", "AssumeRoleWithWebIdentity");
        form.put("Version", "2011-06-15");
        form.put("RoleArn", role.arn());
        form.put("RoleSessionName", "ai-gateway");
        form.put("WebIdentityToken", token(role));
        var credentials = desk.ask(sts.apply(account.region()), "/", form)
                .path("AssumeRoleWithWebIdentityResponse")
                .path("AssumeRoleWithWebIdentityResult")
                .path("Credentials");
        var key = credentials.path("AccessKeyId").asText("");
        if (key.isEmpty()) {
            throw new NoCredential("AWS gave no credentials for the role");
        }
        return new Fresh.Lease<>(
                AwsSessionCredentialsIdentity.create(
                        key,
                        credentials.path("SecretAccessKey").asText(),
                        credentials.path("SessionToken").asText()),
                end(credentials.path("Expiration").asText("")));
    }

    /// As text, or in seconds since 1970: STS writes it either way.
    private Instant end(String text) {
        try {
            return text.contains("T") ? Instant.parse(text) : Instant.ofEpochSecond((long) Double.parseDouble(text));
        } catch (DateTimeException | NumberFormatException odd) {
            return clock.instant().plus(UNDATED);
        }
    }

    private static String token(Auth.Role role) throws NoCredential {
        try {
            return Files.readString(role.tokenFile()).strip();
        } catch (IOException e) {
            throw new NoCredential("the token file of the role cannot be read: " + role.tokenFile());
        }
    }

    /// The library's places are looked for when they are first needed: most gateways have no use for them.
    private static final class Lazy implements Supplier<IdentityProvider<? extends AwsCredentialsIdentity>> {

        private @Nullable DefaultCredentialsProvider found;

        @Override
        public synchronized IdentityProvider<? extends AwsCredentialsIdentity> get() {
            if (found == null) {
                found = DefaultCredentialsProvider.builder().build();
            }
            return found;
        }
    }
}
