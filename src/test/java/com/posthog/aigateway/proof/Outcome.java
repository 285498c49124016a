package com.posthog.aigateway.proof;

/// What a caller was told.
///
/// @param at when he asked, in milliseconds since 1970
/// @param told when he had the status, or nothing more was to come
/// @param status 0 where he got none
/// @param reason the error's code or type; `unreachable` or `broken` where there is no answer; empty for an answer
record Outcome(String mark, long at, long told, int status, String reason) {

    String team() {
        return Team.of(mark);
    }

    String why() {
        return status + " " + reason;
    }
}
