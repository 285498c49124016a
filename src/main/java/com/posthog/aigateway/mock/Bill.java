package com.posthog.aigateway.mock;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/// What the provider charges, kept by itself: for each request that it takes a line that is on disk before the answer's
/// first byte is sent, and one at the end that holds instead.
public final class Bill implements AutoCloseable {

    /// What an answer of a model costs.
    @FunctionalInterface
    public interface Prices {
        Money of(String model, Usage usage);
    }

    private final FileChannel file;
    private final Clock clock;
    private final Prices prices;
    private final AtomicLong numbers = new AtomicLong();

    private Bill(FileChannel file, Clock clock, Prices prices) {
        this.file = file;
        this.clock = clock;
        this.prices = prices;
    }

    /// A new bill, or more lines of an old one. UncheckedIOException: the file cannot be written.
    public static Bill open(Path file, Clock clock, Prices prices) {
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return new Bill(channel, clock, prices);
        } catch (IOException e) {
            throw new UncheckedIOException("the bill cannot be written: " + file, e);
        }
    }

    long number() {
        return numbers.incrementAndGet();
    }

    Money price(String model, Usage usage) {
        return prices.of(model, usage);
    }

    /// Returns when the line is on disk.
    void write(BillLine line) {
        var json = Json.object()
                .put("n", line.number())
                .put("mark", line.mark())
                .put("model", line.model())
                .put("at", clock.millis())
                .put("final", line.last())
                .put("status", line.status())
                .put("stream", line.stream())
                .put("nanos", line.charged().nanos())
                .put("shown", line.shown().nanos());
        var bytes = Json.bytes(json);
        var whole = ByteBuffer.allocate(bytes.length + 1)
                .put(bytes)
                .put((byte) '\n')
                .flip();
        try {
            append(whole);
        } catch (IOException e) {
            throw new UncheckedIOException("the bill cannot be written", e);
        }
    }

    private synchronized void append(ByteBuffer line) throws IOException {
        while (line.hasRemaining()) {
            file.write(line);
        }
        file.force(false);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the bill cannot be closed", e);
        }
    }
}
