package com.posthog.aigateway.admit;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One entry and its backup, as a grid runs operations on them: decided once, changed on both.
final class HistoryGrid {

    private final Set<Law> broken;
    private @Nullable Entry primary;
    private @Nullable Entry backup;

    HistoryGrid(Set<Law> broken) {
        this.broken = broken;
    }

    /// @param number for a placeholder
    /// @param twice the backup makes the change twice
    Answer run(Operation operation, long number, long now, Set<UUID> living, boolean twice) {
        var here = new Here(now, living, broken);
        if (primary == null || backup == null) {
            primary = Entry.placeholder(number);
            backup = Entry.placeholder(number);
            if (here.keeps(Law.ABSENT_IS_NOT_ZERO)) {
                return new Answer.Missing(number);
            }
            primary.becomeReady();
            backup.becomeReady();
        }
        if (!primary.isReady() && !(operation instanceof Create)) {
            return new Answer.Missing(primary.number());
        }
        var answer = operation.answer(primary, here);
        if (operation.changes(answer)) {
            operation.change(primary, answer, here);
            var there = new Here(now, Set.of(), broken);
            operation.change(backup, answer, there);
            if (twice) {
                operation.change(backup, answer, there);
            }
        }
        return answer;
    }

    void lose() {
        primary = null;
        backup = null;
    }

    /// The backup takes the primary's place.
    void promote() {
        var promoted = backup;
        backup = primary;
        primary = promoted;
    }

    @Nullable
    Entry primary() {
        return primary;
    }

    boolean isAbsent() {
        return primary == null;
    }

    /// Null while there is nothing to ask.
    @Nullable
    Entry ready() {
        return primary != null && primary.isReady() ? primary : null;
    }

    boolean differs() {
        return primary != null && backup != null && !Dump.of(primary).equals(Dump.of(backup));
    }

    String dump() {
        return primary == null || backup == null
                ? "absent"
                : "primary " + Dump.of(primary) + "\nbackup  " + Dump.of(backup);
    }
}
