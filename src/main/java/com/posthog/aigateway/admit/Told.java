package com.posthog.aigateway.admit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What one replica answers when it is asked for a root.
///
/// @param journal its journal's number
/// @param data true where it is a data member, and so its journal counts
/// @param epochs for which it speaks: its own, of this start and of earlier ones
/// @param roster as its journal has it; empty where it is no data member
/// @param known what it puts into the entry, in the form of a [Create] for no entry yet
record Told(long journal, boolean data, Set<Long> epochs, Map<String, String> roster, Create known) {

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeLong(journal);
            out.writeBoolean(data);
            out.writeInt(epochs.size());
            for (long epoch : epochs) {
                out.writeLong(epoch);
            }
            out.writeInt(roster.size());
            for (var fact : roster.entrySet()) {
                out.writeUTF(fact.getKey());
                out.writeUTF(fact.getValue());
            }
            Codec.write(known, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Told of(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long journal = in.readLong();
            boolean data = in.readBoolean();
            var epochs = new HashSet<Long>();
            for (int i = in.readInt(); i > 0; i--) {
                epochs.add(in.readLong());
            }
            var roster = new HashMap<String, String>();
            for (int i = in.readInt(); i > 0; i--) {
                roster.put(in.readUTF(), in.readUTF());
            }
            return new Told(journal, data, epochs, roster, (Create) Codec.operation(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
