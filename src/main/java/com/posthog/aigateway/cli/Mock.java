package com.posthog.aigateway.cli;

import com.posthog.aigateway.mock.MockProvider;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "mock-provider",
        description = {
            "Serves all shapes on 127.0.0.1 without thinking, and fails on demand: by the header",
            "x-mock: status=529,after=3,chunk-gap=50ms,cut=120,silent or by a model named mock-<the same>, or by a",
            "line of the prompt that reads x-mock: <the same>. With --bill it keeps what it would charge: input always,",
            "output as far as it was made, and what reasoning=900,server-input=5000,tier=priority,compaction=9000,",
            "no-usage,late=2s add or hide."
        },
        mixinStandardHelpOptions = true)
final class Mock implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Mock.class);

    @Option(names = "--port", defaultValue = "8081", description = "Default: ${DEFAULT-VALUE}. 0 takes a free one.")
    private int port;

    @Option(
            names = "--fixtures",
            paramLabel = "DIR",
            description = "Recorded answers, replayed by the directive fixture=<category>/<name>.")
    private @Nullable Path fixtures;

    @Option(
            names = "--bill",
            paramLabel = "FILE",
            description = "Each request's price, on disk before the first byte of the answer.")
    private @Nullable Path bill;

    private final House house;

    Mock(House house) {
        this.house = house;
    }

    @Override
    public void run() {
        var stop = new StopSignal();
        try (var kept = bill == null ? null : house.bill(bill);
                var mock = MockProvider.start(port, fixtures, kept)) {
            LOG.info("mock provider on port {}; what it was asked: GET {}/requests", mock.port(), mock.uri());
            stop.await(() -> {});
        }
    }
}
