package com.posthog.aigateway;

import com.posthog.aigateway.testing.FakeUpstream;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// A provider that does what a header of the request says: `x-primary: status=529` is for the one of that
/// name. Without the header it does what it does for all. Each connection serves one request, so that none is
/// closed while it waits.
final class PlayedProvider implements AutoCloseable {

    private static final Pattern PATH = Pattern.compile("^\\w+ (?:/v1)?(/[a-z/]+)");

    private final String name;
    private final Supplier<String> usual;
    private final FakeUpstream upstream;
    private final AtomicInteger asked = new AtomicInteger();

    PlayedProvider(String name) {
        this(name, () -> "ok");
    }

    /// @param usual asked for each request without a header for this provider
    PlayedProvider(String name, Supplier<String> usual) {
        this.name = name;
        this.usual = usual;
        this.upstream = new FakeUpstream(this::serve);
    }

    URI uri() {
        return upstream.uri();
    }

    /// Requests so far.
    int asked() {
        return asked.get();
    }

    private void serve(FakeUpstream.Peer peer) throws IOException {
        if (peer.readRequest()) {
            asked.incrementAndGet();
            var play = header(peer.last(), "x-" + name);
            play(peer, peer.last(), play.isEmpty() ? usual.get() : play);
        }
    }

    private static String header(String request, String name) {
        var found = Pattern.compile("(?im)^" + name + ": *([^\\r\\n]*)").matcher(request);
        return found.find() ? found.group(1).strip() : "";
    }

    private void play(FakeUpstream.Peer peer, String request, String play) throws IOException {
        var path = PATH.matcher(request);
        var told = new ToldAnswers(name, path.find() ? path.group(1) : "");
        boolean stream = request.contains("\"stream\":true");
        int equals = play.indexOf('=');
        switch (equals < 0 ? play : play.substring(0, equals)) {
            case "ok" -> peer.send(stream ? told.stream(told.events(play)) : told.whole());
            case "refusal" -> peer.send(told.refused());
            case "status" -> {
                var parts = play.substring(equals + 1).split(";", 3);
                peer.send(told.error(
                        Integer.parseInt(parts[0]),
                        parts.length > 1 ? parts[1] : "",
                        parts.length > 2 ? parts[2] : ""));
            }
            case "page" -> peer.send(told.page(Integer.parseInt(play.substring(equals + 1))));
            case "close" -> {}
            case "reset" -> peer.reset();
            case "nothing-cut", "preamble-cut", "preamble-half", "content-cut" ->
                peer.send(told.begun(told.events(play)));
            case "truncate" -> {
                var whole = told.whole();
                peer.send(whole.substring(0, whole.length() - 5));
            }
            case "silent" -> {
                peer.awaitLeaving();
            }
            case "half-silent" -> {
                var whole = told.whole();
                peer.send(whole.substring(0, whole.length() - 5));
                peer.awaitLeaving();
            }
            case "preamble-silent" -> {
                peer.send(told.begun(told.events(play)));
                peer.awaitLeaving();
            }
            default -> peer.send(told.stream(told.events(play)));
        }
    }

    @Override
    public void close() throws IOException {
        upstream.close();
    }
}
