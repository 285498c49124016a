package com.posthog.aigateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate, and the authority that signed it, made by the JDK's own `keytool`.
public final class Certificates {

    private static final String PASSWORD = "changeit";

    private static final KeyStore.PasswordProtection SECRET = new KeyStore.PasswordProtection(PASSWORD.toCharArray());

    private final KeyStore store;

    private Certificates(KeyStore store) {
        this.store = store;
    }

    /// One for these hosts, as `ip:127.0.0.1` or `dns:name`, signed by an authority of its own.
    ///
    /// @param start from when it holds, as `keytool` takes it: `-10d`
    public static Certificates of(Path folder, String hosts, String start, int days) throws IOException {
        var file = Files.createTempDirectory(folder, "certificate").resolve("store.p12");
        keytool(file, "authority", "-ext", "bc:c=ca:true", "-startdate", "-20d", "-validity", "40");
        keytool(
                file,
                "provider",
                "-signer",
                "authority",
                "-ext",
                "san=" + hosts,
                "-startdate",
                start,
                "-validity",
                Integer.toString(days));
        try {
            return new Certificates(KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void keytool(Path file, String alias, String... more) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of("-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of(more));
        var keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// For who shows them.
    public SSLContext server() throws GeneralSecurityException, IOException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        var shown = KeyStore.getInstance("PKCS12");
        shown.load(null, null);
        shown.setEntry("provider", store.getEntry("provider", SECRET), SECRET);
        keys.init(shown, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /// For who trusts them and no others.
    public SSLContext client() throws GeneralSecurityException, IOException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", store.getCertificate("authority"));
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
