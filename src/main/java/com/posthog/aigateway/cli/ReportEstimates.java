package com.posthog.aigateway.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "estimates",
        description = {
            "Compares what breathing budgets held with what calls used, and prints better estimates for",
            "providers.yaml. Each replica has a journal of its own."
        },
        mixinStandardHelpOptions = true)
final class ReportEstimates implements Callable<Integer> {

    private static final Pattern TIME = Pattern.compile("\\d{1,6}[smhd]");

    private final House house;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "The data folder of a gateway. Default: what the settings say.")
    private @Nullable Path data;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "7d",
            description = "How far to look back, such as 12h or 7d. Default: ${DEFAULT-VALUE}.")
    private String since = "";

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ReportEstimates(House house) {
        this.house = house;
    }

    @Override
    public Integer call() {
        var time = time();
        if (time.isEmpty()) {
            return refuse("--since must be a time such as 30m, 12h or 7d: '" + since + "'");
        }
        var lines = house.estimates(config.file(), data, time.get());
        if (lines.isEmpty()) {
            return refuse("there is no receipt of the last " + since
                    + (data == null ? " in the data folder of the settings" : " in '" + data + "'")
                    + "; look further back with --since, or elsewhere with --data");
        }
        var out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
        return 0;
    }

    private Optional<Duration> time() {
        if (!TIME.matcher(since).matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.parse((since.endsWith("d") ? "P" : "PT") + since))
                .filter(Duration::isPositive);
    }

    private int refuse(String why) {
        spec.commandLine().getErr().println(why);
        return Commands.CANNOT_START;
    }
}
