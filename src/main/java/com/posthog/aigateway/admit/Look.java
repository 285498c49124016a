package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Window;
import java.util.ArrayList;
import java.util.List;

/// Reads how accounts stand against their budgets and limits.
record Look(List<Claim> claims) implements Operation {

    private static final HoldId NOBODY = new HoldId(0, 0);

    Look {
        claims = List.copyOf(claims);
    }

    @Override
    public Answer answer(Entry entry, Here here) {
        var standings = new ArrayList<Standing>();
        long now = entry.now(here.now());
        for (var claim : claims) {
            claim.caps().forEach(cap -> standings.add(budget(entry, claim, cap, now, here)));
            claim.rates().forEach(rate -> standings.add(limit(entry, claim, rate, now, here)));
        }
        return new Answer.Seen(standings);
    }

    private static Standing budget(Entry entry, Claim claim, Cap cap, long now, Here here) {
        var account = claim.account();
        var sheet = entry.sheet(account);
        long spent = sheet == null ? 0 : sheet.spent(cap.window(), now, true);
        return new Standing(
                account,
                cap.window().word(),
                true,
                cap.nanos(),
                spent,
                entry.held(account, cap.window(), now, NOBODY),
                absent(entry, claim, cap.window(), now, here));
    }

    private static long absent(Entry entry, Claim claim, Window window, long now, Here here) {
        return entry.holds().values().stream()
                .filter(hold -> !here.living().contains(hold.owner))
                .filter(hold -> hold.counts(window, now))
                .mapToLong(hold -> hold.nanos.getOrDefault(claim.account(), 0L))
                .sum();
    }

    private static Standing limit(Entry entry, Claim claim, Rate rate, long now, Here here) {
        var sheet = entry.sheet(claim.account());
        long used = switch (rate.kind()) {
            case REQUESTS ->
                sheet == null || sheet.requests == null ? 0 : rate.limit() - sheet.requests.left(rate.limit(), now);
            case TOKENS ->
                sheet == null || sheet.tokens == null ? 0 : rate.limit() - sheet.tokens.left(rate.limit(), now);
            case CONCURRENT -> entry.slots(claim.account(), here.living(), NOBODY);
        };
        return new Standing(claim.account(), rate.kind().word(), false, rate.limit(), used, 0, 0);
    }

    @Override
    public boolean changes(Answer answer) {
        return false;
    }

    @Override
    public void change(Entry entry, Answer answer, Here here) {}
}
