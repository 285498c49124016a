package com.posthog.aigateway.cli;

import com.posthog.aigateway.mock.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "sink",
        description =
                "Takes events on 127.0.0.1 as PostHog's capture does; GET /events shows them, POST /fail sets faults.",
        mixinStandardHelpOptions = true)
final class SinkCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SinkCommand.class);

    @Option(names = "--port", defaultValue = "8082", description = "Default: ${DEFAULT-VALUE}. 0 takes a free one.")
    private int port;

    @Override
    public void run() {
        var stop = new StopSignal();
        try (var sink = Sink.start(port)) {
            LOG.info("event sink on port {}; what it holds: GET {}/events", sink.port(), sink.uri());
            stop.await(() -> {});
        }
    }
}
