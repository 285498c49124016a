package com.posthog.aigateway.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// One JSON object per log line: whatever a message holds, it cannot begin a line of its own.
public final class JsonLayout extends LayoutBase<ILoggingEvent> {

    private static final int FRAMES = 8;
    private static final int CAUSES = 5;

    /// ASCII only: readers of logs break lines at more characters than one thinks.
    private static final JsonFactory JSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    @Override
    public String doLayout(ILoggingEvent event) {
        return (event.getLoggerName().equals(CallLog.NAME) ? event.getFormattedMessage() : object(event)) + "\n";
    }

    private static String object(ILoggingEvent event) {
        var line = new StringWriter(300);
        try (var json = JSON.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("at", event.getInstant().toString());
            json.writeStringField("level", event.getLevel().toString());
            json.writeStringField("logger", event.getLoggerName());
            json.writeStringField("message", event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
                json.writeStringField("error", told(event.getThrowableProxy()));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    private static String told(IThrowableProxy thrown) {
        var told = new StringBuilder();
        @Nullable IThrowableProxy next = thrown;
        for (int i = 0; next != null && i < CAUSES; i++) {
            told.append(i == 0 ? "" : "; caused by ").append(next.getClassName());
            told.append(": ").append(next.getMessage());
            var frames = next.getStackTraceElementProxyArray();
            for (int frame = 0; frame < Math.min(FRAMES, frames.length); frame++) {
                told.append("; ").append(frames[frame].getSTEAsString());
            }
            next = next.getCause();
        }
        return told.toString();
    }
}
