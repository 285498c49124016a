package com.posthog.aigateway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TallyTest {

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", "99,99", "100,100", "101,110", "110,110", "999,1000", "250001,260000", "1999,2000"})
    void roundsUpToTwoDigits(long number, long rounded) {
        assertThat(Tally.roundedUp(number)).isEqualTo(rounded);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "10,1", "11,2", "50,5", "75,8", "90,9", "91,10", "100,10"})
    void findsTheSmallestNumberThatCoversEnough(int percent, long covering) {
        var tally = new Tally();
        LongStream.rangeClosed(1, 10).map(number -> 11 - number).forEach(tally::add);

        assertThat(tally.covering(percent)).isEqualTo(covering);
    }

    @Test
    void coversNoFewerThanItSaysAndNoneThatItNeedNot() {
        var numbers = new Random(7).longs(1_001, 0, 5_000).toArray();
        var tally = new Tally();
        LongStream.of(numbers).forEach(tally::add);

        for (int percent : new int[] {1, 50, 75, 90, 100}) {
            long covering = tally.covering(percent);
            long covered = LongStream.of(numbers).filter(it -> it <= covering).count();
            long below = LongStream.of(numbers)
                    .filter(it -> Tally.roundedUp(it) < covering)
                    .count();

            assertThat(covered * 100).isGreaterThanOrEqualTo(percent * 1_001L);
            assertThat(below * 100).isLessThan(percent * 1_001L);
        }
    }

    @Test
    void coversNothingWithoutANumber() {
        assertThatThrownBy(() -> new Tally().covering(50)).isInstanceOf(IllegalStateException.class);
    }
}
