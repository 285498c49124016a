package com.posthog.aigateway;

import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.cli.Commands;
import com.posthog.aigateway.cli.House;
import com.posthog.aigateway.config.EffectiveYaml;
import com.posthog.aigateway.config.Environment;
import com.posthog.aigateway.journal.Journal;
import com.posthog.aigateway.mock.Bill;
import com.posthog.aigateway.report.EstimatesReport;
import com.posthog.aigateway.resolve.Resolver;
import com.posthog.aigateway.telemetry.Logs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The jar's beginning: reads the command line, runs the command, ends with its code.
public final class Main implements House {

    private static final int FEWEST = 4;

    private final Logger log = LoggerFactory.getLogger(Main.class);
    private final Clock clock = Clock.systemUTC();

    private Main() {}

    static void main(String[] arguments) {
        feedCommonPool();
        Logs.gather();
        System.exit(Commands.run(new Main(), arguments));
    }

    /// With fewer, as on two cores, Hazelcast starts a thread for each answer. Before anything else: Java looks once.
    private static void feedCommonPool() {
        int threads = Math.max(FEWEST, Runtime.getRuntime().availableProcessors() - 1);
        System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", Integer.toString(threads));
    }

    @Override
    public Running open(@Nullable Path file) {
        var configuration = configuration(file);
        configuration.notices().forEach(log::warn);
        return Wiring.open(configuration, clock);
    }

    @Override
    public Checked check(@Nullable Path file) {
        var configuration = configuration(file);
        var roots = new LinkedHashMap<String, Record>();
        roots.put("gateway", configuration.settings());
        roots.put("callers", configuration.callers());
        return new Checked(
                configuration.catalogue().models().size(),
                configuration.keys().size(),
                configuration.notices(),
                EffectiveYaml.of(roots));
    }

    @Override
    public Bill bill(Path file) {
        var catalogue = configuration(null).catalogue();
        return Bill.open(
                file,
                clock,
                (model, usage) -> catalogue
                        .price(model, model, null, clock.instant())
                        .cost(usage)
                        .total());
    }

    @Override
    public List<String> explain(@Nullable Path file, String model, @Nullable Shape shape) {
        var configuration = configuration(file);
        var policy = configuration.settings().unknownModel().policy();
        return new Resolver(configuration.catalogue(), policy).explain(model, shape, clock.instant());
    }

    @Override
    public List<String> estimates(@Nullable Path file, @Nullable Path data, Duration since) {
        var configuration = configuration(file);
        var report = new EstimatesReport(configuration.catalogue());
        var folder = data == null ? configuration.settings().journal().path() : data;
        try (var journal = Journal.openReadOnly(folder, clock)) {
            var now = clock.instant();
            journal.receipts(now.minus(since), now, report::add);
        }
        return report.lines();
    }

    private Configuration configuration(@Nullable Path file) {
        return Configuration.load(file, Environment.ofProcess(), clock);
    }
}
