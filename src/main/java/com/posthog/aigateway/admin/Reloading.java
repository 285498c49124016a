package com.posthog.aigateway.admin;

import java.time.Instant;
import java.util.List;

/// Reads the callers and the catalogue again, for operators who ask for it.
@FunctionalInterface
public interface Reloading {

    /// What became of it.
    sealed interface Outcome {

        /// They are in force from the next call on.
        ///
        /// @param credentials that can be used
        /// @param at when they were read
        record Done(int models, int credentials, Instant at, List<String> notices) implements Outcome {

            public Done {
                notices = List.copyOf(notices);
            }
        }

        /// Nothing has changed.
        ///
        /// @param faults one line each: file, line, rule
        /// @param inForce when what stays in force was read
        record Refused(List<String> faults, Instant inForce) implements Outcome {

            public Refused {
                faults = List.copyOf(faults);
            }
        }
    }

    Outcome reload();
}
