package com.posthog.aigateway.testing;

/// How much a generated test tries: little in every build, much where somebody asks for it by `-Dproof=long`. Both
/// begin with the same seed, and `-Dproof.seed` tries others.
public final class Proof {

    private static final long SEED = Long.getLong("proof.seed", 20_261_125L);

    private Proof() {}

    public static boolean isLong() {
        return System.getProperty("proof", "").equals("long");
    }

    public static int cases(int usual, int inProof) {
        return isLong() ? inProof : usual;
    }

    /// The chance of one case: every case can be repeated by itself.
    public static Chance chance(int number) {
        return new Chance(SEED * 1_000_003 + number);
    }

    /// Tells on the build's output what was tried, so that a proof leaves figures.
    public static void tell(String figures) {
        if (isLong()) {
            System.out.println("[proof] " + figures);
        }
    }
}
