package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Reason;
import com.posthog.aigateway.call.Refusal;
import java.time.Duration;

/// Says a denial to the caller: which limit, how it stands, and when it is worth asking again.
final class Denials {

    private static final Duration UNTIL_ANSWERED = Duration.ofSeconds(2);
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final Duration TWO_HOURS = Duration.ofHours(2);

    private Denials() {}

    /// @param wanted what the call asks of that account, in nano-dollars
    static Refusal refusal(Denial denial, long wanted) {
        var limit = new Refusal.Limit(
                denial.account(),
                denial.what(),
                amount(denial.limit(), denial),
                amount(denial.used(), denial),
                amount(denial.held(), denial));
        var refusal = new Refusal(denial.money() ? Reason.BUDGET : Reason.RATE, what(denial, limit, wanted)).by(limit);
        return denial.after() == Denial.NEVER ? refusal : refusal.retryAfter(seconds(denial.after()));
    }

    private static String what(Denial denial, Refusal.Limit limit, long wanted) {
        var whose = denial.account().scope().word() + " '" + denial.account().id() + "'";
        var when = denial.after() == Denial.NEVER ? "" : "; ask again in " + spoken(seconds(denial.after()));
        if (!denial.money()) {
            return "the limit '" + denial.what() + "' of " + whose + " is reached: " + limit.used() + " of "
                    + limit.limit() + " used" + (when.isEmpty() ? "; this call is larger than the limit" : when);
        }
        return "the budget of " + whose + " for '" + denial.what() + "' does not hold this call, for which "
                + new Money(wanted) + " USD are set aside: of " + limit.limit() + ", " + limit.used()
                + " are spent and "
                + limit.held() + " held by calls that are open"
                + (when.isEmpty() ? "; have it raised, or ask for less" : when);
    }

    /// Never too early, and as roughly as it matters.
    private static String spoken(Duration wait) {
        if (wait.compareTo(TWO_HOURS) > 0) {
            return wait.plus(Duration.ofHours(1)).toHours() + " h";
        }
        return wait.compareTo(TWO_MINUTES) > 0
                ? wait.plus(Duration.ofMinutes(1)).toMinutes() + " min"
                : wait.toSeconds() + " s";
    }

    private static Duration seconds(long millis) {
        return Duration.ofSeconds(Math.ceilDiv(millis, 1_000));
    }

    private static String amount(long amount, Denial denial) {
        return denial.money() ? new Money(amount).toString() : Long.toString(amount);
    }

    /// Money must not be spent while nobody can say how much is left.
    static Refusal noLedger(String why) {
        return new Refusal(
                        Reason.UNAVAILABLE, "the budgets of this call cannot be checked now (" + why + "); ask again")
                .retryAfter(UNTIL_ANSWERED);
    }
}
