package com.posthog.aigateway.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {

    @ParameterizedTest
    @CsvSource({
        "gpt-5-2025-08-07, gpt-5, 2025-08-07",
        "claude-opus-4-5-20251101, claude-opus-4-5, 20251101",
        "claude-opus-4-5@20251101, claude-opus-4-5, 20251101",
        "a-20251101-20261231, a-20251101, 20261231",
    })
    void partsANameFromItsDay(String name, String base, String day) {
        assertThat(Snapshot.of(name)).contains(new Snapshot(base, day));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt-5",
                "",
                "2025-08-07",
                "-2025-08-07",
                "gpt-5-2025-13-01",
                "gpt-5-2025-00-10",
                "gpt-5-2025-10-32",
                "gpt-5-20251301",
                "gpt-5-19991231",
                "gpt-5-2025-0807",
                "gpt-5-202508-07",
                "gpt-520250807",
                "gpt-5-2025-08-07-x",
                "gpt-4-0613",
                "gpt-5.20250807"
            })
    void leavesAnyOtherNameWhole(String name) {
        assertThat(Snapshot.of(name)).isEmpty();
    }
}
