package com.posthog.aigateway.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.posthog.aigateway.call.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 message as it came over a connection: one byte of its head is one character, its body is without its
/// framing (RFC 9112).
///
/// @param whole false when the connection ended before the body did
public record Message(String start, List<Headers.Field> fields, byte[] body, boolean whole) {

    public static @Nullable Message request(InputStream in) throws IOException {
        return read(in, false);
    }

    public static Message answer(InputStream in) throws IOException {
        var answer = read(in, true);
        if (answer == null) {
            throw new IOException("the connection ended before an answer");
        }
        return answer;
    }

    private static @Nullable Message read(InputStream in, boolean isAnswer) throws IOException {
        var start = line(in);
        if (start == null) {
            return null;
        }
        var fields = new ArrayList<Headers.Field>();
        for (var line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            fields.add(new Headers.Field(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        var headers = new Headers(fields);
        var length = headers.first("content-length");
        var body = new ByteArrayOutputStream();
        boolean whole = true;
        if (headers.first("transfer-encoding").isPresent()) {
            whole = chunks(in, body);
        } else if (length.isPresent()) {
            body.writeBytes(in.readNBytes(Integer.parseInt(length.get())));
            whole = body.size() == Integer.parseInt(length.get());
        } else if (isAnswer && !start.contains(" 204") && !start.contains(" 304")) {
            in.transferTo(body);
        }
        return new Message(start, fields, body.toByteArray(), whole);
    }

    private static boolean chunks(InputStream in, ByteArrayOutputStream body) throws IOException {
        while (true) {
            var size = line(in);
            if (size == null) {
                return false;
            }
            int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
            var chunk = in.readNBytes(length);
            body.writeBytes(chunk);
            if (length == 0) {
                for (var trailer = line(in); trailer != null && !trailer.isEmpty(); trailer = line(in)) {
                    // Trailers are of no interest.
                }
                return true;
            }
            if (chunk.length < length || line(in) == null) {
                return false;
            }
        }
    }

    private static @Nullable String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0) {
                return null;
            }
            line.write(one);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    public String first(String name) {
        return new Headers(fields).first(name).orElse("");
    }

    public int status() {
        return Integer.parseInt(start.split(" ", 3)[1]);
    }

    /// All values of each name, in their order; names in lower case.
    public Map<String, List<String>> values() {
        var values = new TreeMap<String, List<String>>();
        for (var field : fields) {
            values.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(field.value());
        }
        return values;
    }
}
