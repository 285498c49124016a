package com.posthog.aigateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.testing.Certificates;
import com.posthog.aigateway.testing.FakeUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The provider is who it says it is, or nothing is sent.
class TlsTest {

    private static final FakeUpstream.Script OK = peer -> {
        while (peer.readRequest()) {
            peer.answer("ok");
        }
    };

    @TempDir
    static Path folder;

    private static Certificates good;

    @BeforeAll
    static void sign() throws Exception {
        good = Certificates.of(folder, "ip:127.0.0.1", "-1d", 10);
    }

    private static Asking trusting(SSLContext tls) {
        return new Asking(new ApacheUpstream(Duration.ofSeconds(2), tls, Egress.DIRECT));
    }

    private static void assertNothingSent(Asking asking, FakeUpstream provider) {
        var unanswered = catchThrowableOfType(Unanswered.class, () -> asking.whole(provider));

        assertThat(unanswered.how()).isEqualTo(Unanswered.How.NOT_CONNECTED);
        assertThat(unanswered.wasSent()).isFalse();
    }

    @Test
    void asksAProviderThatShowsWhoItIs() throws Exception {
        try (var provider = new FakeUpstream(good.server().getServerSocketFactory(), OK);
                var asking = trusting(good.client())) {
            assertThat(asking.whole(provider)).isEqualTo("ok");
            assertThat(asking.whole(provider)).isEqualTo("ok");
            assertThat(provider.accepted()).isEqualTo(1);
        }
    }

    @Test
    void refusesAnotherHostsCertificate() throws Exception {
        var other = Certificates.of(folder, "dns:provider.test", "-1d", 10);
        try (var provider = new FakeUpstream(other.server().getServerSocketFactory(), OK);
                var asking = trusting(other.client())) {
            assertNothingSent(asking, provider);
        }
    }

    @Test
    void refusesAnExpiredCertificate() throws Exception {
        var old = Certificates.of(folder, "ip:127.0.0.1", "-10d", 2);
        try (var provider = new FakeUpstream(old.server().getServerSocketFactory(), OK);
                var asking = trusting(old.client())) {
            assertNothingSent(asking, provider);
        }
    }

    @Test
    void refusesACertificateThatNobodyKnows() throws Exception {
        try (var provider = new FakeUpstream(good.server().getServerSocketFactory(), OK);
                var asking = trusting(Asking.trustingTheWorld())) {
            assertNothingSent(asking, provider);
        }
    }

    @Test
    void deliversAnAnswerThatComesWhileTheBodyIsStuck() throws Exception {
        var done = new CountDownLatch(1);
        try (var provider = new FakeUpstream(good.server().getServerSocketFactory(), peer -> {
                    peer.readHead();
                    peer.awaitStuckSender();
                    peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
                    Latches.await(done);
                });
                var asking = trusting(good.client())) {
            var request = Asking.post(provider, "x".repeat(30_000_000));
            try (var reply = asking.transport.send(request, Asking.PATIENT, new Hangup())) {
                assertThat(reply.status()).isEqualTo(413);
                assertThat(Asking.read(reply)).isEqualTo("big");
            } finally {
                done.countDown();
            }
        }
    }

    @Test
    void breaksOffAStream() throws Exception {
        try (var provider = new FakeUpstream(good.server().getServerSocketFactory(), peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
                    peer.awaitLeaving();
                });
                var asking = trusting(good.client())) {
            try (var reply = asking.ask(provider)) {
                assertThat(reply.read(new byte[8], 0, () -> {})).isEqualTo(1);
            }
            assertThat(provider.left(1, 5_000)).isTrue();
        }
    }
}
