package com.posthog.aigateway.proof;

import com.posthog.aigateway.call.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What one part of a proof came to. Amounts are in nano-dollars.
///
/// @param beyondFormula by how much breathing budgets were overrun above what the formula allows
/// @param untold the part of the overrun that no receipt tells of
/// @param cut streams that were ended because a budget was used up
/// @param lost spend that the provider bills and the ledger does not know
/// @param doubled spend that the ledger counts and no receipt shows, and `twice` the calls with two receipts
/// @param mispriced the difference of bill and receipt where the usage is known
/// @param held at rest, and `absent` the part whose process is gone
/// @param absentBefore what was held for processes that were gone, before they came back
/// @param withoutQuorum seconds in which callers were told 503 and nobody was admitted
/// @param longestPause milliseconds between two admissions
record Figures(
        long asked,
        long admitted,
        int inFlight,
        long strictOverspend,
        Overrun breathing,
        long beyondFormula,
        long untold,
        long lost,
        long doubled,
        long twice,
        long mispriced,
        long held,
        long absent,
        long absentBefore,
        long falselyDenied,
        long falselyCut,
        long cut,
        long askedOfWide,
        long withoutQuorum,
        long longestPause,
        Map<String, Long> refusals) {

    /// One false denial among so many is allowed.
    private static final int ONE_IN = 200;

    Figures {
        refusals = Map.copyOf(refusals);
    }

    Figures at(int inFlight) {
        return new Figures(
                asked,
                admitted,
                inFlight,
                strictOverspend,
                breathing,
                beyondFormula,
                untold,
                lost,
                doubled,
                twice,
                mispriced,
                held,
                absent,
                absentBefore,
                falselyDenied,
                falselyCut,
                cut,
                askedOfWide,
                withoutQuorum,
                longestPause,
                refusals);
    }

    /// What is not as it must be; empty when the money adds up.
    List<String> wrong() {
        var wrong = new ArrayList<String>();
        mustBeZero("strict overspend", strictOverspend, wrong);
        mustBeZero("breathing overrun beyond the formula", beyondFormula, wrong);
        mustBeZero("breathing overrun that no receipt tells of", untold, wrong);
        mustBeZero("lost spend", lost, wrong);
        mustBeZero("double settles", doubled, wrong);
        if (twice > 0) {
            wrong.add("calls with two receipts: " + twice);
        }
        mustBeZero("charged otherwise than billed", mispriced, wrong);
        mustBeZero("holds at rest", held, wrong);
        if ((falselyDenied + falselyCut) * ONE_IN > askedOfWide) {
            wrong.add("false denials: " + falselyDenied + ", and streams cut: " + falselyCut + ", of " + askedOfWide);
        }
        return wrong;
    }

    private static void mustBeZero(String name, long nanos, List<String> wrong) {
        if (nanos != 0) {
            wrong.add(name + ": " + usd(nanos));
        }
    }

    List<String> lines() {
        var share = askedOfWide == 0 ? 0 : 100.0 * (falselyDenied + falselyCut) / askedOfWide;
        return List.of(
                row("calls asked / admitted / in flight at the fault", asked + " / " + admitted + " / " + inFlight),
                row("strict overspend (0)", usd(strictOverspend)),
                row("breathing overrun", usd(breathing.nanos()) + ", beyond the formula (0) " + usd(beyondFormula)),
                row(
                        "  allowed: usage unknown / hidden at the limit",
                        usd(breathing.unknown()) + " / " + usd(breathing.hidden())),
                row("  told by receipts / told by none (0)", usd(breathing.told()) + " / " + usd(untold)),
                row("lost spend (0)", usd(lost)),
                row("double settles (0) / calls with two receipts (0)", usd(doubled) + " / " + twice),
                row("charged otherwise than billed (0)", usd(mispriced)),
                row("holds at rest (0), of absent journals (0)", usd(held) + ", " + usd(absent)),
                row("holds of absent journals before they came back", usd(absentBefore)),
                row(
                        "false denials and cuts below 90 % of a wide cap",
                        String.format(
                                Locale.ROOT,
                                "%d and %d of %d, %.2f %% (< 0.5 %%)",
                                falselyDenied,
                                falselyCut,
                                askedOfWide,
                                share)),
                row("streams that were cut at a limit", Long.toString(cut)),
                row("seconds without quorum", Long.toString(withoutQuorum)),
                row("longest time without an admission", longestPause + " ms"),
                row("refused", refusals.isEmpty() ? "nobody" : refusals.toString()));
    }

    private static String row(String name, String value) {
        return String.format(Locale.ROOT, "  %-52s %s", name, value);
    }

    static String usd(long nanos) {
        return nanos == 0 ? "0" : "$" + new Money(nanos);
    }
}
