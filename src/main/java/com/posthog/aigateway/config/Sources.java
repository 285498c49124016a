package com.posthog.aigateway.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// The files that were read, and what stood in each. Content alone counts: an editor may put a new file in the
/// place of the old one, and a volume may turn a link, with whatever times and sizes.
public final class Sources {

    private static final String ABSENT = "absent";

    /// A pipe or a device: reading it again would take what is not ours, or wait for ever.
    private static final String NO_FILE = "no file";

    private final Map<Path, String> states = new LinkedHashMap<>();

    /// IOException: it cannot be read, or is not UTF-8.
    String text(Path file) throws IOException {
        states.put(file, ABSENT);
        var bytes = Files.readAllBytes(file);
        states.put(file, Files.isRegularFile(file) ? digest(bytes) : NO_FILE);
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /// Whether there is such a file; where there is none, its coming is a change.
    public boolean exists(Path file) {
        boolean exists = Files.exists(file);
        if (!exists) {
            states.put(file, ABSENT);
        }
        return exists;
    }

    /// A digest of each file as it was read.
    public Map<Path, String> asRead() {
        return Map.copyOf(states);
    }

    /// The same of the same files, as they are now.
    public Map<Path, String> asTheyAre() {
        var now = new LinkedHashMap<Path, String>();
        states.keySet().forEach(file -> now.put(file, state(file)));
        return Map.copyOf(now);
    }

    private static String state(Path file) {
        try {
            return !Files.exists(file)
                    ? ABSENT
                    : Files.isRegularFile(file) ? digest(Files.readAllBytes(file)) : NO_FILE;
        } catch (IOException e) {
            return ABSENT;
        }
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
