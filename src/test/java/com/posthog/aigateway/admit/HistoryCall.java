package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Account;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// One attempt, as its process drives it.
final class HistoryCall {

    enum Phase {
        /// Noted as open; the admit is on its way.
        PENDING,
        /// Granted; the intent is written.
        INTENDED,
        /// A provider was asked: it bills.
        SENT,
        /// The receipt is written; the settle is on its way.
        RECEIPTED,
        /// Given up; the release is on its way.
        RELEASING,
        DONE,
        /// Its process was killed.
        DEAD
    }

    /// What the entry once granted; the process may see it late or never.
    record Grant(int step, long at) {}

    final HistoryReplica.Epoch epoch;
    final int process;
    final long seq;
    final List<Claim> claims;
    final List<Grant> grants = new ArrayList<>();
    Phase phase = Phase.PENDING;
    long at;

    /// As it is noted as open, and asked for.
    int step = 1;

    long noted;

    /// As far as grants were seen.
    int seenStep;

    long amount;

    /// What the provider really takes.
    long bill;

    /// In the journal; -1 where there is none.
    long intent = -1;

    long receipt = -1;
    int receipts;
    boolean intended;
    boolean acknowledged;

    HistoryCall(HistoryReplica.Epoch epoch, long seq, List<Claim> claims, long amount) {
        this.epoch = epoch;
        this.process = epoch.replica.process;
        this.seq = seq;
        this.claims = claims;
        this.noted = amount;
    }

    /// The process that made it still runs.
    boolean lives() {
        return epoch.replica.up && epoch.replica.process == process;
    }

    boolean isOpen() {
        return switch (phase) {
            case PENDING, INTENDED, SENT, RECEIPTED, RELEASING -> true;
            case DONE, DEAD -> false;
        };
    }

    HoldId id() {
        return new HoldId(epoch.id, seq);
    }

    Enter enter() {
        return enter(step, noted);
    }

    Enter enter(int ofStep, long nanos) {
        var asked = claims.stream().map(claim -> claim.withNanos(nanos)).toList();
        return new Enter(id(), ofStep, at, epoch.replica.member, asked, 1);
    }

    Open open() {
        var nanos = new HashMap<Account, Long>();
        claims.forEach(claim -> nanos.put(claim.account(), noted));
        return new Open(seq, step, at, owner(), nanos, slots(), 1);
    }

    private UUID owner() {
        return epoch.replica.member;
    }

    private List<Account> slots() {
        return claims.stream()
                .filter(claim -> claim.has(Rate.Kind.CONCURRENT))
                .map(Claim::account)
                .toList();
    }

    Settle release() {
        return new Settle(epoch.id, List.of(ended()), List.of());
    }

    Settle settle() {
        return new Settle(epoch.id, List.of(ended()), epoch.totals());
    }

    private Settle.Ended ended() {
        var accounts = claims.stream().map(Claim::account).toList();
        return new Settle.Ended(seq, seq % 2 == 0 ? 1 : -1, accounts);
    }

    /// Writes the receipt and adds it to the epoch's totals.
    void charge(long nanos) {
        receipt = nanos;
        receipts++;
        intent = -1;
        if (nanos > 0) {
            var lines = new HashMap<HistoryReplica.Line, Long>();
            for (var claim : claims) {
                for (var grain : claim.grains()) {
                    lines.put(new HistoryReplica.Line(claim.account(), grain.at(at)), nanos);
                }
            }
            for (Map.Entry<HistoryReplica.Line, Long> line : lines.entrySet()) {
                epoch.charged.merge(line.getKey(), line.getValue(), Long::sum);
            }
        }
    }

    @Override
    public String toString() {
        return "call " + epoch.id + "/" + seq;
    }
}
