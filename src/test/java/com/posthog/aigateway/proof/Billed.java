package com.posthog.aigateway.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One request as its provider charges it.
///
/// @param begun when it was taken, in milliseconds since 1970
/// @param ended when it was over; the same as `begun` while it is not
/// @param nanos what is charged, in nano-dollars
/// @param shown the part of it that the request and a stream show
record Billed(
        long number,
        String mark,
        long begun,
        long ended,
        boolean over,
        int status,
        boolean stream,
        long nanos,
        long shown) {

    private static final ObjectMapper JSON = new ObjectMapper();

    String team() {
        return Team.of(mark);
    }

    /// The part of the charge that no stream shows.
    long hidden() {
        return Math.max(0, nanos - shown);
    }

    /// The bill of a provider that was never started again. Of two lines with one number, the later holds. A line that
    /// is just being written is left out.
    static List<Billed> read(Path file) throws IOException {
        var found = new LinkedHashMap<Long, Billed>();
        var text = Files.readString(file);
        for (var line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1)) {
            if (!line.isEmpty()) {
                add(JSON.readTree(line), found);
            }
        }
        return List.copyOf(found.values());
    }

    private static void add(JsonNode line, Map<Long, Billed> found) {
        long number = line.path("n").asLong();
        long at = line.path("at").asLong();
        var first = found.get(number);
        found.put(
                number,
                new Billed(
                        number,
                        line.path("mark").asText(),
                        first == null ? at : first.begun(),
                        at,
                        line.path("final").asBoolean(),
                        line.path("status").asInt(),
                        line.path("stream").asBoolean(),
                        line.path("nanos").asLong(),
                        line.path("shown").asLong()));
    }
}
