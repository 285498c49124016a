package com.posthog.aigateway.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Fact;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Facts as they travel between members.
final class FactRows {

    private static final byte VERSION = 2;

    private FactRows() {}

    static byte[] of(Collection<Fact> facts) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(facts.size());
            for (var fact : facts) {
                write(fact, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(Fact fact, DataOutputStream out) throws IOException {
        write(fact.name(), out);
        out.writeBoolean(fact.value() != null);
        if (fact.value() != null) {
            write(fact.value(), out);
        }
        out.writeLong(fact.version());
        write(fact.who(), out);
        write(fact.at().toString(), out);
        out.writeBoolean(fact.until() != null);
        if (fact.until() != null) {
            write(fact.until().toString(), out);
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        var bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// UncheckedIOException: not what [#of] made.
    static List<Fact> read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Trip.checkVersion(in.readByte(), VERSION);
            int count = in.readInt();
            var facts = new ArrayList<Fact>();
            for (int i = 0; i < count; i++) {
                facts.add(fact(in));
            }
            return facts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Fact fact(DataInputStream in) throws IOException {
        var name = text(in);
        var value = in.readBoolean() ? text(in) : null;
        long version = in.readLong();
        var who = text(in);
        var at = Instant.parse(text(in));
        return new Fact(name, value, version, who, at, in.readBoolean() ? Instant.parse(text(in)) : null);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        return new String(in.readNBytes(length), UTF_8);
    }

    /// The same for the same facts in the same order, and for no others.
    static byte[] digest(Collection<Fact> facts) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(of(facts));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
