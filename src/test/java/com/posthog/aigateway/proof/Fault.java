package com.posthog.aigateway.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What happens to the replicas while callers ask, and how they come back.
enum Fault {
    /// kill -9 of one, which comes back to its journal.
    KILL_ONE {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.killAll(scene.only(1));
            scene.pause(Duration.ofSeconds(scene.isShort() ? 2 : 4));
            scene.lookForAbsent();
            scene.comeBack(scene.only(1));
        }
    },
    /// kill -9 of two at once: no quorum until one is back.
    KILL_TWO {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.killAll(scene.only(1, 2));
            scene.pause(Duration.ofSeconds(4));
            scene.comeBack(scene.only(1));
            scene.lookForAbsent();
            scene.comeBack(scene.only(2));
        }
    },
    /// Each is told to stop, ends with 0 and is started again.
    ROLL {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            for (int i = 1; i <= (scene.isShort() ? 1 : 3); i++) {
                scene.leave(scene.only(i));
                scene.comeBack(scene.only(i));
            }
        }
    },
    FREEZE_6 {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.freeze(3, Duration.ofSeconds(6));
        }
    },
    FREEZE_40 {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.freeze(3, Duration.ofSeconds(40));
        }
    },
    /// One cannot reach the two others; callers ask all of them.
    SPLIT {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.cutOff(Duration.ofSeconds(30), 3);
        }
    },
    /// None reaches another.
    SPLIT_ALL {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.cutOff(Duration.ofSeconds(30), 1, 2, 3);
        }
    },
    /// kill -9 of all; all come back.
    STOP {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.killAll(scene.only(1, 2, 3));
            scene.pause(Duration.ofSeconds(1));
            scene.comeBack(scene.only(1, 2, 3));
        }
    },
    /// All are told to stop at once, and end with 0; all come back.
    STOP_GENTLY {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.leaveTogether(scene.only(1, 2, 3));
            scene.comeBack(scene.only(1, 2, 3));
        }
    },
    /// kill -9 of all; two come back, and later the third.
    STOP_TWO_BACK {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.killAll(scene.only(1, 2, 3));
            scene.pause(Duration.ofSeconds(1));
            scene.comeBack(scene.only(1, 2));
            scene.pause(Duration.ofSeconds(8));
            scene.comeBack(scene.only(3));
        }
    },
    /// Two more, and away again.
    SCALE {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.comeBack(scene.only(4, 5));
            scene.pause(Duration.ofSeconds(6));
            scene.leave(scene.only(5));
            scene.leave(scene.only(4));
        }
    },
    /// kill -9 of all that hold data, while calls run on two others.
    DATA {
        @Override
        void strike(Scene scene) throws IOException, InterruptedException {
            scene.comeBack(scene.only(4, 5));
            scene.askLate(scene.only(4, 5), 4);
            scene.pause(Duration.ofSeconds(3));
            scene.struck();
            scene.killAll(scene.only(1, 2, 3));
            scene.pause(Duration.ofSeconds(1));
            scene.comeBack(scene.only(1, 2, 3));
            scene.askLate(scene.only(1, 2, 3), 6);
            scene.pause(Duration.ofSeconds(2));
            scene.leave(scene.only(5));
            scene.leave(scene.only(4));
        }
    };

    static final List<Fault> USUAL = List.of(
            KILL_ONE,
            KILL_TWO,
            ROLL,
            FREEZE_6,
            FREEZE_40,
            STOP,
            STOP_GENTLY,
            STOP_TWO_BACK,
            SCALE,
            DATA,
            SPLIT,
            SPLIT_ALL);

    /// A roll is rehearsed by itself.
    static final List<Fault> SHORT = List.of(KILL_ONE, STOP);

    abstract void strike(Scene scene) throws IOException, InterruptedException;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean needsNetwork() {
        return this == SPLIT || this == SPLIT_ALL;
    }

    /// IllegalArgumentException: not one of the known words.
    static Fault parse(String word) {
        return Arrays.stream(values())
                .filter(fault -> fault.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--faults knows "
                        + Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", ")) + "; not '" + word
                        + "'"));
    }

    /// A few teams of each kind, whose budgets end at different times.
    List<Team> teams() {
        return Teams.of(word());
    }
}
