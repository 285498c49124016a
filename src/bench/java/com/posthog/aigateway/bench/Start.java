package com.posthog.aigateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;

/// How much time a gateway takes to be ready, with and without a cache of what an earlier start has learned.
final class Start {

    static final String COLD = "start to ready, cpu ms";
    static final String CACHED = "start to ready with AOT cache, cpu ms";

    private Start() {}

    static void measure(Town town, Options options, Samples samples) throws IOException, InterruptedException {
        var cache = town.folder().resolve("gateway.aot");
        once(town, List.of("-XX:AOTCacheOutput=" + cache));
        if (!Files.exists(cache)) {
            System.out.println("no AOT cache was written");
        }
        for (int i = 0; i < Math.min(3, options.rounds()); i++) {
            samples.add(COLD, Contestant.FULL, once(town, List.of()));
            if (Files.exists(cache)) {
                samples.add(CACHED, Contestant.FULL, once(town, List.of("-XX:AOTCache=" + cache)));
            }
        }
    }

    /// Milliseconds of CPU until it says that it is ready.
    private static double once(Town town, List<String> flags) throws IOException, InterruptedException {
        int port = Child.freePort();
        int adminPort = Child.freePort();
        try (var child = town.serve(port, adminPort, flags);
                var client = HttpClient.newHttpClient()) {
            var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/ready"))
                    .build();
            for (int i = 0; i < 6_000 && child.isAlive(); i++) {
                if (isReady(client, ready)) {
                    return child.cpuMicros() / 1e3;
                }
                Thread.sleep(5);
            }
            throw new IOException("the gateway did not get ready");
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
