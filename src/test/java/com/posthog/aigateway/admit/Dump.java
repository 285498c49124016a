package com.posthog.aigateway.admit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All that an entry knows, as text: two entries are equal when their texts are.
final class Dump {

    private Dump() {}

    static String of(Entry entry) {
        return entry.number() + (entry.isReady() ? " ready " : " placeholder ") + entry.clock() + " holds "
                + holds(entry) + " epochs " + epochs(entry) + " closed " + new TreeSet<>(entry.closed()) + " sheets "
                + sheets(entry);
    }

    private static String holds(Entry entry) {
        return entry.holds().entrySet().stream()
                .map(it -> it.getKey().epoch() + "/" + it.getKey().seq() + " " + text(it.getValue()))
                .sorted()
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String text(Entry.Hold hold) {
        return hold.step + "@" + hold.at + " of " + hold.owner + " " + sorted(hold.nanos) + " in "
                + hold.slots.stream().map(Object::toString).sorted().toList() + " tokens " + hold.tokens
                + (hold.rated ? "" : " unrated");
    }

    private static String epochs(Entry entry) {
        return sorted(entry.epochs().entrySet().stream()
                .collect(Collectors.toMap(
                        it -> it.getKey(),
                        it -> it.getValue().upTo() + "-"
                                + new TreeSet<>(it.getValue().open()))));
    }

    private static String sheets(Entry entry) {
        return sorted(entry.sheets().entrySet().stream()
                .collect(Collectors.toMap(it -> it.getKey(), it -> sheet(it.getValue()))));
    }

    private static String sheet(Sheet sheet) {
        var text = new StringBuilder("held " + sheet.held + " slots " + sheet.slots);
        sheet.charged().forEach((grain, counters) -> {
            text.append(' ').append(grain);
            counters.forEach((index, counter) -> text.append(' ').append(index).append(counter(counter)));
        });
        return text + " requests " + pace(sheet.requests) + " tokens " + pace(sheet.tokens);
    }

    private static String counter(Counter counter) {
        var text = new StringBuilder("(" + counter.sum());
        for (int i = 0; i < counter.size(); i++) {
            text.append(' ').append(counter.epoch(i)).append('=').append(counter.charged(i));
        }
        return text.append(')').toString();
    }

    private static String pace(@Nullable Pace pace) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            Pace.write(pace, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pace == null ? "none" : HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static <K> String sorted(Map<K, ?> map) {
        var sorted = new TreeMap<K, Object>(Comparator.comparing(Object::toString));
        sorted.putAll(map);
        return sorted.toString();
    }
}
