package com.posthog.aigateway.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.posthog.aigateway.call.Body;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.wire.UpstreamRequest.Slice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The only edits of a body on its way to its own provider, at known offsets of the raw bytes: the model's name, and
/// the wish for usage in a streamed chat. Everything else is the caller's, byte for byte.
public final class Splices {

    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .build();
    private static final String WISH = "{\"include_usage\":true}";

    /// New text in the place of the bytes from `start` to `end`.
    private record Splice(int start, int end, String text) {}

    private Splices() {}

    /// True when we ask for the usage chunk, and the caller did not.
    public static boolean addsUsage(Call call) {
        return usage(call).isPresent();
    }

    static List<Slice> of(Call call, @Nullable String model) {
        var splices = new ArrayList<Splice>();
        model(call.body(), model).ifPresent(splices::add);
        usage(call).ifPresent(splices::add);
        splices.sort(Comparator.comparingInt(Splice::start));
        return slices(call.body().bytes(), splices);
    }

    private static List<Slice> slices(byte[] bytes, List<Splice> splices) {
        var slices = new ArrayList<Slice>();
        int at = 0;
        for (var splice : splices) {
            slices.add(new Slice(bytes, at, splice.start()));
            slices.add(Slice.of(splice.text().getBytes(StandardCharsets.UTF_8)));
            at = splice.end();
        }
        if (at < bytes.length) {
            slices.add(new Slice(bytes, at, bytes.length));
        }
        return slices;
    }

    private static Optional<Splice> model(Body body, @Nullable String model) {
        var member = body.member("model").orElse(null);
        if (model == null || member == null || model.equals(member.text())) {
            return Optional.empty();
        }
        var quoted = "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(model)) + "\"";
        return Optional.of(new Splice(member.start(), member.end(), quoted));
    }

    private static Optional<Splice> usage(Call call) {
        if (call.endpoint() != Endpoint.CHAT_COMPLETIONS || !call.stream()) {
            return Optional.empty();
        }
        var body = call.body();
        var options = body.member("stream_options").orElse(null);
        if (options == null) {
            return Optional.of(new Splice(body.firstMember(), body.firstMember(), "\"stream_options\":" + WISH + ","));
        }
        return switch (options.kind()) {
            case VALUE_NULL -> Optional.of(new Splice(options.start(), options.end(), WISH));
            case START_OBJECT -> insideOptions(body.bytes(), options);
            // Not for us to mend: the provider will say what is wrong.
            default -> Optional.empty();
        };
    }

    private static Optional<Splice> insideOptions(byte[] bytes, Body.Member options) {
        Splice splice = null;
        boolean known = true;
        boolean empty = true;
        try (var json = JSON.createParser(bytes, options.start(), options.end() - options.start())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                empty = false;
                boolean wish = json.currentName().equals("include_usage");
                var value = json.nextToken();
                int start = options.start() + (int) json.currentTokenLocation().getByteOffset();
                json.skipChildren();
                json.finishToken();
                if (wish) {
                    int end = options.start() + (int) json.currentLocation().getByteOffset();
                    known = value == JsonToken.VALUE_FALSE || value == JsonToken.VALUE_NULL;
                    splice = new Splice(start, end, "true");
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("a span of a body that was parsed before is not JSON", e);
        }
        if (!known) {
            // It asks already, or the provider will say what is wrong.
            return Optional.empty();
        }
        int inside = options.start() + 1;
        return Optional.of(
                splice != null ? splice : new Splice(inside, inside, "\"include_usage\":true" + (empty ? "" : ",")));
    }
}
