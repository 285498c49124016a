package com.posthog.aigateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.posthog.aigateway.testing.Certificates;
import com.posthog.aigateway.testing.FakeUpstream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which connection a request takes: how old it may be, to which of several addresses, and by which proxy.
class ConnectionsTest {

    private static final FakeUpstream.Script OK = peer -> {
        while (peer.readRequest()) {
            peer.answer("ok");
        }
    };

    @TempDir
    Path folder;

    private static Asking asking(TimeValue oldest, SSLContext tls, Egress egress, DnsResolver names) {
        return new Asking(new ApacheUpstream(Duration.ofSeconds(2), oldest, tls, egress, names));
    }

    /// Every name has these addresses; an address has itself.
    private static DnsResolver resolvingTo(String... addresses) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                if (host.startsWith("127.")) {
                    return InetAddress.getAllByName(host);
                }
                var resolved = new InetAddress[addresses.length];
                for (int i = 0; i < addresses.length; i++) {
                    resolved[i] = InetAddress.getByName(addresses[i]);
                }
                return resolved;
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    private static URI named(String scheme, FakeUpstream provider) {
        return URI.create(scheme + "://provider.test:" + provider.uri().getPort());
    }

    @Test
    void leavesAConnectionThatHasGrownOld() throws Exception {
        try (var provider = new FakeUpstream(OK);
                var asking = asking(
                        TimeValue.ofMilliseconds(1),
                        Asking.trustingTheWorld(),
                        Egress.DIRECT,
                        SystemDefaultDnsResolver.INSTANCE)) {
            assertThat(asking.whole(provider)).isEqualTo("ok");
            growOld();
            assertThat(asking.whole(provider)).isEqualTo("ok");
            assertThat(provider.accepted()).isEqualTo(2);
        }
    }

    /// The pool goes by the wall clock, in milliseconds.
    private static void growOld() {
        long later = System.currentTimeMillis() + 2;
        while (System.currentTimeMillis() <= later) {
            Thread.onSpinWait();
        }
    }

    @Test
    void triesTheNextAddressWhereOneDoesNotAnswer() throws Exception {
        try (var provider = new FakeUpstream(OK);
                var asking = asking(
                        TimeValue.ofMinutes(5),
                        Asking.trustingTheWorld(),
                        Egress.DIRECT,
                        resolvingTo("127.0.0.77", "127.0.0.1"))) {
            assertThat(asking.whole(named("http", provider))).isEqualTo("ok");
        }
    }

    @Test
    void goesByTheProxyAndTellsItNothingButTheHost() throws Exception {
        var certificate = Certificates.of(folder, "dns:provider.test", "-1d", 10);
        try (var provider = new FakeUpstream(certificate.server().getServerSocketFactory(), OK);
                var proxy = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 200 Connection established\r\n\r\n");
                    peer.passTo(provider.uri().getPort());
                });
                var asking = asking(
                        TimeValue.ofMinutes(5),
                        certificate.client(),
                        Egress.of(proxy.uri(), null),
                        resolvingTo("127.0.0.77"))) {
            var base = named("https", provider);

            assertThat(asking.whole(base)).isEqualTo("ok");
            assertThat(asking.whole(base)).isEqualTo("ok");

            assertThat(proxy.accepted()).isEqualTo(1);
            assertThat(proxy.request())
                    .startsWith("CONNECT provider.test:" + base.getPort() + " HTTP/1.1\r\n")
                    .doesNotContain("/v1/messages");
            assertThat(provider.request()).startsWith("POST /v1/messages HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"407", "403", "502"})
    void neverTakesTheProxysNoForTheProvidersAnswer(int status) throws Exception {
        try (var proxy = new FakeUpstream(peer -> {
                    peer.readRequest();
                    peer.send("HTTP/1.1 " + status + " No\r\nContent-Length: 2\r\n\r\nno");
                });
                var asking = asking(
                        TimeValue.ofMinutes(5),
                        Asking.trustingTheWorld(),
                        Egress.of(proxy.uri(), null),
                        resolvingTo("127.0.0.77"))) {
            var unanswered =
                    catchThrowableOfType(Unanswered.class, () -> asking.whole(URI.create("https://provider.test")));

            assertThat(unanswered.wasSent()).isFalse();
            assertThat(unanswered.how()).isEqualTo(Unanswered.How.NOT_CONNECTED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "api.openai.com,true",
        "localhost,false",
        "127.0.0.1,false",
        "[::1],false",
        "house.test,false",
        "deep.in.house.test,false",
        "INNER.test,false",
        "notinner.test,true",
        "courthouse.test,true"
    })
    void reachesSomeHostsDirectly(String host, boolean byProxy) {
        var egress = Egress.of(URI.create("http://proxy.test:3128"), " .house.test, inner.TEST,,");

        assertThat(egress.leadsTo(host)).isEqualTo(byProxy);
        assertThat(new Egress(egress.proxy(), List.of("*")).leadsTo(host)).isFalse();
        assertThat(Egress.DIRECT.leadsTo(host)).isFalse();
    }
}
