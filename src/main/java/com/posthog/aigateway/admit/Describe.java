package com.posthog.aigateway.admit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Money;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Tells operators all that an entry knows.
record Describe() implements Operation {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Answer answer(Entry entry, Here here) {
        var page = JSON.createObjectNode();
        var accounts = page.putArray("accounts");
        entry.sheets().entrySet().stream()
                .sorted(Comparator.comparing(it -> it.getKey().toString()))
                .forEach(it -> describe(it.getKey().toString(), it.getValue(), accounts.addObject()));
        var epochs = new TreeMap<String, long[]>();
        entry.holds().forEach((id, hold) -> {
            var sums = epochs.computeIfAbsent(Roster.name(id.epoch()), _ -> new long[2]);
            sums[0]++;
            sums[1] += here.living().contains(hold.owner) ? 0 : 1;
        });
        var holds = page.putArray("holds");
        epochs.forEach((epoch, sums) ->
                holds.addObject().put("epoch", epoch).put("open", sums[0]).put("absent", sums[1]));
        page.put("closed_epochs", entry.closed().size());
        return new Answer.Described(page.toString());
    }

    private static void describe(String account, Sheet sheet, ObjectNode line) {
        line.put("account", account)
                .put("held_usd", new Money(sheet.held).toString())
                .put("places", sheet.slots);
        var spent = line.putObject("charged_usd");
        for (var grain : new TreeMap<>(sheet.charged()).entrySet()) {
            var buckets = spent.putObject(grain.getKey().name().toLowerCase(Locale.ROOT));
            for (Map.Entry<Long, Counter> bucket : grain.getValue().entrySet()) {
                buckets.put(
                        Long.toString(bucket.getKey()),
                        new Money(bucket.getValue().sum()).toString());
            }
        }
    }

    @Override
    public boolean changes(Answer answer) {
        return false;
    }

    @Override
    public void change(Entry entry, Answer answer, Here here) {}
}
