package com.posthog.aigateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Charge;
import com.posthog.aigateway.call.Receipt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Calls that never stop while the files change a hundred times under them.
@Timeout(180)
class ReloadUnderLoadTest {

    private static final int SWAPS = 100;
    private static final int CALLERS = 8;

    @TempDir
    Path folder;

    /// What one call went by, as its receipt has it.
    ///
    /// @param price in nano-dollars a token
    private record Seen(String credential, String team, Set<String> charged, long price) {

        static Seen of(Receipt receipt) {
            var usage = Objects.requireNonNull(receipt.reading().usage());
            var charged = new HashSet<String>();
            receipt.charges().stream()
                    .map(Charge::account)
                    .map(Account::toString)
                    .forEach(charged::add);
            var who = receipt.intent().who();
            return new Seen(
                    who.credential(),
                    who.team(),
                    charged,
                    receipt.cost().total().nanos() / (usage.prompt() + usage.output()));
        }
    }

    private static String rules(String scope) {
        return "budgets: [ { scope: %s, window: 24h, usd: 1000, guarantee: strict } ]".formatted(scope);
    }

    /// Two readings in which the same key is another credential, of another team, with another budget and price.
    private static void write(ReloadRig rig, boolean first) throws Exception {
        rig.writeCallers(
                first
                        ? ReloadRig.credential("one", "first", Rig.KEY, rules("team"))
                        : ReloadRig.credential("two", "second", Rig.KEY, rules("credential")));
        rig.writeCatalogue(ReloadRig.priced(first ? 1 : 2));
        var answer = rig.reload();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void failsNoCallAndShowsNoneAMixture() throws Exception {
        try (var rig = ReloadRig.start(folder, "limits: []");
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            write(rig, true);
            var swapping = new AtomicBoolean(true);
            var asking = new ArrayList<Future<List<Integer>>>();
            for (int i = 0; i < CALLERS; i++) {
                asking.add(callers.submit(asks(rig, swapping)));
            }

            for (int i = 0; i < SWAPS; i++) {
                write(rig, i % 2 == 1);
            }
            swapping.set(false);

            var statuses = new ArrayList<Integer>();
            for (var one : asking) {
                statuses.addAll(one.get());
            }
            assertThat(statuses).hasSizeGreaterThan(SWAPS).containsOnly(200);
            var seen = new HashSet<Seen>();
            rig.rig.receipts(statuses.size()).stream().map(Seen::of).forEach(seen::add);
            assertThat(seen)
                    .containsExactlyInAnyOrder(
                            new Seen("first", "one", Set.of("team:one"), 1_000),
                            new Seen("second", "two", Set.of("credential:second"), 2_000));
        }
    }

    private static Callable<List<Integer>> asks(ReloadRig rig, AtomicBoolean swapping) {
        return () -> {
            var statuses = new ArrayList<Integer>();
            while (swapping.get()) {
                statuses.add(rig.call().statusCode());
            }
            return statuses;
        };
    }
}
