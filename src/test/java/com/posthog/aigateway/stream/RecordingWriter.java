package com.posthog.aigateway.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.posthog.aigateway.call.Hangup;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.call.ReplyWriter;
import java.io.ByteArrayOutputStream;

/// What reaches the caller.
final class RecordingWriter implements ReplyWriter {

    final Hangup hangup = new Hangup();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    Headers headers = Headers.NONE;
    String ending = "open";
    int status;
    int writes;
    long length;

    String text() {
        return body.toString(UTF_8);
    }

    @Override
    public Hangup hangup() {
        return hangup;
    }

    @Override
    public void head(int status, Headers headers, long length) {
        this.status = status;
        this.headers = headers;
        this.length = length;
    }

    @Override
    public void flush() {}

    @Override
    public void write(byte[] bytes, int offset, int length) {
        body.write(bytes, offset, length);
        writes++;
    }

    @Override
    public void end() {
        ending += " ended";
    }

    @Override
    public void abort() {
        ending += " aborted";
    }
}
