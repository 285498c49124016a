package com.posthog.aigateway.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// What callers ask for, and how often: the rows of `profile.csv`.
final class Profile {

    /// The shapes that money goes through.
    enum Shape {
        CHAT("/v1/chat/completions", "gpt-6-sol"),
        RESPONSES("/v1/responses", "gpt-6-sol"),
        MESSAGES("/v1/messages", "claude-sonnet-5-5");

        private final String path;
        private final String model;

        Shape(String path, String model) {
            this.path = path;
            this.model = model;
        }

        String path() {
            return path;
        }
    }

    /// One kind of call.
    ///
    /// @param leaves when the caller hangs up, in milliseconds; 0: never
    /// @param directives for the mock
    /// @param fixed more members of the body; empty: none
    record Row(
            Team.Kind least,
            int weight,
            Shape shape,
            boolean stream,
            int prompt,
            int most,
            long leaves,
            String directives,
            String fixed) {

        String body(String mark) {
            var text = "\"" + "word ".repeat(prompt / 5) + "\"";
            var turns = "[{\"role\":\"user\",\"content\":" + text + "}]";
            var own = switch (shape) {
                case CHAT -> "\"user\":\"" + mark + "\",\"max_completion_tokens\":" + most + ",\"messages\":" + turns;
                case RESPONSES -> "\"user\":\"" + mark + "\",\"max_output_tokens\":" + most + ",\"input\":" + turns;
                case MESSAGES ->
                    "\"metadata\":{\"user_id\":\"" + mark + "\"},\"max_tokens\":" + most + ",\"messages\":" + turns;
            };
            return "{\"model\":\"" + shape.model + "\",\"stream\":" + stream + "," + own
                    + (fixed.isEmpty() ? "" : "," + fixed) + "}";
        }

        private boolean suits(Team.Kind kind) {
            return switch (kind) {
                case TIGHT -> least == Team.Kind.TIGHT;
                case STRICT -> least == Team.Kind.STRICT;
                case BREATHING, WIDE -> least != Team.Kind.TIGHT;
            };
        }
    }

    private static final int FIELDS = 11;

    private final List<Row> rows;

    private Profile(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    static Profile committed() throws IOException {
        try (InputStream in = Objects.requireNonNull(Profile.class.getResourceAsStream("profile.csv"))) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static Profile parse(String text) {
        var rows = new ArrayList<Row>();
        for (var line : text.lines().filter(it -> !it.startsWith("#")).toList()) {
            var fields = line.split(",", FIELDS);
            for (int i = 0; i < fields.length; i++) {
                fields[i] = fields[i].strip();
            }
            rows.add(row(fields));
        }
        return new Profile(rows);
    }

    private static Row row(String... fields) {
        var given = fields[9].isEmpty() ? "" : "," + fields[9].replace('+', ',');
        var gap = fields[5].equals("0") ? "" : ",chunk-gap=" + fields[5] + "ms";
        return new Row(
                Team.Kind.valueOf(fields[0].toUpperCase(Locale.ROOT)),
                Integer.parseInt(fields[1]),
                Shape.valueOf(fields[2].toUpperCase(Locale.ROOT)),
                fields[3].equals("yes"),
                Integer.parseInt(fields[6]),
                Integer.parseInt(fields[7]),
                Long.parseLong(fields[8]),
                "words=" + fields[4] + gap + given,
                fields[10]);
    }

    List<Row> rows() {
        return rows;
    }

    /// One that such a team may ask for, by chance.
    Row draw(Team.Kind kind, RandomGenerator chance) {
        var suitable = rows.stream().filter(row -> row.suits(kind)).toList();
        int ticket = chance.nextInt(suitable.stream().mapToInt(Row::weight).sum());
        for (var row : suitable) {
            ticket -= row.weight();
            if (ticket < 0) {
                return row;
            }
        }
        throw new AssertionError("no row was drawn");
    }
}
