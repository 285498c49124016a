package com.posthog.aigateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Reply;
import com.posthog.aigateway.testing.FakeUpstream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whoever hangs up is noticed by the provider within a second, and nothing is left behind.
class CancelTest {

    private static final long SOON_MILLIS = 1000;

    private final Asking asking = new Asking();

    @AfterEach
    void close() {
        asking.close();
    }

    private static FakeUpstream silent() {
        return new FakeUpstream(peer -> {
            peer.readRequest();
            peer.awaitLeaving();
        });
    }

    private static FakeUpstream stalling() {
        return new FakeUpstream(peer -> {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            peer.awaitLeaving();
        });
    }

    @Test
    void stopsWaitingForAHead() throws Exception {
        try (var provider = silent()) {
            var hangup = new Hangup();
            var outcome = CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(Unanswered.class, () -> asking.ask(provider, Asking.PATIENT, hangup)),
                    Thread::startVirtualThread);
            provider.request();

            hangup.happen();

            assertThat(provider.left(1, SOON_MILLIS)).isTrue();
            assertThat(outcome.get(SOON_MILLIS, TimeUnit.MILLISECONDS).how()).isEqualTo(Unanswered.How.BROKEN_OFF);
        }
    }

    @Test
    void stopsAReadThatWaits() throws Exception {
        try (var provider = stalling()) {
            var hangup = new Hangup();
            var waits = new CountDownLatch(1);
            try (var reply = asking.ask(provider, Asking.PATIENT, hangup)) {
                reply.read(new byte[5], 0, () -> {});
                var outcome = CompletableFuture.supplyAsync(
                        () -> catchThrowableOfType(
                                Reply.Broken.class, () -> reply.read(new byte[5], 0, waits::countDown)),
                        Thread::startVirtualThread);
                waits.await();

                hangup.happen();

                assertThat(provider.left(1, SOON_MILLIS)).isTrue();
                assertThat(outcome.get(SOON_MILLIS, TimeUnit.MILLISECONDS).how())
                        .isEqualTo(Reply.Broken.How.CANCELLED);
            }
        }
    }

    @Test
    void doesNotAskWhenTheCallerHasLeftBefore() throws Exception {
        try (var provider = silent()) {
            var hangup = new Hangup();
            hangup.happen();

            var unanswered = catchThrowableOfType(Unanswered.class, () -> asking.ask(provider, Asking.PATIENT, hangup));

            assertThat(unanswered.how()).isEqualTo(Unanswered.How.BROKEN_OFF);
            assertThat(asking.transport.open()).isZero();
        }
    }

    @Test
    void breaksOffAnAnswerThatIsLetGoBeforeItsEnd() throws Exception {
        try (var provider = stalling()) {
            asking.ask(provider).close();

            assertThat(provider.left(1, SOON_MILLIS)).isTrue();
        }
    }

    @Test
    void leavesTheNextCallAloneWhenItComesTooLate() throws Exception {
        try (var provider = new FakeUpstream(peer -> {
            while (peer.readRequest()) {
                peer.answer("ok");
            }
        })) {
            var late = new Hangup();
            try (var reply = asking.ask(provider, Asking.PATIENT, late)) {
                Asking.read(reply);
            }
            try (var next = asking.ask(provider)) {
                late.happen();

                assertThat(Asking.read(next)).isEqualTo("ok");
            }
            assertThat(provider.accepted()).isEqualTo(1);
        }
    }

    @Test
    void leavesNothingBehind() throws Exception {
        try (var provider = stalling()) {
            for (int i = 0; i < 50; i++) {
                var hangup = new Hangup();
                try (var reply = asking.ask(provider, Asking.PATIENT, hangup)) {
                    reply.read(new byte[5], 0, () -> {});
                    hangup.happen();
                }
            }

            assertThat(provider.left(50, SOON_MILLIS)).isTrue();
            assertThat(asking.transport.open()).isZero();
        }
    }
}
