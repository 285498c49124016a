package com.posthog.aigateway.testing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes events in every way that WHATWG HTML, 9.2.5 allows: three kinds of line ends, data in several lines, with and
/// without a blank, comments, ids and times to retry after.
final class SseWriter {

    private final Chance chance;
    private final List<String> ends;
    private boolean afterCarriageReturn;

    SseWriter(Chance chance) {
        this.chance = chance;
        this.ends = chance.onceIn(4) ? List.of("\n", "\r", "\r\n") : List.of(chance.of("\n", "\r", "\r\n"));
    }

    String write(@Nullable String name, String data) {
        var lines = new ArrayList<String>();
        if (name != null) {
            lines.add(field("event", name));
        }
        if (chance.onceIn(5)) {
            lines.add(chance.of(":", ": ping", ":data: no", "id: 7", "id", "retry: 10", "unknown: x", "dataset: 1"));
        }
        for (var part : parts(data)) {
            lines.add(field("data", part));
            if (chance.onceIn(12)) {
                lines.add(": between");
            }
        }
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line).append(end(false)));
        return text.append(end(true)).toString();
    }

    /// A comment that stands alone, now and then.
    String aside() {
        return chance.onceIn(10) ? ": alone" + end(false) + end(true) : "";
    }

    private String field(String name, String value) {
        // A value that begins with a blank needs the one that is taken off.
        return name + ":" + (value.startsWith(" ") || !chance.onceIn(4) ? " " : "") + value;
    }

    /// A line end may stand between the members of an object, where it is only a blank.
    private List<String> parts(String data) {
        int comma = data.startsWith("{\"") && chance.onceIn(4) ? data.indexOf(",\"") + 1 : 0;
        var parts = new ArrayList<String>();
        for (var line : data.split("\r\n|\n|\r", -1)) {
            parts.add(line);
        }
        if (comma > 0 && parts.size() == 1 && isBetweenMembers(data, comma)) {
            return List.of(data.substring(0, comma), data.substring(comma));
        }
        return parts;
    }

    /// True where an even number of quotes stands before, and so no string is open.
    private static boolean isBetweenMembers(String data, int at) {
        return data.substring(0, at).chars().filter(one -> one == '"').count() % 2 == 0 && !data.contains("\\\"");
    }

    /// A line end behind a CR must not begin with the LF that would join it.
    private String end(boolean blankLine) {
        var end = chance.of(ends);
        if (blankLine && afterCarriageReturn && end.equals("\n")) {
            end = "\r\n";
        }
        afterCarriageReturn = end.equals("\r");
        return end;
    }
}
