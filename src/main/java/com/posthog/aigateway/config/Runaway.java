package com.posthog.aigateway.config;

import com.posthog.aigateway.config.CallerSettings.Mode;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When a credential of a team is taken to run away, and for how long it is stopped then. What is absent is as
/// usual.
public record Runaway(
        @Nullable SameBody sameBody,
        @Nullable Spend spend,
        @Nullable Duration coolDown,
        @Nullable Mode mode) {

    static final Runaway USUAL = new Runaway(null, null, null, null);

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    public Runaway {
        between("cool_down", coolDown, SECOND, DAY);
    }

    @Override
    public SameBody sameBody() {
        return sameBody == null ? SameBody.USUAL : sameBody;
    }

    @Override
    public Spend spend() {
        return spend == null ? Spend.USUAL : spend;
    }

    @Override
    public Duration coolDown() {
        return coolDown == null ? Duration.ofMinutes(5) : coolDown;
    }

    @Override
    public Mode mode() {
        return mode == null ? Mode.ENFORCE : mode;
    }

    /// How often the same body may be sent.
    public record SameBody(@Nullable Long times, @Nullable Duration within) {

        static final SameBody USUAL = new SameBody(null, null);

        public SameBody {
            atLeast("times", times, 1);
            between("within", within, SECOND, HOUR);
        }

        @Override
        public Long times() {
            return times == null ? Long.valueOf(100) : times;
        }

        @Override
        public Duration within() {
            return within == null ? Duration.ofMinutes(5) : within;
        }
    }

    /// How fast may be spent.
    ///
    /// @param timesBaseline so many times what the credential spends in a minute in which it spends at all
    /// @param atLeastUsdPerMinute below that, nothing is compared with the baseline
    public record Spend(
            @Nullable BigDecimal usdPerMinute,
            @Nullable Long timesBaseline,
            @Nullable BigDecimal atLeastUsdPerMinute) {

        static final Spend USUAL = new Spend(null, null, null);

        public Spend {
            CallerSettings.amount("usd_per_minute", usdPerMinute);
            CallerSettings.amount("at_least_usd_per_minute", atLeastUsdPerMinute);
            atLeast("times_baseline", timesBaseline, 2);
        }

        @Override
        public BigDecimal usdPerMinute() {
            return usdPerMinute == null ? BigDecimal.valueOf(100) : usdPerMinute;
        }

        @Override
        public Long timesBaseline() {
            return timesBaseline == null ? Long.valueOf(10) : timesBaseline;
        }

        @Override
        public BigDecimal atLeastUsdPerMinute() {
            return atLeastUsdPerMinute == null ? BigDecimal.TEN : atLeastUsdPerMinute;
        }
    }

    private static void atLeast(String key, @Nullable Long count, long least) {
        if (count != null && (count < least || count > 1_000_000)) {
            throw new IllegalArgumentException("'" + key + "' must be between " + least + " and 1000000: " + count);
        }
    }

    private static void between(String key, @Nullable Duration time, Duration least, Duration most) {
        if (time != null && (time.compareTo(least) < 0 || time.compareTo(most) > 0)) {
            throw new IllegalArgumentException("'" + key + "' must be between " + Scalars.write(least) + " and "
                    + Scalars.write(most) + ": " + Scalars.write(time));
        }
    }
}
