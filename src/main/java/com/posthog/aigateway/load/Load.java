package com.posthog.aigateway.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Asks one question again and again at a fixed rate. Whoever is free takes the next question and waits until it is
/// due; when all are busy it goes out late, and its latency counts from when it was due.
public final class Load {

    /// What is asked, how often, and for how long.
    ///
    /// @param rate questions a second
    /// @param connections the most that are open at once
    public record Plan(Question question, double rate, Duration duration, int connections) {
        public Plan {
            if (connections < 1) {
                throw new IllegalArgumentException("the connections must be at least 1: " + connections);
            }
        }
    }

    /// Up to so many threads are of the system: they wake more exactly than virtual ones.
    private static final int FEW = 256;

    /// Sleeping is not exact; the last moment is waited for awake.
    private static final long AWAKE_NANOS = 60_000;

    /// How long after the end a question that is overdue may still go out.
    private static final long GRACE_NANOS = 5_000_000_000L;

    private final Plan plan;
    private final Schedule schedule;
    private final AtomicLong tickets = new AtomicLong();

    private Load(Plan plan) {
        this.plan = plan;
        this.schedule = Schedule.of(System.nanoTime() + 50_000_000, plan.rate(), plan.duration());
    }

    /// True when the host is this machine: anything else may be somebody's bill.
    public static boolean isHere(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    public static Result run(Plan plan) throws InterruptedException {
        return new Load(plan).run();
    }

    private Result run() throws InterruptedException {
        var threads = plan.connections() <= FEW ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        var tallies = new ArrayList<Tally>();
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < plan.connections(); i++) {
            var tally = new Tally();
            tallies.add(tally);
            workers.add(threads.start(() -> work(tally)));
        }
        for (var worker : workers) {
            worker.join();
        }
        var all = new Tally();
        tallies.forEach(all::add);
        return Result.of(all, schedule.start());
    }

    private void work(Tally tally) {
        Line line = null;
        for (long ticket = tickets.getAndIncrement(); ticket < schedule.count(); ticket = tickets.getAndIncrement()) {
            long due = schedule.due(ticket);
            await(due);
            if (System.nanoTime() - schedule.end() > GRACE_NANOS) {
                tally.unsent++;
                continue;
            }
            line = ask(line, due, tally);
        }
        close(line);
    }

    private static void await(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > AWAKE_NANOS) {
                LockSupport.parkNanos(left - AWAKE_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /// Returns the line for the next question; null: a new one is needed.
    private @Nullable Line ask(@Nullable Line open, long due, Tally tally) {
        var line = open;
        tally.sent++;
        try {
            if (line == null) {
                line = new Line(plan.question().host(), plan.question().port());
            }
            var answer = new Answer(due, tally);
            int status = line.ask(plan.question().request(), answer);
            answer.ended(status);
            if (line.isUsable()) {
                return line;
            }
        } catch (IOException | NumberFormatException broken) {
            tally.error(broken.getClass().getSimpleName());
        }
        close(line);
        return null;
    }

    private static void close(@Nullable Line line) {
        if (line == null) {
            return;
        }
        try {
            line.close();
        } catch (IOException broken) {
            // It is closed all the same.
        }
    }

    /// One answer as it comes.
    private static final class Answer implements Line.Ear {

        private final long due;
        private final Tally tally;
        private final Stamps stamps;
        private boolean begun;

        Answer(long due, Tally tally) {
            this.due = due;
            this.tally = tally;
            this.stamps = new Stamps(delay -> Tally.note(tally.eventDelay, delay));
        }

        @Override
        public void hear(byte[] bytes, int from, int to, long at) {
            if (!begun) {
                begun = true;
                Tally.note(tally.firstByte, at - due);
            }
            stamps.hear(bytes, from, to, at);
        }

        void ended(int status) {
            long now = System.nanoTime();
            tally.lastEnd = Math.max(tally.lastEnd, now);
            if (status == 200) {
                tally.ok++;
                Tally.note(tally.latency, now - due);
            } else {
                tally.error(Integer.toString(status));
            }
        }
    }
}
