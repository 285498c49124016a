package com.posthog.aigateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Scope;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LocalLimitsTest {

    private final LocalLimits limits = new LocalLimits();

    private static List<Claim> one(Mode mode) {
        var rate = new Rate(Rate.Kind.CONCURRENT, 1, mode);
        return List.of(new Claim(new Account(Scope.TEAM, "dev"), 0, false, List.of(), List.of(rate)));
    }

    private Optional<Denial> take(Mode mode) {
        return limits.take(one(mode), 0, 1, 0);
    }

    @Test
    void givesAPlaceToTheNextWhenItIsFree() {
        assertThat(take(Mode.ENFORCE)).isEmpty();
        assertThat(take(Mode.ENFORCE)).isPresent();

        limits.free(one(Mode.ENFORCE));

        assertThat(take(Mode.ENFORCE)).isEmpty();
    }

    @Test
    void freesNoPlaceForACallThatTookNone() {
        assertThat(take(Mode.ENFORCE)).isEmpty();
        assertThat(take(Mode.SHADOW)).isEmpty();

        limits.free(one(Mode.SHADOW));

        assertThat(take(Mode.ENFORCE)).isPresent();
    }
}
