package com.posthog.aigateway;

import com.posthog.aigateway.call.Ending;
import java.util.Locale;
import java.util.stream.Stream;

/// One call of the exit matrix: in which shape it is asked, whether it is streamed, and how it ends.
record ExitCase(Shape shape, boolean stream, Exit exit) {

    /// The most output that a call asks for, in tokens.
    static final int MOST = 400;

    enum Shape {
        CHAT("/v1/chat/completions", "gpt-6-sol", "\"web_search_options\":{}"),
        RESPONSES("/v1/responses", "gpt-6-sol", "\"tools\":[{\"type\":\"web_search\"}]"),
        MESSAGES(
                "/v1/messages",
                "claude-sonnet-5-5",
                "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]");

        private final String path;
        private final String model;
        private final String serverTool;

        Shape(String path, String model, String serverTool) {
            this.path = path;
            this.model = model;
            this.serverTool = serverTool;
        }
    }

    /// What is known of the cost at the end.
    enum Cost {
        NOTHING,
        REPORTED,
        ESTIMATED
    }

    /// How a call ends: what the provider does when it streams, and when it does not, and what then holds.
    enum Exit {
        SERVED("words=20", "words=20", Ending.COMPLETE, Ending.COMPLETE, 200, 200, Cost.REPORTED),
        SERVED_WITHOUT_USAGE("no-usage", "no-usage", Ending.COMPLETE, Ending.COMPLETE, 200, 200, Cost.ESTIMATED),
        REJECTED("status=422", "status=422", Ending.FAILED, Ending.FAILED, 422, 422, Cost.NOTHING),
        TOLD_TO_WAIT("status=429", "status=429", Ending.FAILED, Ending.FAILED, 429, 429, Cost.NOTHING),
        FAILED("status=500", "status=500", Ending.FAILED, Ending.FAILED, 500, 500, Cost.NOTHING),
        NEVER_ANSWERED("silent", "silent", Ending.FAILED, Ending.FAILED, 504, 504, Cost.ESTIMATED),
        FELL_SILENT_OR_CAME_TOO_SLOWLY(
                "silent,after=5",
                "chunk=20,chunk-gap=150ms",
                Ending.INCOMPLETE,
                Ending.FAILED,
                200,
                504,
                Cost.ESTIMATED),
        FAILED_IN_THE_MIDDLE("status=500,after=5", "", Ending.INCOMPLETE, Ending.FAILED, 200, 0, Cost.ESTIMATED),
        ENDED_TOO_EARLY("truncate,after=5", "", Ending.INCOMPLETE, Ending.FAILED, 200, 0, Cost.ESTIMATED),
        CUT("cut,after=5", "cut=150", Ending.INCOMPLETE, Ending.FAILED, 200, 502, Cost.ESTIMATED),
        CUT_BEFORE_A_BYTE("cut", "cut", Ending.FAILED, Ending.FAILED, 502, 502, Cost.ESTIMATED),
        LEFT_BEFORE_A_BYTE("silent", "silent", Ending.ABANDONED, Ending.ABANDONED, 0, 0, Cost.ESTIMATED),
        LEFT_IN_THE_MIDDLE(
                "words=100,chunk-gap=20ms,late=300ms",
                "chunk=20,chunk-gap=50ms",
                Ending.ABANDONED,
                Ending.ABANDONED,
                200,
                0,
                Cost.ESTIMATED),
        NOT_BOUNDED("words=20", "words=20", Ending.REFUSED, Ending.REFUSED, 402, 402, Cost.NOTHING);

        private final String streamed;
        private final String whole;
        private final Ending streamedEnds;
        private final Ending wholeEnds;
        private final int streamedStatus;
        private final int wholeStatus;
        private final Cost cost;

        Exit(
                String streamed,
                String whole,
                Ending streamedEnds,
                Ending wholeEnds,
                int streamedStatus,
                int wholeStatus,
                Cost cost) {
            this.streamed = streamed;
            this.whole = whole;
            this.streamedEnds = streamedEnds;
            this.wholeEnds = wholeEnds;
            this.streamedStatus = streamedStatus;
            this.wholeStatus = wholeStatus;
            this.cost = cost;
        }

        boolean callerLeaves() {
            return this == LEFT_BEFORE_A_BYTE || this == LEFT_IN_THE_MIDDLE;
        }

        private String directives(boolean stream) {
            return stream ? streamed : whole;
        }
    }

    static Stream<ExitCase> all() {
        return Stream.of(Exit.values())
                .flatMap(exit -> Stream.of(true, false)
                        .filter(stream -> !exit.directives(stream).isEmpty())
                        .flatMap(stream -> Stream.of(Shape.values()).map(shape -> new ExitCase(shape, stream, exit))));
    }

    Ending ending() {
        return stream ? exit.streamedEnds : exit.wholeEnds;
    }

    /// What the caller is told; 0 for nothing.
    int status() {
        return stream ? exit.streamedStatus : exit.wholeStatus;
    }

    Cost cost() {
        return exit.cost;
    }

    /// Names the call in its receipt, on the provider's bill, and as a user of its own.
    String mark() {
        return (shape + (stream ? "-streamed-" : "-whole-") + exit).toLowerCase(Locale.ROOT);
    }

    /// Output that nobody sees is made too, and billed.
    String request() {
        return request("reasoning=120," + exit.directives(stream));
    }

    String request(String directives) {
        var body = body();
        return "POST " + shape.path
                + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + Rig.KEY + "\r\nX-PostHog-Distinct-Id: " + mark() + "\r\nX-PostHog-Trace-Id: " + mark()
                + "\r\nx-mock: "
                + directives + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    String body() {
        var turns = "[{\"role\":\"user\",\"content\":\"Say something.\"}]";
        var own = switch (shape) {
            case CHAT -> "\"user\":\"" + mark() + "\",\"max_completion_tokens\":" + MOST + ",\"messages\":" + turns;
            case RESPONSES -> "\"user\":\"" + mark() + "\",\"max_output_tokens\":" + MOST + ",\"input\":" + turns;
            case MESSAGES ->
                "\"metadata\":{\"user_id\":\"" + mark() + "\"},\"max_tokens\":" + MOST + ",\"messages\":" + turns;
        };
        return "{\"model\":\"" + shape.model + "\",\"stream\":" + stream + "," + own
                + (exit == Exit.NOT_BOUNDED ? "," + shape.serverTool : "") + "}";
    }

    @Override
    public String toString() {
        return mark().replace('-', ' ').replace('_', ' ');
    }
}
