package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Usage;
import com.posthog.aigateway.catalogue.Rates.Kind;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One answer's cost while it is added up: exact, in millionths of a dollar, and what had to be guessed for
/// it. Only at the end is each side rounded, once.
final class Sides {

    /// Above any real answer, and small enough that no sum of sides overflows.
    private static final BigDecimal MOST_USD = BigDecimal.valueOf(1_000_000_000);

    /// Counts beyond this are bounded: see [Model#believable].
    private static final long MOST_TOKENS = 1L << 58;

    private static final BigDecimal WRITE_TIMES = new BigDecimal("1.25");

    /// US dollars per thousand: what both families ask, for where no rate is known.
    private static final BigDecimal WEB_SEARCH = BigDecimal.TEN;

    private BigDecimal input = BigDecimal.ZERO;
    private BigDecimal cacheRead = BigDecimal.ZERO;
    private BigDecimal cacheWrite = BigDecimal.ZERO;
    private BigDecimal output = BigDecimal.ZERO;
    private BigDecimal webSearch = BigDecimal.ZERO;
    private final Set<String> guesses = new LinkedHashSet<>();

    void add(Usage usage, Rates rates) {
        var in = rate(rates, Kind.INPUT, BigDecimal.ZERO);
        var out = rate(rates, Kind.OUTPUT, BigDecimal.ZERO);
        input = input.add(mixed(usage.input(), in, usage.audioInput(), rate(rates, Kind.AUDIO_INPUT, in)));
        output = output.add(mixed(usage.output(), out, usage.audioOutput(), rate(rates, Kind.AUDIO_OUTPUT, out)));
        cacheRead = cacheRead.add(cached(usage.cacheRead(), rates, Kind.CACHE_READ, in));
        cacheWrite = cacheWrite
                .add(cached(usage.cacheWrite5m(), rates, Kind.CACHE_WRITE_5M, in.multiply(WRITE_TIMES)))
                .add(cached(usage.cacheWrite1h(), rates, Kind.CACHE_WRITE_1H, in.multiply(WRITE_TIMES)));
    }

    /// The most that [#add] asks for one token of each side.
    static Dearest dearest(Rates rates) {
        var in = rate(rates, Kind.INPUT, BigDecimal.ZERO);
        var out = rate(rates, Kind.OUTPUT, BigDecimal.ZERO);
        var written = in.multiply(WRITE_TIMES);
        return new Dearest(
                in.max(rate(rates, Kind.AUDIO_INPUT, in))
                        .max(rate(rates, Kind.CACHE_READ, in))
                        .max(rate(rates, Kind.CACHE_WRITE_5M, written))
                        .max(rate(rates, Kind.CACHE_WRITE_1H, written)),
                out.max(rate(rates, Kind.AUDIO_OUTPUT, out)));
    }

    void addSearches(long searches, @Nullable BigDecimal perThousand) {
        if (searches > 0 && perThousand == null) {
            guess("web_search");
        }
        var rate = perThousand == null ? WEB_SEARCH : perThousand;
        webSearch = webSearch.add(times(searches, rate.movePointRight(3)));
    }

    void guess(String what) {
        guesses.add(what);
    }

    List<String> guesses() {
        return List.copyOf(guesses);
    }

    Cost cost(String pricedAs) {
        return new Cost(
                rounded(input),
                rounded(cacheRead),
                rounded(cacheWrite),
                rounded(output),
                rounded(webSearch),
                pricedAs,
                false);
    }

    private static BigDecimal rate(Rates rates, Kind kind, BigDecimal otherwise) {
        var rate = rates.of(kind);
        return rate == null ? otherwise : rate;
    }

    private BigDecimal cached(long tokens, Rates rates, Kind kind, BigDecimal otherwise) {
        if (tokens > 0 && rates.of(kind) == null) {
            guess(kind.word());
        }
        return times(tokens, rate(rates, kind, otherwise));
    }

    private static BigDecimal mixed(long tokens, BigDecimal rate, long audio, BigDecimal audioRate) {
        long spoken = Math.clamp(audio, 0, bounded(tokens));
        return times(bounded(tokens) - spoken, rate).add(times(spoken, audioRate));
    }

    private static BigDecimal times(long count, BigDecimal rate) {
        return rate.multiply(BigDecimal.valueOf(bounded(count)));
    }

    static long bounded(long tokens) {
        return Math.clamp(tokens, 0, MOST_TOKENS);
    }

    private static Money rounded(BigDecimal micros) {
        return Money.ofUsd(micros.movePointLeft(6).min(MOST_USD));
    }
}
