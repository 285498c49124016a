package com.posthog.aigateway.stream;

import com.posthog.aigateway.call.Reading;
import com.posthog.aigateway.call.Usage;
import org.jspecify.annotations.Nullable;

/// Goes beside a stream that must end when its money does.
public interface Meter {

    /// Told after each event how much has passed. Returns false when nothing more may pass. May wait.
    ///
    /// @param output tokens that the stream has shown, estimated
    /// @param begun what the stream reported at its start; null as long as it has not
    /// @param beforeWaiting runs before the thread would wait
    boolean passed(long output, @Nullable Usage begun, Runnable beforeWaiting);

    /// Why nothing more may pass, for the receipt.
    String why();

    /// The best estimate of what was used by a stream that ends here.
    Usage used(Reading reading);
}
