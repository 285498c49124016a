package com.posthog.aigateway.mock;

import com.posthog.aigateway.mock.Received.Ending;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/// Puts a script on the wire, in its time, and tells the entry how that ended.
final class Player {
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    private final Lines lines;

    Player(Lines lines) {
        this.lines = lines;
    }

    void play(
            Answer answer,
            Directives directives,
            ServerRequest request,
            ServerResponse response,
            Requests.Entry entry,
            Charged charged) {
        var script = Script.of(answer, directives);
        charged.begin();
        try {
            Thread.sleep(directives.delay());
            head(answer, response);
            if (isOneWrite(answer, script)) {
                // Told before it is written, so that whoever has the answer also finds it told.
                entry.end(Ending.ANSWERED);
                charged.end();
                response.send(script.pieces().getFirst());
            } else {
                write(script, directives.chunkGap(), response.outputStream(), entry, charged);
            }
        } catch (CloseConnectionException | IOException exception) {
            entry.end(Ending.CLIENT_GONE);
            charged.left();
            throw new CloseConnectionException("client gone", exception);
        } catch (InterruptedException exception) {
            entry.end(Ending.CUT);
            charged.end();
            throw new CloseConnectionException("stopped", exception);
        }
        finish(script.finish(), request, entry, charged);
    }

    private static void head(Answer answer, ServerResponse response) {
        response.status(Status.create(answer.status()));
        answer.headers().forEach(response.headers()::add);
        if (!answer.stream()) {
            response.headers().contentLength(answer.length());
        }
    }

    private static boolean isOneWrite(Answer answer, Script script) {
        return !answer.stream()
                && script.finish() == Script.Finish.COMPLETE
                && script.pieces().size() == 1;
    }

    private static void write(Script script, Duration gap, OutputStream out, Requests.Entry entry, Charged charged)
            throws IOException, InterruptedException {
        int left = script.pieces().size();
        for (var piece : script.pieces()) {
            if (--left == 0 && script.finish() == Script.Finish.COMPLETE) {
                entry.end(Ending.ANSWERED);
                charged.sent(piece.length);
                charged.end();
            } else {
                charged.sent(piece.length);
            }
            out.write(piece);
            out.flush();
            if (left > 0 && gap.isPositive()) {
                Thread.sleep(gap);
            }
        }
    }

    private void finish(Script.Finish finish, ServerRequest request, Requests.Entry entry, Charged charged) {
        switch (finish) {
            case COMPLETE -> entry.end(Ending.ANSWERED);
            case HANG_UP -> {
                entry.end(Ending.CUT);
                charged.end();
                throw new CloseConnectionException("cut as asked");
            }
            case HOLD -> {
                boolean left = lines.awaitDeparture(request.socketId(), LONGEST_SILENCE);
                entry.end(left ? Ending.CLIENT_GONE : Ending.CUT);
                charged.left();
                throw new CloseConnectionException("silent until the end");
            }
        }
    }
}
