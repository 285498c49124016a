package com.posthog.aigateway.cli;

import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.mock.Bill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the commands set in motion. A file that is null means the samples of the jar.
public interface House {

    /// A gateway that serves.
    interface Running {

        int port();

        int adminPort();

        /// Lets calls in flight end, then closes everything.
        ///
        /// @param atOnce true: without a pause for balancers to notice
        void drain(boolean atOnce);

        /// Cuts what the drain still waits for.
        void hurry();
    }

    /// What a configuration comes to.
    ///
    /// @param effective all settings as they hold, secrets masked, as YAML
    record Checked(int models, int credentials, List<String> notices, String effective) {}

    /// BadConfiguration, ClusterFault, JournalFault, UncheckedIOException: it cannot start, for the reason that the
    /// message gives.
    Running open(@Nullable Path configuration);

    /// BadConfiguration: with all its faults.
    Checked check(@Nullable Path configuration);

    /// A provider's bill in a file, by the prices of the catalogue. BadConfiguration: with all its faults.
    Bill bill(Path file);

    /// How a model's name is read, and what would come of a call; a line each. BadConfiguration: with all its
    /// faults.
    ///
    /// @param shape null: one that the model speaks
    List<String> explain(@Nullable Path configuration, String model, @Nullable Shape shape);

    /// What a journal's receipts suggest for the estimates of models, a line each; empty where there are none.
    /// BadConfiguration: with all its faults. JournalFault: there is no journal, or it cannot be read.
    ///
    /// @param data null: the folder of the configuration
    /// @param since how far to look back
    List<String> estimates(@Nullable Path configuration, @Nullable Path data, Duration since);
}
