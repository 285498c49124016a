package com.posthog.aigateway.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.posthog.aigateway.load.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Closed loop at 32 connections, by `wrk`: as many calls as can be.
record Wrk(Path script, Path folder) {

    private static final Pattern COUNT = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern WRONG = Pattern.compile(
            "Non-2xx or 3xx responses: (\\d+)|connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    /// What was reached.
    ///
    /// @param wrong answers that were none, or none of success
    record Reached(long requests, double rate, long wrong) {}

    Reached run(Question question, Duration time) throws IOException, InterruptedException {
        var said = Child.run(command(question, time), time.plusSeconds(30));
        long wrong = 0;
        for (var match = WRONG.matcher(said); match.find(); ) {
            for (int i = 1; i <= match.groupCount(); i++) {
                wrong += match.group(i) == null ? 0 : Long.parseLong(match.group(i));
            }
        }
        return new Reached((long) number(COUNT, said), number(RATE, said), wrong);
    }

    private List<String> command(Question question, Duration time) throws IOException {
        var request = new String(question.request(), ISO_8859_1);
        int headEnd = request.indexOf("\r\n\r\n");
        var lines = request.substring(0, headEnd).split("\r\n", -1);
        var body = Files.writeString(folder.resolve("body.json"), request.substring(headEnd + 4), ISO_8859_1);
        var target = lines[0].split(" ", -1)[1];
        var command = new ArrayList<>(List.of(
                "wrk",
                "-t1",
                "-c32",
                "-d" + time.toSeconds() + "s",
                "--timeout",
                "10s",
                "-s",
                script.toString(),
                "http://" + question.host() + ":" + question.port() + target,
                "--",
                body.toString()));
        for (int i = 1; i < lines.length; i++) {
            if (!lines[i].startsWith("Host:") && !lines[i].startsWith("Content-Length:")) {
                command.add(lines[i]);
            }
        }
        return command;
    }

    private static double number(Pattern pattern, String said) throws IOException {
        var match = pattern.matcher(said);
        if (!match.find()) {
            throw new IOException("wrk said: " + said);
        }
        return Double.parseDouble(match.group(1));
    }
}
