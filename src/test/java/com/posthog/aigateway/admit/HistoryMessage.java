package com.posthog.aigateway.admit;

import org.jspecify.annotations.Nullable;

/// An operation that was once sent: it may run at any later time, any number of times.
///
/// @param number its own; by [Sabotage#PLACEHOLDERS_ARE_NUMBERED_ANEW], that of each placeholder it leaves
/// @param call whose it is, of an [Enter] and a [Settle]
/// @param epoch whose it is, of a [Statement]
/// @param count of the statement among those of its epoch
/// @param kind what an acknowledgement says
record HistoryMessage(
        long number,
        Operation operation,
        @Nullable HistoryCall call,
        HistoryReplica.@Nullable Epoch epoch,
        int count,
        Kind kind) {

    enum Kind {
        ENTER,
        /// Acknowledged: the call needs not be noted as open any more.
        END,
        /// Sent beside the true one, by a process that breaks the law.
        EARLY_END,
        STATEMENT,
        CLOSE,
        FORGET,
        CREATE
    }

    static HistoryMessage of(long number, HistoryCall call, Enter enter) {
        return new HistoryMessage(number, enter, call, null, 0, Kind.ENTER);
    }

    static HistoryMessage of(long number, HistoryCall call, Settle settle, Kind kind) {
        return new HistoryMessage(number, settle, call, null, 0, kind);
    }

    static HistoryMessage of(long number, HistoryReplica.Epoch epoch, Statement statement, int count, Kind kind) {
        return new HistoryMessage(number, statement, null, epoch, count, kind);
    }

    static HistoryMessage of(long number, Create create) {
        return new HistoryMessage(number, create, null, null, 0, Kind.CREATE);
    }
}
