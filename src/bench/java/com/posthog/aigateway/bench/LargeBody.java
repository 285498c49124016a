package com.posthog.aigateway.bench;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.load.Line;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A request body of 32 MB: what it takes on the heap while the provider thinks, and what is left of it after.
final class LargeBody {

    /// How long the provider thinks.
    static final Duration HOLD = Duration.ofSeconds(6);

    private static final Workload LARGE = new Workload("32 MB", Endpoint.CHAT_COMPLETIONS, "hold", (32 << 20) - 1_000);

    private LargeBody() {}

    static void measure(Contestant contestant, Samples samples) throws IOException, InterruptedException {
        var question = LARGE.question(contestant);
        double body = question.request().length / 1048576.0;
        double before = Heap.liveMb(contestant.child());
        contestant.child().forgetPeak();
        double resident = contestant.child().residentMb();
        var status = new AtomicInteger();
        var asking = Thread.ofPlatform().start(() -> status.set(ask(question.request(), contestant.port())));
        Thread.sleep(3_000);
        double during = Heap.liveMb(contestant.child());
        asking.join();
        contestant.child().restedCpuMicros();
        double after = Heap.liveMb(contestant.child());
        var name = contestant.name();
        if (status.get() != 200) {
            throw new IOException("the large body was answered by " + status.get());
        }
        samples.add("32 MB body: heap over body", name, (during - before) / body);
        samples.add("32 MB body: heap left after, MB", name, after - before);
        samples.add(
                "32 MB body: RSS peak over before, MB", name, contestant.child().peakMb() - resident);
    }

    private static int ask(byte[] request, int port) {
        try (var line = new Line("127.0.0.1", port)) {
            return line.ask(request, (bytes, from, to, at) -> {});
        } catch (IOException broken) {
            return 0;
        }
    }
}
