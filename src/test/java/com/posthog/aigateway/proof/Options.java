package com.posthog.aigateway.proof;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What the command line says.
///
/// @param seeds how many races are run
record Options(
        Path folder,
        Mode mode,
        boolean brief,
        long seed,
        int callers,
        int seeds,
        List<Fault> faults,
        Sabotage sabotage) {

    enum Mode {
        FAULTS,
        RACES,
        REPLICAS
    }

    Options {
        faults = List.copyOf(faults);
    }

    /// IllegalArgumentException: with what is wrong.
    static Options parse(String... arguments) {
        var words = new ArrayDeque<>(List.of(arguments));
        var folder = Path.of(words.removeFirst());
        var mode = Mode.FAULTS;
        boolean brief = false;
        long seed = 1;
        int callers = 40;
        int seeds = 100;
        var faults = new ArrayList<Fault>();
        var sabotage = Sabotage.NONE;
        while (!words.isEmpty()) {
            var word = words.removeFirst();
            switch (word) {
                case "--short" -> brief = true;
                case "--races" -> mode = Mode.RACES;
                case "--replicas" -> mode = Mode.REPLICAS;
                case "--seed" -> seed = Long.parseLong(words.removeFirst());
                case "--callers" -> callers = Integer.parseInt(words.removeFirst());
                case "--seeds" -> seeds = Integer.parseInt(words.removeFirst());
                case "--faults" ->
                    Arrays.stream(words.removeFirst().split(",", -1))
                            .map(Fault::parse)
                            .forEach(faults::add);
                case "--sabotage" -> sabotage = Sabotage.parse(words.removeFirst());
                default -> throw new IllegalArgumentException("unknown option: " + word);
            }
        }
        if (faults.isEmpty()) {
            faults.addAll(sabotage == Sabotage.NONE ? (brief ? Fault.SHORT : Fault.USUAL) : sabotage.faults());
        }
        return new Options(folder, mode, brief, seed, callers, seeds, faults, sabotage);
    }
}
