package com.posthog.aigateway.wire;

import com.posthog.aigateway.call.Headers;
import java.net.URI;
import java.util.List;

/// What goes out.
///
/// @param base scheme, host and port; its path is not used
/// @param target path and query as they stand in the request line
/// @param headers all but `Host`, `Content-Length` and `Connection`, which the transport writes
/// @param body slices that follow each other, so that a spliced body is not copied
public record UpstreamRequest(String method, URI base, String target, Headers headers, List<Slice> body) {

    public record Slice(byte[] bytes, int start, int end) {
        public static Slice of(byte[] bytes) {
            return new Slice(bytes, 0, bytes.length);
        }

        public int length() {
            return end - start;
        }
    }

    public UpstreamRequest {
        body = List.copyOf(body);
    }

    /// The same with other header fields.
    public UpstreamRequest with(Headers headers) {
        return new UpstreamRequest(method, base, target, headers, body);
    }

    long length() {
        return body.stream().mapToLong(Slice::length).sum();
    }
}
