package com.posthog.aigateway;

import com.posthog.aigateway.admit.Law;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.cli.Commands;
import com.posthog.aigateway.cli.House;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.mock.Bill;
import com.posthog.aigateway.telemetry.Logs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The gateway as it would be without some of the ledger's laws: those that the system property `proof.broken` names.
/// A proof starts it, and must see that money goes wrong.
final class SabotagedGateway implements House {

    private final Clock clock = Clock.systemUTC();
    private final Set<Law> broken;

    private SabotagedGateway(Set<Law> broken) {
        this.broken = Set.copyOf(broken);
    }

    static void main(String[] arguments) {
        Logs.gather();
        System.exit(Commands.run(new SabotagedGateway(broken()), arguments));
    }

    private static Set<Law> broken() {
        var broken = EnumSet.noneOf(Law.class);
        Arrays.stream(System.getProperty("proof.broken", "").split(",", -1))
                .filter(name -> !name.isEmpty())
                .map(Law::valueOf)
                .forEach(broken::add);
        return broken;
    }

    @Override
    public Running open(@Nullable Path file) {
        var configuration = Configuration.load(file, Environment.ofProcess(), clock);
        return Wiring.open(configuration, clock, broken);
    }

    @Override
    public Checked check(@Nullable Path file) {
        throw new UnsupportedOperationException("it only serves");
    }

    @Override
    public Bill bill(Path file) {
        throw new UnsupportedOperationException("it only serves");
    }

    @Override
    public List<String> explain(@Nullable Path file, String model, @Nullable Shape shape) {
        throw new UnsupportedOperationException("it only serves");
    }

    @Override
    public List<String> estimates(@Nullable Path file, @Nullable Path data, Duration since) {
        throw new UnsupportedOperationException("it only serves");
    }
}
