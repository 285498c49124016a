package com.posthog.aigateway.report;

/// So many of so many calls.
record Share(long part, long all) {

    private static final double PERCENT = 100;

    @Override
    public String toString() {
        return part + " of " + all + (all == 0 ? "" : " (" + Math.round(PERCENT * part / all) + " %)");
    }
}
