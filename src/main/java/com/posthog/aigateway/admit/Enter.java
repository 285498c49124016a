package com.posthog.aigateway.admit;

import com.posthog.aigateway.admit.Answer.Denied;
import com.posthog.aigateway.admit.Answer.Granted;
import com.posthog.aigateway.admit.Answer.Over;
import com.posthog.aigateway.call.Account;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Asks for rates, places and money of one call in one root: all or none. A later step sets larger amounts.
///
/// @param at what [Granted] said of the first step; 0 until it was seen
/// @param owner the member that the call runs on
/// @param tokens expected, for limits of tokens
record Enter(HoldId id, int step, long at, UUID owner, List<Claim> claims, long tokens) implements Operation {

    private static final long UNTIL_ANOTHER_ENDS = 1_000;

    Enter {
        claims = List.copyOf(claims);
    }

    @Override
    public Answer answer(Entry entry, Here here) {
        if (entry.isOver(id, here.keeps(Law.FINISHED_STAYS_FINISHED))) {
            return new Over(entry.isClosed(id.epoch()));
        }
        long now = entry.now(here.now());
        var own = entry.holds().get(id);
        long moment = moment(own, now);
        if (own != null && own.step >= step && !here.keeps(Law.JUDGED_AGAIN)) {
            return new Granted(moment, List.of());
        }
        Denial longest = null;
        var shadowed = new ArrayList<Denial>();
        for (var claim : claims) {
            var denials = takesRates(own) ? rates(entry, claim, now, here) : new ArrayList<Refused>();
            denials.addAll(money(entry, claim, own, moment, now, here));
            for (var refused : denials) {
                if (refused.mode() == Mode.SHADOW) {
                    shadowed.add(refused.denial());
                } else if (longest == null || longest.isOverBefore(refused.denial())) {
                    longest = refused.denial();
                }
            }
        }
        return longest == null ? new Granted(moment, shadowed) : new Denied(longest, shadowed);
    }

    /// Decides the buckets of the call, and so the windows that it must fit: what was granted before midnight
    /// belongs to the day before, also where it grows after it.
    private long moment(Entry.@Nullable Hold own, long now) {
        if (at != 0) {
            return at;
        }
        return own == null || own.at == Entry.Hold.ANY_TIME ? now : own.at;
    }

    /// Once for a call, and not where it grows.
    private boolean takesRates(Entry.@Nullable Hold own) {
        return step == 1 && (own == null || !own.rated);
    }

    private record Refused(Denial denial, Mode mode) {}

    private List<Refused> rates(Entry entry, Claim claim, long now, Here here) {
        var refused = new ArrayList<Refused>();
        for (var rate : claim.rates()) {
            rate(entry, claim.account(), rate, now, here).ifPresent(it -> refused.add(new Refused(it, rate.mode())));
        }
        return refused;
    }

    private Optional<Denial> rate(Entry entry, Account account, Rate rate, long now, Here here) {
        var sheet = entry.sheet(account);
        return switch (rate.kind()) {
            case REQUESTS -> pace(account, rate, sheet == null ? null : sheet.requests, 1, now);
            case TOKENS -> pace(account, rate, sheet == null ? null : sheet.tokens, tokens, now);
            case CONCURRENT -> {
                int taken = sheet == null || sheet.slots < rate.limit() ? 0 : entry.slots(account, here.living(), id);
                yield taken < rate.limit()
                        ? Optional.empty()
                        : Optional.of(new Denial(
                                account, rate.kind().word(), false, rate.limit(), taken, 0, UNTIL_ANOTHER_ENDS));
            }
        };
    }

    /// More tokens than a whole minute's may pass when nothing was taken: else such a call could never be made.
    private static Optional<Denial> pace(Account account, Rate rate, @Nullable Pace pace, long count, long now) {
        if (rate.limit() == 0) {
            return Optional.of(new Denial(account, rate.kind().word(), false, 0, 0, 0, Denial.NEVER));
        }
        long needed = Math.min(count, rate.limit());
        long left = pace == null ? rate.limit() : pace.left(rate.limit(), now);
        return needed <= left
                ? Optional.empty()
                : Optional.of(new Denial(
                        account,
                        rate.kind().word(),
                        false,
                        rate.limit(),
                        rate.limit() - left,
                        0,
                        pace == null ? Denial.NEVER : pace.wait(needed, rate.limit(), now)));
    }

    private List<Refused> money(Entry entry, Claim claim, Entry.@Nullable Hold own, long moment, long now, Here here) {
        var refused = new ArrayList<Refused>();
        var sheet = entry.sheet(claim.account());
        long wanted = own == null || own.step < step ? claim.nanos() : own.nanos.getOrDefault(claim.account(), 0L);
        for (var cap : claim.caps()) {
            long spent = sheet == null ? 0 : sheet.spent(cap.window(), moment, here.keeps(Law.LATER_BUCKETS_COUNT));
            if (sheet != null && spent + sheet.held + wanted <= cap.nanos()) {
                continue; // It fits beside all holds there are: nobody needs to look which of them count.
            }
            long held = sheet == null || sheet.held == 0 ? 0 : entry.held(claim.account(), cap.window(), moment, id);
            long excess = spent + held + wanted - cap.nanos();
            if (excess > 0) {
                long wait =
                        sheet == null || wanted > cap.nanos() ? Denial.NEVER : sheet.wait(cap.window(), now, excess);
                refused.add(new Refused(
                        new Denial(claim.account(), cap.window().word(), true, cap.nanos(), spent, held, wait),
                        cap.mode()));
            }
        }
        return refused;
    }

    @Override
    public boolean changes(Answer answer) {
        return answer instanceof Granted;
    }

    @Override
    public void change(Entry entry, Answer answer, Here here) {
        if (!(answer instanceof Granted granted)) {
            return;
        }
        long now = entry.now(here.now());
        entry.pass(now);
        var own = entry.holds().get(id);
        boolean takes = takesRates(own);
        if (takes) {
            takeRates(entry, now);
        }
        if (own == null || own.step < step || takes) {
            long kept = own != null && at == 0 ? own.at : granted.at();
            entry.put(id, new Entry.Hold(step, kept, owner, nanos(), slots(own), tokens));
        }
    }

    private void takeRates(Entry entry, long now) {
        for (var claim : claims) {
            for (var rate : claim.rates()) {
                var sheet = entry.sheetOf(claim.account());
                switch (rate.kind()) {
                    case REQUESTS -> {
                        sheet.requests = sheet.requests == null ? Pace.full(rate.limit(), now) : sheet.requests;
                        sheet.requests.take(1, rate.limit(), now);
                    }
                    case TOKENS -> {
                        sheet.tokens = sheet.tokens == null ? Pace.full(rate.limit(), now) : sheet.tokens;
                        sheet.tokens.take(tokens, rate.limit(), now);
                    }
                    case CONCURRENT -> {} // The hold itself takes the place.
                }
            }
        }
    }

    private HashMap<Account, Long> nanos() {
        var nanos = new HashMap<Account, Long>();
        claims.stream()
                .filter(claim -> !claim.caps().isEmpty())
                .forEach(claim -> nanos.put(claim.account(), claim.nanos()));
        return nanos;
    }

    private List<Account> slots(Entry.@Nullable Hold own) {
        return own != null
                ? own.slots
                : claims.stream()
                        .filter(claim -> claim.has(Rate.Kind.CONCURRENT))
                        .map(Claim::account)
                        .toList();
    }
}
