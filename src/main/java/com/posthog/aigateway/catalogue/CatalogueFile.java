package com.posthog.aigateway.catalogue;

import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.catalogue.Rates.Kind;
import com.posthog.aigateway.config.Key;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `providers.yaml` as it is written. Its head comment explains the keys.
record CatalogueFile(Map<String, ProviderRow> providers, List<ModelRow> models, List<LineRow> lines) {

    CatalogueFile {
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        models = List.copyOf(models);
        lines = List.copyOf(lines);
    }

    record ModelRow(
            String id,
            Model.Status status,
            Set<Shape> shapes,
            List<String> aliases,
            boolean reasons,
            @Nullable Duration preamble,
            Model.Limits limits,
            @Nullable EstimatesRow estimates,
            @Nullable String longContextBeta,
            @Nullable LocalDate retires,
            List<PriceRow> prices,
            List<TargetRow> targets) {

        ModelRow {
            var families = shapes.stream().map(Shape::family).collect(Collectors.toSet());
            if (families.size() != 1) {
                throw new IllegalArgumentException(
                        "'shapes' of model '" + id + "' must name shapes of one family: " + shapes);
            }
            if (preamble != null && !preamble.isPositive()) {
                throw new IllegalArgumentException("'preamble' of model '" + id + "' must be positive: " + preamble);
            }
            if (prices.isEmpty()) {
                throw new IllegalArgumentException("model '" + id + "' has no price row; nothing is sold unpriced");
            }
            var days = new HashSet<LocalDate>();
            for (var price : prices) {
                if (!days.add(price.from())) {
                    throw new IllegalArgumentException(
                            "model '" + id + "' has two price rows from " + price.from() + "; keep one");
                }
            }
        }

        Estimates estimatesOrUsual() {
            var usual = reasons ? Estimates.REASONING : Estimates.PLAIN;
            return estimates == null ? usual : estimates.over(usual);
        }

        LocalDate since() {
            return prices.stream().map(PriceRow::from).min(LocalDate::compareTo).orElseThrow();
        }

        Family family() {
            return shapes.iterator().next().family();
        }
    }

    record EstimatesRow(
            @Nullable BigDecimal inputPerByte,
            @Nullable Long slice,
            @Nullable Long wholeOutput,
            @Nullable Long hiddenOutput) {

        EstimatesRow {
            over(Estimates.PLAIN, inputPerByte, slice, wholeOutput, hiddenOutput);
        }

        Estimates over(Estimates usual) {
            return over(usual, inputPerByte, slice, wholeOutput, hiddenOutput);
        }

        private static Estimates over(
                Estimates usual,
                @Nullable BigDecimal inputPerByte,
                @Nullable Long slice,
                @Nullable Long wholeOutput,
                @Nullable Long hiddenOutput) {
            return new Estimates(
                    inputPerByte == null ? usual.inputPerByte() : inputPerByte,
                    slice == null ? usual.slice() : slice,
                    wholeOutput == null ? usual.wholeOutput() : wholeOutput,
                    hiddenOutput == null ? usual.hiddenOutput() : hiddenOutput);
        }
    }

    record LineRow(List<String> names, List<String> models) {
        LineRow {
            if (names.isEmpty() || models.isEmpty()) {
                throw new IllegalArgumentException("a line needs 'names' and 'models'");
            }
        }
    }

    record TargetRow(
            String provider,
            String model,
            @Nullable Times price,
            @Nullable Boolean repeatsAfterTimeout) {}

    record Times(BigDecimal times) {
        Times {
            checkPositive(times);
        }
    }

    record PriceRow(
            LocalDate from,
            BigDecimal input,
            BigDecimal output,
            @Nullable BigDecimal cacheRead,
            @Nullable @Key("cache_write_5m") BigDecimal cacheWrite5m,
            @Nullable @Key("cache_write_1h") BigDecimal cacheWrite1h,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput,
            @Nullable BigDecimal webSearch,
            List<AboveRow> above,
            Map<String, TierRow> tiers,
            @Nullable Times fast,
            @Nullable Times us) {

        PriceRow {
            rates(input, output, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, audioOutput);
            if (webSearch != null && webSearch.signum() < 0) {
                throw new IllegalArgumentException("'web_search' must not be negative: " + webSearch);
            }
            for (int i = 1; i < above.size(); i++) {
                long before = above.get(i - 1).prompt();
                if (above.get(i).prompt() <= before) {
                    throw new IllegalArgumentException("'above' must rise from one 'prompt' to the next: " + before
                            + ", then " + above.get(i).prompt());
                }
            }
        }

        Tariff tariff() {
            return new Tariff(
                    from,
                    rates(input, output, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, audioOutput),
                    webSearch,
                    above.stream().map(AboveRow::above).toList(),
                    tiers.entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, tier -> tier.getValue().tier())),
                    fast == null ? null : fast.times(),
                    us == null ? null : us.times());
        }
    }

    record AboveRow(
            long prompt,
            BigDecimal input,
            BigDecimal output,
            @Nullable BigDecimal cacheRead,
            @Nullable @Key("cache_write_5m") BigDecimal cacheWrite5m,
            @Nullable @Key("cache_write_1h") BigDecimal cacheWrite1h,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput) {

        AboveRow {
            if (prompt <= 0) {
                throw new IllegalArgumentException("'prompt' must be above zero: " + prompt);
            }
            rates(input, output, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, audioOutput);
        }

        Tariff.Above above() {
            return new Tariff.Above(
                    prompt, rates(input, output, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, audioOutput));
        }
    }

    record TierRow(
            @Nullable BigDecimal times,
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cacheRead,
            @Nullable @Key("cache_write_5m") BigDecimal cacheWrite5m,
            @Nullable @Key("cache_write_1h") BigDecimal cacheWrite1h,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput) {

        TierRow {
            var rates = rates(input, output, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, audioOutput);
            if ((times == null) == rates.usd().isEmpty()) {
                throw new IllegalArgumentException("a tier says either 'times' or rates of its own");
            }
            if (times != null) {
                checkPositive(times);
            }
        }

        Tariff.Tier tier() {
            return new Tariff.Tier(
                    times, rates(input, output, cacheRead, cacheWrite5m, cacheWrite1h, audioInput, audioOutput));
        }
    }

    private static void checkPositive(BigDecimal times) {
        if (times.signum() <= 0) {
            throw new IllegalArgumentException("'times' must be above zero: " + times);
        }
    }

    private static Rates rates(
            @Nullable BigDecimal input,
            @Nullable BigDecimal output,
            @Nullable BigDecimal cacheRead,
            @Nullable BigDecimal cacheWrite5m,
            @Nullable BigDecimal cacheWrite1h,
            @Nullable BigDecimal audioInput,
            @Nullable BigDecimal audioOutput) {
        return Rates.NONE
                .with(Kind.INPUT, input)
                .with(Kind.OUTPUT, output)
                .with(Kind.CACHE_READ, cacheRead)
                .with(Kind.CACHE_WRITE_5M, cacheWrite5m)
                .with(Kind.CACHE_WRITE_1H, cacheWrite1h)
                .with(Kind.AUDIO_INPUT, audioInput)
                .with(Kind.AUDIO_OUTPUT, audioOutput);
    }
}
