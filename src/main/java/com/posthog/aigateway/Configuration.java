package com.posthog.aigateway;

import com.posthog.aigateway.admit.Scopes;
import com.posthog.aigateway.auth.Keys;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Wire;
import com.posthog.aigateway.config.BadConfiguration;
import com.posthog.aigateway.config.CallerSettings;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.config.Faults;
import com.posthog.aigateway.config.GatewaySettings;
import com.posthog.aigateway.config.Sources;
import com.posthog.aigateway.config.YamlFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The three files, read and checked together.
///
/// @param notices what is written but has no effect in this version, or is unusual: to be said once
public record Configuration(
        GatewaySettings settings,
        CallerSettings callers,
        Catalogue catalogue,
        Keys keys,
        Scopes scopes,
        List<String> notices,
        Origin origin) {

    private static final String GATEWAY = "config/gateway.yaml";
    private static final String CALLERS = "config/callers.yaml";
    private static final String CATALOGUE = "providers.yaml";

    /// BadConfiguration: every fault of all three files.
    ///
    /// @param file null: the samples of the jar
    public static Configuration load(@Nullable Path file, Environment environment, Clock clock) {
        var faults = new Faults();
        var sources = new Sources();
        var yaml = new YamlFile(environment, sources, faults);
        var settings = file == null
                ? yaml.readSample(GATEWAY, GatewaySettings.class)
                : yaml.readOver(GATEWAY, file, GatewaySettings.class);
        // With a fault in the first file, the other two are looked for in their usual places.
        var known =
                Objects.requireNonNull(settings == null ? yaml.readSample(GATEWAY, GatewaySettings.class) : settings);
        var changeable = new Sources();
        var origin = new Origin(
                file,
                locate(known.callers(), file, CALLERS, changeable),
                locate(known.catalogue(), file, CATALOGUE, changeable),
                environment,
                clock,
                sources,
                changeable,
                clock.instant());
        return read(known, origin, faults);
    }

    /// The callers and the catalogue as their files have them now, with the settings of the start. A file that was
    /// there must still be there: the sample of the jar never takes its place.
    ///
    /// BadConfiguration: every fault of both files.
    ///
    /// @param sources is told which files are read, also where they have faults
    Configuration readAgain(Sources sources) {
        var callers = origin.callers();
        var catalogue = origin.catalogue();
        var again = new Origin(
                origin.file(),
                callers == null ? locate(settings.callers(), origin.file(), CALLERS, sources) : callers,
                catalogue == null ? locate(settings.catalogue(), origin.file(), CATALOGUE, sources) : catalogue,
                origin.environment(),
                origin.clock(),
                origin.settings(),
                sources,
                origin.clock().instant());
        return read(settings, again, new Faults());
    }

    private static Configuration read(GatewaySettings settings, Origin origin, Faults faults) {
        var yaml = new YamlFile(origin.environment(), origin.changeable(), faults);
        var callersFile = origin.callers();
        var catalogueFile = origin.catalogue();
        var ceiling = settings.unknownModel().ceilingUsdPerMtok();
        var callers = callersFile == null
                ? yaml.readSample(CALLERS, CallerSettings.class)
                : yaml.read(callersFile, CallerSettings.class);
        var catalogue = catalogueFile == null
                ? Catalogue.readSample(yaml, faults, ceiling)
                : Catalogue.read(yaml, catalogueFile, faults, ceiling);
        var keys = callers == null ? null : Keys.of(callers, settings.events().content(), origin.clock(), faults);
        if (callers != null) {
            callers.check(faults);
        }
        var scopes = callers == null || catalogue == null ? null : Scopes.of(callers, catalogue, faults);
        faults.throwIfAny();
        if (callers == null || catalogue == null || keys == null || scopes == null) {
            throw new BadConfiguration(List.of("the configuration cannot be read"));
        }
        return new Configuration(
                settings, callers, catalogue, keys, scopes, notices(settings, catalogue, keys), origin);
    }

    /// As seen from the configuration's folder, then from where the process runs. The sample's own path may be missing:
    /// then it is the sample of the jar (null).
    private static @Nullable Path locate(Path path, @Nullable Path file, String sample, Sources sources) {
        var beside = file == null ? path : file.toAbsolutePath().resolveSibling(path);
        if (sources.exists(beside)) {
            return beside;
        }
        return sources.exists(path) || !path.equals(Path.of(sample)) ? path : null;
    }

    private static List<String> notices(GatewaySettings settings, Catalogue catalogue, Keys keys) {
        var notices = new ArrayList<String>();
        if (!settings.tokens().keys().isEmpty()) {
            notices.add("'tokens.keys' has no effect yet: this version mints no credentials");
        }
        if (settings.cluster().hangsOnOne()) {
            notices.add(
                    "'cluster.data_members' is 1: while that replica restarts, all refuse calls with enforced limits;"
                            + " with three or more replicas set it to 3");
        }
        if (keys.size() == 0) {
            notices.add("no credential can be used: every call will be refused; see " + CALLERS);
        }
        // Azure and Bedrock are off until somebody names them, which is no news; what speaks natively and is off, is.
        catalogue.providers().stream()
                .filter(provider -> provider.wire() == Wire.NATIVE || provider.wire() == Wire.BEDROCK_MESSAGES)
                .forEach(provider -> provider.lack()
                        .ifPresent(lack ->
                                notices.add("provider '" + provider.id() + "' " + lack + ": nothing is sent there")));
        return notices;
    }
}
