package com.posthog.aigateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.call.Usage;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;

/// Chat completions: each choice that is open gets a chunk with `finish_reason: length`, then come the usage, if it was
/// asked for, and `[DONE]`. Chunks have the form of the stream's first one, without what pads or judges a chunk.
///
/// Costs one skim an event, a parse until each choice has appeared and at each that finishes; keeps the form of a chunk
/// and which choices are open.
final class ChatEnd implements LegalEnd {

    private static final Set<String> HEAD =
            Set.of("id", "object", "created", "model", "service_tier", "system_fingerprint");

    private static final RawObject USUAL_CHOICE =
            RawObject.EMPTY.with("index", "0").with("delta", "{}").with("finish_reason", "\"length\"");
    private static final String FIRST_DELTA = "{\"role\":\"assistant\",\"content\":\"\"}";

    private final UUID call;
    private final boolean usageWanted;
    private final NavigableSet<Integer> open = new TreeSet<>();
    private final Set<Integer> unseen = new HashSet<>();
    private RawObject chunk = RawObject.EMPTY;
    private RawObject choice = USUAL_CHOICE;
    private boolean choiceSeen;
    private boolean usageSent;
    private boolean over;

    ChatEnd(UUID call, boolean usageWanted, int choices) {
        this.call = call;
        this.usageWanted = usageWanted;
        IntStream.range(0, choices).forEach(open::add);
        unseen.addAll(open);
    }

    @Override
    public void event(SseFramer event) {
        byte[] data = event.data();
        int length = event.dataLength();
        if (!event.hasData() || over) {
            return;
        }
        if (ChatTap.isDone(data, length)) {
            over = true;
            return;
        }
        var skim = Skim.of(data, length);
        if (chunk.isEmpty() || skim.hasUsage() || skim.hasError()) {
            read(RawObject.of(data, length));
        }
        if (!unseen.isEmpty() || skim.finishReason() != null) {
            read(Picked.from(data, length, Set.of("choices")).node("choices"));
        }
    }

    private void read(RawObject seen) {
        over |= seen.hasObject("error");
        usageSent |= seen.hasObject("usage");
        // A first chunk may tell of the prompt alone, without a name for the answer.
        if (chunk.isEmpty() && !seen.word("id").isEmpty()) {
            chunk = formOf(seen);
        }
    }

    private static RawObject formOf(RawObject seen) {
        var members = new LinkedHashMap<String, String>();
        seen.members().forEach((name, value) -> {
            if (HEAD.contains(name)) {
                members.put(name, value);
            } else if (name.equals("choices")) {
                members.put(name, "[]");
            } else if (name.equals("usage")) {
                members.put(name, "null");
            }
        });
        return new RawObject(members);
    }

    private void read(JsonNode choices) {
        for (var one : choices) {
            unseen.remove(one.path("index").asInt());
            if (one.path("finish_reason").isTextual()) {
                open.remove(one.path("index").asInt());
            }
            if (!choiceSeen) {
                choiceSeen = true;
                choice = formOf(one);
            }
        }
    }

    private static RawObject formOf(JsonNode choice) {
        var members = new LinkedHashMap<String, String>();
        choice.fieldNames().forEachRemaining(name -> {
            switch (name) {
                case "index" -> members.put(name, "0");
                case "delta" -> members.put(name, "{}");
                case "logprobs" -> members.put(name, "null");
                case "finish_reason" -> members.put(name, "\"length\"");
                default -> {}
            }
        });
        members.putIfAbsent("finish_reason", "\"length\"");
        return new RawObject(members);
    }

    @Override
    public byte[] bytes(Usage usage) {
        if (over) {
            return NOTHING;
        }
        if (chunk.isEmpty()) {
            return LegalEnd.beforeTheBegin(Shape.OPENAI_CHAT, call);
        }
        var end = new StringBuilder();
        for (int index : open) {
            write(end, chunk.with("choices", "[" + ending(index) + "]"));
        }
        if (usageWanted && !usageSent) {
            write(end, chunk.with("choices", "[]").with("usage", OpenAiUsage.chat(usage)));
        }
        return LegalEnd.utf8(end.append("data: [DONE]\n\n"));
    }

    /// A choice that has not appeared begins here, too: who reads it wants to know its role.
    private RawObject ending(int index) {
        var ending = choice.with("index", Integer.toString(index));
        return unseen.contains(index) ? ending.with("delta", FIRST_DELTA) : ending;
    }

    private static void write(StringBuilder end, RawObject chunk) {
        end.append("data: ").append(chunk).append("\n\n");
    }
}
