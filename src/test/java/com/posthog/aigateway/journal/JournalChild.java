package com.posthog.aigateway.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.journal.Journal.Limits;
import com.posthog.aigateway.journal.Journal.Sync;
import com.posthog.aigateway.testing.SampleReceipts;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Executors;

/// Another process: writes intents and receipts until it is killed, and tells of each write that returned.
final class JournalChild {

    private static final int WRITERS = 16;
    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private JournalChild() {}

    /// Takes the data folder as its argument.
    public static void main(String[] arguments) {
        var limits =
                new Limits(Duration.ofDays(1), Duration.ofDays(30), 1 << 30, new Sync.Every(Duration.ofMillis(50)));
        try (var journal = Journal.open(Path.of(arguments[0]), limits, Clock.systemUTC(), new SecureRandom());
                var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < WRITERS; i++) {
                writers.execute(() -> writeForEver(journal));
            }
        } catch (JournalFault e) {
            say("fault " + e.getMessage());
        }
    }

    private static void writeForEver(Journal journal) {
        while (!Thread.currentThread().isInterrupted()) {
            var receipt = SampleReceipts.fullAt(Instant.now());
            journal.intend(receipt.intent());
            acknowledge("intent ", receipt.intent().id());
            journal.write(receipt, new Content(new byte[900], new byte[3000]), true);
            acknowledge("receipt ", receipt.intent().id());
        }
    }

    private static void acknowledge(String what, UUID id) {
        say(what + id);
    }

    private static synchronized void say(String line) {
        try {
            OUT.write((line + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
