package com.posthog.aigateway.bench;

import com.posthog.aigateway.load.Line;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Very many streamed calls, of which every tenth is left by its caller: does the heap grow?
final class LongRun {

    static final String GROWTH = "live heap at the end over that at a fifth";
    private static final int CALLERS = 32;

    private static final class Left extends IOException {}

    private final byte[] request;
    private final int port;
    private final AtomicLong tickets = new AtomicLong();

    private LongRun(Contestant contestant) {
        this.request = Workload.BURST.question(contestant).request();
        this.port = contestant.port();
    }

    static void measure(Contestant contestant, long calls, Samples samples) throws IOException, InterruptedException {
        var run = new LongRun(contestant);
        run.until(calls / 5);
        contestant.child().restedCpuMicros();
        double early = Heap.liveMb(contestant.child());
        run.until(calls);
        contestant.child().restedCpuMicros();
        double late = Heap.liveMb(contestant.child());
        samples.add("long run: live heap at a fifth, MB", contestant.name(), early);
        samples.add("long run: live heap at the end, MB", contestant.name(), late);
        samples.add(GROWTH, contestant.name(), late / early);
    }

    private void until(long calls) throws InterruptedException {
        var callers = new ArrayList<Thread>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofPlatform().daemon().start(() -> call(calls)));
        }
        for (var caller : callers) {
            caller.join();
        }
    }

    private void call(long calls) {
        Line line = null;
        while (tickets.get() < calls) {
            boolean leaves = tickets.getAndIncrement() % 10 == 0;
            try {
                if (line == null) {
                    line = new Line("127.0.0.1", port);
                }
                line.ask(request, (bytes, from, to, at) -> {
                    if (leaves) {
                        throw new Left();
                    }
                });
            } catch (IOException left) {
                line = closed(line);
            }
        }
        var _ = closed(line);
    }

    private static @Nullable Line closed(@Nullable Line line) {
        if (line != null) {
            try {
                line.close();
            } catch (IOException broken) {
                // It is closed all the same.
            }
        }
        return null;
    }
}
