package com.posthog.aigateway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/// Where a warm gateway's time goes: by thread from the system, by room and method from the flight recorder.
final class Profile {

    static final String PINNED = "virtual threads pinned when warm";
    private static final int TOP = 25;

    /// Libraries that are named in the profile, by the beginning of their classes' names.
    private static final Map<String, String> LIBRARIES = Map.of(
            "io.helidon.", "helidon",
            "org.apache.hc.", "apache",
            "org.rocksdb.", "rocksdb",
            "com.fasterxml.", "json",
            "ch.qos.logback.", "log",
            "org.slf4j.", "log",
            "io.opentelemetry.", "metrics",
            "com.github.f4b6a3.", "uuid");

    private static final String HOUSE = "com.posthog.aigateway.";

    private final Map<String, Integer> areas = new TreeMap<>();
    private final Map<String, Integer> methods = new TreeMap<>();
    private final Map<String, Integer> places = new TreeMap<>();
    private int samples;
    private int pinned;

    private Profile() {}

    static void measure(Contestant contestant, Workload workload, Wrk wrk, Duration time, Samples samples, Path report)
            throws IOException, InterruptedException {
        var file = report.resolveSibling("profile-" + contestant.name() + ".jfr");
        var child = contestant.child();
        child.ask("JFR.start", "name=bench", "settings=" + wrk.script().resolveSibling("profile.jfc"));
        var before = threads(child.pid());
        var reached = wrk.run(workload.question(contestant), time);
        var after = threads(child.pid());
        child.ask("JFR.stop", "name=bench", "filename=" + file);
        var profile = new Profile();
        try (var recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                profile.take(recording.readEvent());
            }
        }
        Files.delete(file);
        samples.add(PINNED, contestant.name(), profile.pinned);
        Files.write(report, profile.lines(contestant, workload, reached, before, after));
    }

    private void take(RecordedEvent event) {
        if (event.getEventType().getName().equals("jdk.VirtualThreadPinned")) {
            pinned++;
        } else if (event.getEventType().getName().equals("jdk.CPUTimeSample") && event.getStackTrace() != null) {
            var frames = event.getStackTrace().getFrames();
            samples++;
            areas.merge(area(frames), 1, Integer::sum);
            methods.merge(name(frames.getFirst()), 1, Integer::sum);
            frames.stream()
                    .filter(frame -> frame.getMethod().getType().getName().startsWith(HOUSE))
                    .map(Profile::name)
                    .distinct()
                    .forEach(place -> places.merge(place, 1, Integer::sum));
        }
    }

    /// The room or the library nearest to the top, and whether the kernel was at work for it.
    private static String area(List<RecordedFrame> frames) {
        var top = frames.getFirst().getMethod();
        var type = top.getType().getName();
        boolean network = type.startsWith("sun.nio.ch.") && java.lang.reflect.Modifier.isNative(top.getModifiers());
        var suffix = network ? " (network call: " + top.getName() + ")" : "";
        for (var frame : frames) {
            var name = frame.getMethod().getType().getName();
            if (name.startsWith(HOUSE)) {
                var rest = name.substring(HOUSE.length());
                return "our " + (rest.indexOf('.') < 0 ? "wiring" : rest.substring(0, rest.indexOf('.'))) + suffix;
            }
            for (var library : LIBRARIES.entrySet()) {
                if (name.startsWith(library.getKey())) {
                    return library.getValue() + suffix;
                }
            }
        }
        return "jdk alone" + suffix;
    }

    private static String name(RecordedFrame frame) {
        var type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "."
                + frame.getMethod().getName();
    }

    private List<String> lines(
            Contestant contestant,
            Workload workload,
            Wrk.Reached reached,
            Map<String, long[]> before,
            Map<String, long[]> after) {
        var lines = new ArrayList<String>();
        lines.add(contestant.name() + ", " + workload.name() + ": " + reached.requests() + " calls while recorded, "
                + samples + " samples, " + pinned + " times pinned");
        lines.add("");
        lines.add("CPU microseconds per call by kind of thread: user, kernel");
        after.forEach((thread, ticks) -> {
            var was = before.getOrDefault(thread, new long[2]);
            double user = (ticks[0] - was[0]) * 1e4 / Math.max(1, reached.requests());
            double kernel = (ticks[1] - was[1]) * 1e4 / Math.max(1, reached.requests());
            if (user + kernel >= 0.5) {
                lines.add(String.format(Locale.ROOT, "%8.1f %8.1f  %s", user, kernel, thread));
            }
        });
        add(lines, "By area: the room or library nearest to the top of the stack", areas);
        add(lines, "By method at the top", methods);
        add(lines, "By our methods, with all that they call", places);
        return lines;
    }

    private void add(List<String> lines, String title, Map<String, Integer> counts) {
        lines.add("");
        lines.add(title);
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(TOP)
                .forEach(each -> lines.add(String.format(
                        Locale.ROOT, "%5.1f %%  %s", 100.0 * each.getValue() / Math.max(1, samples), each.getKey())));
    }

    /// Ticks in user and kernel mode, by kind of thread.
    private static Map<String, long[]> threads(long pid) throws IOException {
        var threads = new TreeMap<String, long[]>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (var task : tasks.toList()) {
                var stat = Files.readString(task.resolve("stat"));
                var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
                        .replaceAll("[#-]?\\d+$", "");
                var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                var ticks = threads.computeIfAbsent(name, key -> new long[2]);
                ticks[0] += Long.parseLong(fields[11]);
                ticks[1] += Long.parseLong(fields[12]);
            }
        }
        return threads;
    }
}
