package com.posthog.aigateway.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Usage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line of JSON for every call: what it was, how it ended, what it cost. No content, no label, no secret.
public final class CallLog {

    /// The logger whose messages are JSON objects already.
    static final String NAME = "call";

    private static final Logger LOG = LoggerFactory.getLogger(NAME);

    /// A caller may put anything in the place of a model's name.
    private static final int LONGEST_WORD = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    public void write(Receipt receipt) {
        if (LOG.isInfoEnabled()) {
            LOG.info("{}", line(receipt));
        }
    }

    static String line(Receipt receipt) {
        var line = new StringWriter(600);
        try (var json = JSON.createGenerator(line)) {
            json.writeStartObject();
            writeWho(json, receipt);
            writeModels(json, receipt);
            writeOutcome(json, receipt);
            writeUsage(json, receipt.reading().usage());
            json.writeStringField("cost_usd", receipt.cost().total().toString());
            json.writeBooleanField("estimated", receipt.cost().estimated());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    private static void writeWho(JsonGenerator json, Receipt receipt) throws IOException {
        var intent = receipt.intent();
        json.writeStringField("id", intent.id().toString());
        json.writeStringField("at", intent.at().toString());
        json.writeStringField("endpoint", intent.endpoint().name().toLowerCase(Locale.ROOT));
        json.writeBooleanField("stream", intent.stream());
        json.writeStringField("team", intent.who().team());
        json.writeStringField("credential", intent.who().credential());
        word(json, "product", intent.who().product());
    }

    private static void writeModels(JsonGenerator json, Receipt receipt) throws IOException {
        var serving = receipt.intent().serving();
        word(json, "model", receipt.intent().model());
        word(json, "sent_model", serving == null ? null : serving.model());
        word(json, "returned_model", receipt.reading().model());
        word(json, "provider", serving == null ? null : serving.provider());
    }

    private static void writeOutcome(JsonGenerator json, Receipt receipt) throws IOException {
        json.writeNumberField("status", receipt.status());
        json.writeStringField("ending", receipt.ending().word());
        word(json, "error", receipt.error());
        json.writeNumberField("latency_ms", receipt.latency().toMillis());
        var firstToken = receipt.firstToken();
        if (firstToken != null) {
            json.writeNumberField("first_token_ms", firstToken.toMillis());
        }
        json.writeNumberField("attempts", receipt.attempts().size());
    }

    private static void writeUsage(JsonGenerator json, @Nullable Usage usage) throws IOException {
        if (usage != null) {
            json.writeNumberField("input_tokens", usage.input());
            json.writeNumberField("output_tokens", usage.output());
            json.writeNumberField("cache_read_tokens", usage.cacheRead());
            json.writeNumberField("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h());
        }
    }

    private static void word(JsonGenerator json, String name, @Nullable String word) throws IOException {
        if (word != null) {
            json.writeStringField(name, word.length() <= LONGEST_WORD ? word : word.substring(0, LONGEST_WORD) + "...");
        }
    }
}
