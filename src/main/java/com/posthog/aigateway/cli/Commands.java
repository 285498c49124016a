package com.posthog.aigateway.cli;

import com.posthog.aigateway.cluster.ClusterFault;
import com.posthog.aigateway.config.BadConfiguration;
import com.posthog.aigateway.journal.JournalFault;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/// `java -jar ai-gateway.jar [COMMAND]`; without a command it serves.
@Command(
        name = "ai-gateway",
        description = "One endpoint in front of OpenAI and Anthropic. Without a command: serve.",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class)
public final class Commands {

    static final int CANNOT_START = 2;

    private static final Set<String> OURS = Set.of("-h", "--help", "-V", "--version");

    private Commands() {}

    /// Runs the command that the arguments name; returns the exit code: 0, or 2 for what cannot be started.
    public static int run(House house, String... arguments) {
        return new CommandLine(new Commands())
                .addSubcommand(new Serve(house))
                .addSubcommand(new Check(house))
                .addSubcommand(new Resolve(house))
                .addSubcommand(new Mock(house))
                .addSubcommand(new SinkCommand())
                .addSubcommand(new LoadCommand())
                .addSubcommand(new CommandLine(new Report()).addSubcommand(new ReportEstimates(house)))
                .setExecutionExceptionHandler(oneLine())
                .execute(withCommand(arguments));
    }

    private static String[] withCommand(String... arguments) {
        boolean named = arguments.length > 0 && (!arguments[0].startsWith("-") || OURS.contains(arguments[0]));
        return named
                ? arguments
                : Stream.concat(Stream.of("serve"), Arrays.stream(arguments)).toArray(String[]::new);
    }

    /// What an operator can mend is said without a stack trace.
    private static IExecutionExceptionHandler oneLine() {
        return (fault, command, parsed) -> {
            if (fault instanceof BadConfiguration
                    || fault instanceof ClusterFault
                    || fault instanceof JournalFault
                    || fault instanceof UncheckedIOException) {
                command.getErr().println(fault.getMessage());
                return CANNOT_START;
            }
            throw fault;
        };
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Commands.class.getPackage().getImplementationVersion();
            return new String[] {"ai-gateway " + (version == null ? "dev" : version)};
        }
    }
}
