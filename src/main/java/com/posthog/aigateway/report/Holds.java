package com.posthog.aigateway.report;

import com.posthog.aigateway.call.Held;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Overrun;
import com.posthog.aigateway.call.Receipt;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// What breathing budgets held for the calls of one model, beside what they cost.
final class Holds {

    private final Map<Overrun.Cause, Money> overruns = new EnumMap<>(Overrun.Cause.class);
    private long held;
    private long exceeded;
    private Money spare = Money.ZERO;

    /// A call that no breathing budget held is none of ours.
    void add(Receipt receipt) {
        var last = last(receipt);
        if (last.isEmpty()) {
            return;
        }
        held++;
        exceeded += receipt.overruns().isEmpty() ? 0 : 1;
        receipt.overruns().forEach(overrun -> overruns.merge(overrun.cause(), overrun.amount(), Money::plus));
        spare = spare.plus(new Money(last.getAsLong()).above(receipt.cost().total()));
    }

    /// What was held last, as far as the journal was told.
    private static OptionalLong last(Receipt receipt) {
        return receipt.intent().held().stream()
                .flatMap(held -> held.parts().stream())
                .filter(part -> !part.strict())
                .mapToLong(Held.Part::nanos)
                .max();
    }

    List<String> lines() {
        if (held == 0) {
            return List.of("no breathing budget held any of them");
        }
        var lines = new ArrayList<String>();
        lines.add("cost more than was held: " + new Share(exceeded, held) + ", by "
                + overruns.values().stream().reduce(Money.ZERO, Money::plus) + " USD" + causes());
        lines.add("held too much at their end: " + new Money(spare.nanos() / held) + " USD on average");
        return lines;
    }

    private String causes() {
        return overruns.isEmpty()
                ? ""
                : overruns.entrySet().stream()
                        .map(each -> each.getKey().word() + " " + each.getValue())
                        .collect(Collectors.joining(", ", ": ", ""));
    }
}
