package com.posthog.aigateway.bench;

import com.posthog.aigateway.load.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Thousands of streams that are open at once and say little.
final class OpenStreams {

    private static final int OPENING = 100;

    private final Contestant contestant;
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();
    private final Semaphore opening = new Semaphore(OPENING);
    private final AtomicInteger begun = new AtomicInteger();

    private OpenStreams(Contestant contestant) {
        this.contestant = contestant;
    }

    /// Returns how many began, the memory in use then, and what of it lives on the heap, in MB.
    static double[] measure(Contestant contestant, int count, Path report) throws InterruptedException, IOException {
        var streams = new OpenStreams(contestant);
        try {
            return streams.open(count, report);
        } finally {
            for (var line : streams.lines) {
                line.close();
            }
        }
    }

    private double[] open(int count, Path report) throws InterruptedException, IOException {
        var request = Workload.IDLE.question(contestant).request();
        for (int i = 0; i < count; i++) {
            if (!opening.tryAcquire(10, TimeUnit.SECONDS)) {
                break;
            }
            Thread.startVirtualThread(() -> hold(request));
        }
        var _ = opening.tryAcquire(OPENING, 20, TimeUnit.SECONDS);
        // Each has been sent two events more by then.
        Thread.sleep(20_000);
        var child = contestant.child();
        double resident = child.residentMb();
        if (!contestant.isOurs()) {
            return new double[] {begun.get(), resident, Double.NaN};
        }
        double live = Heap.liveMb(child);
        Files.write(report.resolve("heap-" + contestant.name() + ".txt"), Heap.kinds(child));
        return new double[] {begun.get(), resident, live};
    }

    private void hold(byte[] request) {
        var first = new AtomicInteger();
        try {
            var line = new Line("127.0.0.1", contestant.port());
            lines.add(line);
            line.ask(request, (bytes, from, to, at) -> {
                if (first.getAndIncrement() == 0) {
                    begun.incrementAndGet();
                    opening.release();
                }
            });
        } catch (IOException | NumberFormatException ended) {
            // By us, when all has been measured; or it never began, which is counted.
            if (first.get() == 0) {
                opening.release();
            }
        }
    }
}
