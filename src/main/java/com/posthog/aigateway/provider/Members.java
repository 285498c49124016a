package com.posthog.aigateway.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The members of a JSON object, by where in its bytes they lie: so that some can be left out and others put in, and
/// what stays is the same, byte for byte.
final class Members {

    /// @param start of its name, with the quotation mark
    /// @param end behind its value
    /// @param text null for any other kind than a string
    private record Member(
            String name, int start, int end, @Nullable String text) {}

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(10_000)
                    .build())
            .build();

    private final byte[] bytes;
    private final List<Member> members;

    private Members(byte[] bytes, List<Member> members) {
        this.bytes = bytes;
        this.members = members;
    }

    /// IOException: the bytes are no JSON object.
    static Members of(byte[] bytes) throws IOException {
        var members = new ArrayList<Member>();
        try (var json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                int start = (int) json.currentTokenLocation().getByteOffset();
                var text = json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : null;
                json.skipChildren();
                json.finishToken();
                members.add(new Member(name, start, (int) json.currentLocation().getByteOffset(), text));
            }
        }
        return new Members(bytes, members);
    }

    boolean has(String name) {
        return members.stream().anyMatch(member -> member.name().equals(name));
    }

    /// The value of a member that is a string.
    Optional<String> text(String name) {
        return members.stream()
                .filter(member -> member.name().equals(name))
                .map(Member::text)
                .findFirst();
    }

    /// The object without some of its members.
    ///
    /// @param added other members as JSON, which come first
    List<Slice> but(Set<String> names, List<String> added) {
        if (added.isEmpty() && names.stream().noneMatch(this::has)) {
            return List.of(Slice.of(bytes));
        }
        var slices = new ArrayList<Slice>();
        slices.add(json(added.isEmpty() ? "{" : "{" + String.join(",", added)));
        boolean first = added.isEmpty();
        for (var member : members) {
            if (!names.contains(member.name())) {
                if (!first) {
                    slices.add(json(","));
                }
                first = false;
                slices.add(new Slice(bytes, member.start(), member.end()));
            }
        }
        slices.add(json("}"));
        return slices;
    }

    private static Slice json(String json) {
        return Slice.of(json.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] joined(List<Slice> slices) {
        var joined = new ByteArrayOutputStream(
                slices.stream().mapToInt(Slice::length).sum());
        slices.forEach(slice -> joined.write(slice.bytes(), slice.start(), slice.length()));
        return joined.toByteArray();
    }
}
