package com.posthog.aigateway.call;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// We said no. Thrown to stop a call; becomes HTTP in one place, in the caller's own dialect.
public final class Refusal extends RuntimeException {

    /// The limit that said no, and how it stands: amounts of money as decimal numbers of dollars with nine
    /// digits.
    ///
    /// @param what the window of a budget, or the kind of a limit
    public record Limit(Account account, String what, String limit, String used, String held) {}

    private static final Duration UNTIL_NEXT_REPLICA = Duration.ofSeconds(1);

    private final Reason reason;
    private final String what;
    private final @Nullable String param;
    private final @Nullable Duration retryAfter;
    private final @Nullable Limit limit;

    /// A no without a member to blame or a time to wait.
    ///
    /// @param what happened, to which name, and what to do; never a key or a prompt
    public Refusal(Reason reason, String what) {
        this(reason, what, null, null, null);
    }

    private Refusal(
            Reason reason, String what, @Nullable String param, @Nullable Duration retryAfter, @Nullable Limit limit) {
        super(what, null, false, false);
        this.reason = reason;
        this.what = what;
        this.param = param;
        this.retryAfter = retryAfter;
        this.limit = limit;
    }

    public static Refusal shuttingDown() {
        return new Refusal(
                Reason.UNAVAILABLE, "this gateway is shutting down; ask again", null, UNTIL_NEXT_REPLICA, null);
    }

    /// Names the member of the body that is at fault.
    public Refusal of(String param) {
        return new Refusal(reason, what, param, retryAfter, limit);
    }

    public Refusal retryAfter(Duration wait) {
        return new Refusal(reason, what, param, wait, limit);
    }

    public Refusal by(Limit limit) {
        return new Refusal(reason, what, param, retryAfter, limit);
    }

    public Reason reason() {
        return reason;
    }

    public String what() {
        return what;
    }

    public @Nullable String param() {
        return param;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /// Null where no limit said no.
    public @Nullable Limit limit() {
        return limit;
    }
}
