package com.posthog.aigateway.cluster;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// One member that holds data, and one that does not.
class OneMemberTest extends ClusterContract {

    @SuppressWarnings("NullAway.Init")
    private static Town town;

    @BeforeAll
    static void open() {
        town = Town.open(2, 1);
    }

    @AfterAll
    static void close() {
        town.close();
    }

    @Override
    List<Members> replicas() {
        return List.of(town.get(0), town.get(1));
    }

    @Override
    int dataMembers() {
        return 1;
    }
}
