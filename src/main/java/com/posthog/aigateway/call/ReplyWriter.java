package com.posthog.aigateway.call;

/// The way back to the caller. No method throws for a caller who has left: [#hangup] knows.
public interface ReplyWriter {

    Hangup hangup();

    /// Begins the answer.
    ///
    /// @param length of the body in bytes, or -1 where it is not known
    void head(int status, Headers headers, long length);

    /// Sends what has been written, also a head alone.
    void flush();

    /// Writes one piece and sends it.
    void write(byte[] bytes, int offset, int length);

    /// Ends the answer properly.
    void end();

    /// Ends the answer so that the caller can tell that it is not whole.
    void abort();
}
