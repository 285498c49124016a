package com.posthog.aigateway.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One deadline over several answers.
final class Wait {

    private static final Logger LOG = LoggerFactory.getLogger(Wait.class);

    private final long until;

    Wait(Duration patience) {
        until = System.nanoTime() + patience.toNanos();
    }

    /// Empty where it failed, or does not come in time.
    Optional<byte[]> answer(String subject, UUID from, Future<byte[]> coming) {
        try {
            return Optional.of(coming.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            LOG.debug("'{}' was not answered by {}", subject, from, e.getCause());
        } catch (TimeoutException | CancellationException e) {
            LOG.debug("'{}' was not answered by {} in time", subject, from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var _ = coming.cancel(true);
        return Optional.empty();
    }
}
