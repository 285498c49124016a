package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Scope;
import com.posthog.aigateway.call.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// One ready entry with a clock, for tests of single operations.
final class Root {

    static final Account TEAM = new Account(Scope.TEAM, "dev");
    static final Account ADA = new Account(Scope.USER, "dev/ada");
    static final UUID HERE = new UUID(1, 1);
    static final UUID GONE = new UUID(2, 2);
    static final long EPOCH = 71;
    static final long BEGIN = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();

    final Entry entry = Entry.placeholder(5);
    long now = BEGIN;

    Root() {
        entry.becomeReady();
    }

    Here here() {
        return new Here(now, Set.of(HERE), Law.NONE_BROKEN);
    }

    Answer run(Operation operation) {
        var answer = operation.answer(entry, here());
        if (operation.changes(answer)) {
            operation.change(entry, answer, here());
        }
        return answer;
    }

    Answer enter(long seq, Claim... claims) {
        return enter(seq, 1, 0, claims);
    }

    Answer enter(long seq, int step, long at, Claim... claims) {
        return run(new Enter(new HoldId(EPOCH, seq), step, at, HERE, List.of(claims), 10));
    }

    Answer settle(long seq, long total, Window window) {
        var bucket = window.grain().at(now);
        return run(new Settle(
                EPOCH,
                List.of(new Settle.Ended(seq, 0, List.of())),
                total == 0 ? List.of() : List.of(new Total(TEAM, bucket, total))));
    }

    static Claim claim(Account account, long nanos, Cap... caps) {
        return new Claim(account, nanos, true, List.of(caps), List.of());
    }

    static Claim limited(Account account, Rate... rates) {
        return new Claim(account, 0, true, List.of(), List.of(rates));
    }

    static Cap cap(Window window, long nanos) {
        return new Cap(window, nanos, Mode.ENFORCE);
    }

    static Statement statement(long epoch, long upTo, Long... open) {
        var opens = List.of(open).stream()
                .map(seq -> new Open(seq, 1, BEGIN, HERE, Map.of(TEAM, 4L), List.of(), 0))
                .toList();
        return new Statement(epoch, HERE, upTo, opens, List.of(), false);
    }

    static Statement last(long epoch, Total... totals) {
        return new Statement(epoch, HERE, 0, List.of(), List.of(totals), true);
    }

    long held() {
        var sheet = entry.sheet(TEAM);
        return sheet == null ? 0 : sheet.held;
    }

    long spent(Window window) {
        var sheet = entry.sheet(TEAM);
        return sheet == null ? 0 : sheet.spent(window, now, true);
    }
}
