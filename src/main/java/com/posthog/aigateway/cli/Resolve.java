package com.posthog.aigateway.cli;

import com.posthog.aigateway.call.Shape;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "resolve",
        description = "Explains which model a name means, what it costs today, and what is sent to whom.",
        mixinStandardHelpOptions = true)
final class Resolve implements Callable<Integer> {

    private final House house;

    @Parameters(paramLabel = "MODEL", description = "The name as a client writes it.")
    private String model = "";

    @Option(names = "--shape", paramLabel = "SHAPE", description = "Of the call. Default: what the model speaks.")
    private @Nullable String shape;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    Resolve(House house) {
        this.house = house;
    }

    @Override
    public Integer call() {
        var known = Arrays.stream(Shape.values())
                .filter(each -> each.toString().equals(shape))
                .findFirst();
        if (shape != null && known.isEmpty()) {
            var shapes = Arrays.stream(Shape.values()).map(Shape::toString).collect(Collectors.joining(", "));
            spec.commandLine().getErr().println("--shape must be one of " + shapes + ": '" + shape + "'");
            return Commands.CANNOT_START;
        }
        var out = spec.commandLine().getOut();
        house.explain(config.file(), model, known.orElse(null)).forEach(out::println);
        out.flush();
        return 0;
    }
}
