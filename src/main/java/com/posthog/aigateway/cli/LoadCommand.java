package com.posthog.aigateway.cli;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.load.Load;
import com.posthog.aigateway.load.Question;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "load",
        description = {
            "Asks at a fixed rate, whatever the answers do, and prints how long they took, counted from when each",
            "question was due. It asks only this machine, unless --really."
        },
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {

    private enum Asked {
        CHAT(Endpoint.CHAT_COMPLETIONS, "gpt-5.4-mini"),
        RESPONSES(Endpoint.RESPONSES, "gpt-5.4-mini"),
        MESSAGES(Endpoint.MESSAGES, "claude-haiku-4-5");

        private final Endpoint endpoint;
        private final String model;

        Asked(Endpoint endpoint, String model) {
            this.endpoint = endpoint;
            this.model = model;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:8080",
            description = "Of the gateway, without /v1. Default: ${DEFAULT-VALUE}.")
    private URI url = URI.create("");

    @Option(names = "--key", defaultValue = "none", description = "The credential.")
    private String key = "";

    @Option(
            names = "--shape",
            defaultValue = "chat",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Asked shape = Asked.CHAT;

    @Option(names = "--model", description = "Default: one that speaks the shape.")
    private @Nullable String model;

    @Option(names = "--stream", description = "Asks for streamed answers.")
    private boolean stream;

    @Option(
            names = "--prompt",
            paramLabel = "BYTES",
            defaultValue = "1000",
            description = "How long the prompt is. Default: ${DEFAULT-VALUE}.")
    private int prompt;

    @Option(names = "--rate", defaultValue = "10", description = "Questions a second. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(names = "--duration", defaultValue = "30s", description = "Such as 30s or 5m. Default: ${DEFAULT-VALUE}.")
    private String duration = "";

    @Option(
            names = "--connections",
            defaultValue = "64",
            description = "The most that are open at once. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(names = "--really", description = "Also asks another machine. Real providers cost real money.")
    private boolean really;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        if (!really && !Load.isHere(String.valueOf(url.getHost()))) {
            return refuse(
                    "'" + url + "' is not this machine, and may be somebody's bill; --really asks it all the same");
        }
        Load.Plan plan;
        try {
            plan = plan();
        } catch (IllegalArgumentException | DateTimeParseException e) {
            return refuse(String.valueOf(e.getMessage()));
        }
        var out = spec.commandLine().getOut();
        Load.run(plan).lines().forEach(out::println);
        out.flush();
        return 0;
    }

    private Load.Plan plan() {
        var wish = new Question.Wish(shape.endpoint, model == null ? shape.model : model, stream, prompt, Headers.NONE);
        return new Load.Plan(Question.of(url, key, wish), rate, Duration.parse("PT" + duration), connections);
    }

    private int refuse(String why) {
        spec.commandLine().getErr().println(why);
        return Commands.CANNOT_START;
    }
}
