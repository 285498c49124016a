package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Headers;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/// How long a provider wants to be left alone: in milliseconds where it says so, else in seconds. A date is
/// passed over,
/// as its clock may be another.
final class RetryAfter {

    private static final int LONGEST_NUMBER = 12;
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1_000);

    private RetryAfter() {}

    static Optional<Duration> in(Headers headers) {
        return headers.first("retry-after-ms")
                .flatMap(text -> wait(text, BigDecimal.ONE))
                .or(() -> headers.first("retry-after").flatMap(text -> wait(text, MILLIS)));
    }

    private static Optional<Duration> wait(String text, BigDecimal millis) {
        try {
            var wait = text.length() > LONGEST_NUMBER
                    ? BigDecimal.valueOf(-1)
                    : new BigDecimal(text.strip()).multiply(millis);
            return wait.signum() < 0 || wait.precision() - wait.scale() > LONGEST_NUMBER
                    ? Optional.empty()
                    : Optional.of(Duration.ofMillis(wait.longValue()));
        } catch (NumberFormatException date) {
            return Optional.empty();
        }
    }
}
