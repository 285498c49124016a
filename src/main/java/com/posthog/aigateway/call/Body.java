package com.posthog.aigateway.call;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request's JSON object: its bytes, never changed, and where in them the few members lie that we must know.
public final class Body {

    /// Where a member's value lies in the bytes: from its first byte to behind its last.
    ///
    /// @param text the value of a string, unescaped; null for any other kind
    public record Member(
            int start, int end, JsonToken kind, @Nullable String text) {}

    private static final Set<String> KNOWN = Set.of(
            "model",
            "stream",
            "stream_options",
            "metadata",
            "store",
            "background",
            "previous_response_id",
            "conversation",
            "user",
            "n",
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens");

    /// What chooses the price, the form of the answer, or whose state is read: both sides must read the same.
    private static final Set<String> ONCE = Set.of("model", "stream", "previous_response_id", "conversation");

    /// Charset detection would let a body pass in UTF-16, where our offsets and the provider's reading would differ.
    ///
    /// Buffers are shared by all threads, here and wherever calls pass: each connection has a thread of its own,
    /// which by default would keep some for as long as it lives.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(10_000)
                    .build())
            .build();

    /// Of a number that surely fits.
    private static final int MOST_DIGITS = 18;

    private final byte[] bytes;
    private final Map<String, Member> members;
    private final int firstMember;

    private Body(byte[] bytes, Map<String, Member> members, int firstMember) {
        this.bytes = bytes;
        this.members = members;
        this.firstMember = firstMember;
    }

    /// A body that nobody here looks into.
    public static Body opaque(byte[] bytes) {
        return new Body(bytes, Map.of(), 0);
    }

    /// Refusal: no JSON object, nested too deep, or one of a few members twice (names compared unescaped, so that we
    /// and
    /// the provider cannot read two different ones).
    public static Body of(byte[] bytes) {
        var members = new HashMap<String, Member>();
        try (var json = JSON.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("the body must be a JSON object");
            }
            int firstMember = position(json);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                if (!KNOWN.contains(name)) {
                    json.skipChildren();
                } else if (members.put(name, member(json)) != null && ONCE.contains(name)) {
                    throw malformed("'" + name + "' stands twice in the body; send it once")
                            .of(name);
                }
            }
            if (json.nextToken() != null) {
                throw malformed("something follows the JSON object of the body");
            }
            return new Body(bytes, members, firstMember);
        } catch (StreamConstraintsException e) {
            throw malformed("the body is JSON beyond our limits: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw malformed("the body is not JSON, near byte " + near(e));
        } catch (IOException e) {
            throw malformed("the body is not JSON");
        }
    }

    private static long near(JsonProcessingException e) {
        return e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
    }

    private static Member member(JsonParser json) throws IOException {
        int start = (int) json.currentTokenLocation().getByteOffset();
        var kind = json.currentToken();
        var text = kind == JsonToken.VALUE_STRING ? json.getText() : null;
        json.skipChildren();
        json.finishToken();
        return new Member(start, position(json), kind, text);
    }

    private static int position(JsonParser json) {
        return (int) json.currentLocation().getByteOffset();
    }

    private static Refusal malformed(String what) {
        return new Refusal(Reason.MALFORMED, what);
    }

    /// The request as it came. Not to be changed.
    public byte[] bytes() {
        return bytes;
    }

    public Optional<Member> member(String name) {
        return Optional.ofNullable(members.get(name));
    }

    /// The value of a member that is a string.
    public Optional<String> text(String name) {
        return member(name).map(Member::text);
    }

    /// The value of a member that is a whole number; of several, the last.
    public OptionalLong whole(String name) {
        var member = members.get(name);
        if (member == null
                || member.kind() != JsonToken.VALUE_NUMBER_INT
                || member.end() - member.start() > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        var digits = new String(bytes, member.start(), member.end() - member.start(), StandardCharsets.US_ASCII);
        return OptionalLong.of(Long.parseLong(digits));
    }

    /// The value of a string in a member that is an object; of several, the last.
    public Optional<String> text(String object, String name) {
        return member(object)
                .filter(member -> member.kind() == JsonToken.START_OBJECT)
                .flatMap(member -> textIn(member, name));
    }

    private Optional<String> textIn(Member object, String name) {
        String found = null;
        try (var json = JSON.createParser(bytes, object.start(), object.end() - object.start())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = json.currentName().equals(name);
                if (json.nextToken() == JsonToken.VALUE_STRING) {
                    found = wanted ? json.getText() : found;
                } else {
                    found = wanted ? null : found;
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("what was read once is JSON", e);
        }
        return Optional.ofNullable(found);
    }

    public boolean isTrue(String name) {
        var member = members.get(name);
        return member != null && member.kind() == JsonToken.VALUE_TRUE;
    }

    public boolean isFalse(String name) {
        var member = members.get(name);
        return member != null && member.kind() == JsonToken.VALUE_FALSE;
    }

    /// Where a new first member would be inserted.
    public int firstMember() {
        return firstMember;
    }
}
