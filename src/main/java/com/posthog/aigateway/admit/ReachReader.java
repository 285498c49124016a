package com.posthog.aigateway.admit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.catalogue.Latitude;
import com.posthog.aigateway.catalogue.Latitude.Words;
import com.posthog.aigateway.catalogue.Model;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a request once, from front to back, for what it can cost. What is not known to be bounded is not: a
/// member, a kind of tool, a kind of content that is new here can only make the bound larger, or take it
/// away. So can a member that stands twice, for nobody knows which one its provider reads.
final class ReachReader {

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(10_000)
                    .build())
            .build();

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final Call call;
    private final Model model;
    private final Known known;
    private final Set<String> tiers = new HashSet<>();
    private final Set<String> speeds = new HashSet<>();
    private final Set<String> places = new HashSet<>();
    private int tierMembers;
    private int speedMembers;
    private int placeMembers;
    private Bound.@Nullable Unbounded unbounded;
    private boolean textOnly = true;
    private long output = -1;
    private long choices = 1;

    ReachReader(Call call, Model model) {
        this.call = call;
        this.model = model;
        this.known = Known.of(call.endpoint());
    }

    Reach read() {
        try (var json = JSON.createParser(call.body().bytes())) {
            json.nextToken();
            while (unbounded == null && json.nextToken() == JsonToken.FIELD_NAME) {
                var name = json.currentName();
                json.nextToken();
                member(json, name);
            }
        } catch (IOException e) {
            throw new IllegalStateException("what was read once is JSON", e);
        }
        return new Reach(unbounded, textOnly, output < 0 ? NO_LIMIT : output, choices, latitude());
    }

    private void member(JsonParser json, String name) throws IOException {
        if (known.limits(model).contains(name)) {
            limit(json);
        } else if (known.words().contains(name)) {
            word(json, name);
        } else if (json.currentToken() == JsonToken.VALUE_NULL || known.plain().contains(name)) {
            json.skipChildren();
        } else if (known.content().contains(name)) {
            content(json);
        } else if (known.costly().contains(name)) {
            costly(json, name);
        } else {
            unbounded(name, "'" + name + "' is not known to be free of costs of its own; leave it out");
        }
    }

    private void costly(JsonParser json, String name) throws IOException {
        switch (name) {
            case "n" -> choices(json);
            case "tools" -> tools(json);
            case "modalities" -> modalities(json);
            case "reasoning" -> reasoning(json);
            case "context_management" -> contextManagement(json);
            case "previous_response_id", "conversation" -> beyond(json);
            case "background" -> offOnly(json, name, "the whole answer is made without us; ask in the foreground");
            case "mcp_servers" -> offOnly(json, name, "its tools run at the provider; leave it out");
            case "container" -> offOnly(json, name, "its code runs at the provider; leave it out");
            case "web_search_options" -> offOnly(json, name, "searches are billed one by one; leave it out");
            case "prediction" -> offOnly(json, name, "what is predicted and rejected is billed too; leave it out");
            case "prompt" -> offOnly(json, name, "a stored prompt says what we cannot see; send its text");
            case "fallbacks" -> offOnly(json, name, "another model may answer too; leave it out");
            default -> throw new IllegalStateException("nobody reads '" + name + "'");
        }
    }

    /// Of several, the largest; one that is no number may be read as none at all.
    private void limit(JsonParser json) throws IOException {
        output = Math.max(output, count(json, NO_LIMIT));
    }

    private void choices(JsonParser json) throws IOException {
        long count = count(json, NO_LIMIT);
        if (count > Reach.MOST_CHOICES) {
            unbounded("n", "'n' must be a whole number up to " + Reach.MOST_CHOICES);
        } else {
            choices = Math.max(choices, count);
        }
    }

    private static long count(JsonParser json, long otherwise) throws IOException {
        boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        long count = whole ? json.getLongValue() : -1;
        json.skipChildren();
        return count < 0 ? otherwise : count;
    }

    /// Null is a word too: beside another, either may be the one that is read.
    private void word(JsonParser json, String name) throws IOException {
        switch (name) {
            case "service_tier" -> tierMembers += word(json, tiers);
            case "speed" -> speedMembers += word(json, speeds);
            case "inference_geo" -> placeMembers += word(json, places);
            default -> throw new IllegalStateException("nobody reads '" + name + "'");
        }
    }

    private static int word(JsonParser json, Set<String> words) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
            words.add(json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : "");
        }
        json.skipChildren();
        return 1;
    }

    private void offOnly(JsonParser json, String name, String why) throws IOException {
        boolean off = json.currentToken() == JsonToken.VALUE_FALSE
                || (json.currentToken() == JsonToken.START_ARRAY && json.nextToken() == JsonToken.END_ARRAY);
        if (!off) {
            unbounded(name, "'" + name + "': " + why);
        }
    }

    private void beyond(JsonParser json) throws IOException {
        textOnly = false;
        json.skipChildren();
    }

    private void modalities(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() == JsonToken.VALUE_STRING && json.getText().equals("text")) {}
            if (json.currentToken() == JsonToken.END_ARRAY) {
                return;
            }
        }
        unbounded("modalities", "'modalities': output that is not text has no limit here; ask for [\"text\"]");
    }

    private void reasoning(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var value = json.nextToken();
            if (value != JsonToken.VALUE_NULL && !Known.REASONING.contains(name)) {
                unbounded(
                        "reasoning." + name,
                        "'reasoning." + name + "' is not known to be free of costs of its own; leave it out");
                return;
            }
            json.skipChildren();
        }
    }

    /// Clearing is free; compaction is a step of its own.
    private void contextManagement(JsonParser json) throws IOException {
        boolean free = json.currentToken() == JsonToken.START_OBJECT;
        while (free && json.nextToken() == JsonToken.FIELD_NAME) {
            free = json.currentName().equals("edits") && json.nextToken() == JsonToken.START_ARRAY;
            while (free && json.nextToken() != JsonToken.END_ARRAY) {
                free = json.currentToken() == JsonToken.START_OBJECT && clears(json);
            }
        }
        if (!free) {
            unbounded(
                    "context_management",
                    "'context_management' may add steps that are billed; only edits that clear are bounded");
        }
    }

    private static boolean clears(JsonParser json) throws IOException {
        boolean clears = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isType = json.currentName().equals("type");
            json.nextToken();
            if (isType) {
                if (json.currentToken() != JsonToken.VALUE_STRING
                        || !json.getText().startsWith("clear_")) {
                    return false;
                }
                clears = true;
            }
            json.skipChildren();
        }
        return clears;
    }

    private void tools(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            unbounded("tools", "'tools' must be a list");
            return;
        }
        while (unbounded == null && json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                tool(json);
            } else {
                unbounded("tools", "'tools' must be a list of objects");
            }
        }
    }

    private void tool(JsonParser json) throws IOException {
        boolean typed = call.endpoint().shape().family() == Family.ANTHROPIC;
        while (unbounded == null && json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var value = json.nextToken();
            if (name.equals("type") && value != JsonToken.VALUE_NULL) {
                typed = true;
                kind(value == JsonToken.VALUE_STRING ? json.getText() : "");
            } else if (name.equals("tools") && value == JsonToken.START_ARRAY) {
                tools(json);
                continue;
            }
            if (unbounded == null) {
                json.skipChildren();
            }
        }
        if (!typed) {
            kind("");
        }
    }

    private void kind(String type) {
        if (known.describedTools().contains(type)) {
            return;
        } else if (known.isClients(type)) {
            textOnly = false; // The provider describes it to the model, in words that we do not see.
        } else if (unbounded == null) {
            unbounded(
                    "tools",
                    "a tool of the type '" + (type.length() > 100 ? type.substring(0, 100) : type)
                            + "' may run at the provider; only tools that the caller runs are bounded");
        }
    }

    /// Texts, and the objects around them. What is anything else may be of any size up to the whole context.
    private void content(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_ARRAY -> {
                while (unbounded == null && json.nextToken() != JsonToken.END_ARRAY) {
                    content(json);
                }
            }
            case START_OBJECT -> part(json);
            default -> {}
        }
    }

    private void part(JsonParser json) throws IOException {
        boolean typed = false;
        boolean named = false;
        while (unbounded == null && json.nextToken() == JsonToken.FIELD_NAME) {
            var name = json.currentName();
            var value = json.nextToken();
            if (value == JsonToken.VALUE_NULL || known.opaque().contains(name)) {
                json.skipChildren();
            } else if (name.equals("type")) {
                typed = true;
                textOnly &= value == JsonToken.VALUE_STRING && known.texts().contains(json.getText());
                json.skipChildren();
            } else if (name.equals("tools") && known.toolsInContent()) {
                tools(json);
            } else if (known.parts().contains(name)) {
                named |= name.equals("id");
                content(json);
            } else {
                beyond(json);
            }
        }
        // An id alone is a reference to what the provider has stored.
        textOnly &= typed || !named;
    }

    private void unbounded(String member, String why) {
        unbounded = new Bound.Unbounded(member, why);
    }

    private Latitude latitude() {
        return call.endpoint().shape().family() == Family.ANTHROPIC
                ? new Latitude(anthropicTier(), speed(), place())
                : new Latitude(openAiTier(), Words.STANDARD, Words.ANY);
    }

    /// Without a word, or with `auto`, the tier is the account's own choice.
    private Words openAiTier() {
        boolean fixed = tierMembers == 1 && (tiers.contains("default") || tiers.contains("flex"));
        if (tiers.contains("fast")) {
            tiers.add("priority");
        }
        return new Words(tiers, fixed);
    }

    private Words anthropicTier() {
        return tierMembers == 1 && tiers.contains("standard_only") ? Words.STANDARD : Words.ANY;
    }

    /// No account setting makes answers fast: without a word in the request, and without the beta, they are
    /// not.
    private Words speed() {
        boolean asked = speedMembers > 1
                || (!speeds.isEmpty() && !speeds.contains("standard"))
                || Reach.hasBeta(call, "fast-mode");
        return asked ? new Words(speeds, false) : Words.STANDARD;
    }

    /// Without a word, the place is the account's own choice.
    private Words place() {
        boolean fixed = placeMembers == 1 && (places.contains("global") || places.contains("us"));
        return new Words(places, fixed);
    }
}
