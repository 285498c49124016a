package com.posthog.aigateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Other gateways, installed by `scripts/bench --peers`. What is not there is left out, and said.
final class Peers {

    private Peers() {}

    static List<Contestant> start(Town town, Path installed) throws InterruptedException {
        var peers = new ArrayList<Contestant>();
        try {
            peers.add(portkey(town, installed.resolve("portkey")));
        } catch (IOException missing) {
            System.out.println("Portkey is left out: " + missing.getMessage());
        }
        try {
            peers.add(litellm(town, installed.resolve("litellm")));
        } catch (IOException missing) {
            System.out.println("LiteLLM is left out: " + missing.getMessage());
        }
        return peers;
    }

    private static Contestant portkey(Town town, Path folder) throws IOException, InterruptedException {
        var server = folder.resolve("node_modules/@portkey-ai/gateway/build/start-server.js");
        if (!Files.exists(server)) {
            throw new IOException("it is not installed");
        }
        // It would listen on every interface.
        var here = Files.writeString(town.folder().resolve("here.cjs"), """
                const net = require('net');
                const listen = net.Server.prototype.listen;
                net.Server.prototype.listen = function (port, ...rest) {
                  const then = rest.find((each) => typeof each === 'function');
                  const number = typeof port === 'object' ? port.port : port;
                  return listen.call(this, { port: Number(number), host: '127.0.0.1' }, then);
                };
                """);
        int port = Child.freePort();
        var child = town.start(
                "portkey",
                Map.of(),
                List.of("node", "-r", here.toString(), server.toString(), "--headless", "--port=" + port));
        return new Contestant(Contestant.PORTKEY, port, child.listening(port), Town.KEY, null, town.upstreamPort());
    }

    private static Contestant litellm(Town town, Path folder) throws IOException, InterruptedException {
        var command = folder.resolve("bin/litellm");
        if (!Files.exists(command)) {
            throw new IOException("it is not installed");
        }
        var config =
                Files.writeString(town.folder().resolve("litellm.yaml"), """
                model_list:
                  - { model_name: bench, litellm_params: { model: openai/gpt-4o, api_base: "http://127.0.0.1:%1$d/v1", api_key: x } }
                  - { model_name: bench-burst, litellm_params: { model: openai/gpt-4o, api_base: "http://127.0.0.1:%1$d/burst/v1", api_key: x } }
                general_settings: { master_key: %2$s }
                """.formatted(town.upstreamPort(), Town.KEY));
        int port = Child.freePort();
        var child = town.start(
                "litellm",
                Map.of("LITELLM_LOCAL_MODEL_COST_MAP", "True"),
                List.of(
                        command.toString(),
                        "--config",
                        config.toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--num_workers",
                        "2"));
        return new Contestant(Contestant.LITELLM, port, child.listening(port), "bench");
    }
}
