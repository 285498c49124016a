package com.posthog.aigateway.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "serve",
        description =
                "Serves callers until SIGTERM or Ctrl-C, then lets calls in flight end. A second signal cuts them.",
        mixinStandardHelpOptions = true)
final class Serve implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

    private final House house;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    Serve(House house) {
        this.house = house;
    }

    @Override
    public void run() {
        var stop = new StopSignal();
        var gateway = house.open(config.file());
        LOG.info("serving on port {}, operators on port {}", gateway.port(), gateway.adminPort());
        boolean atOnce = stop.await(gateway::hurry);
        gateway.drain(atOnce);
    }
}
