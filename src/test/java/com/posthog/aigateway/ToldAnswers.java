package com.posthog.aigateway;

import java.util.Map;

/// What a provider of some name says in the shape of a path, piece by piece.
record ToldAnswers(String name, String path) {

    private static final Map<Integer, String> ANTHROPIC_TYPES = Map.of(
            400, "invalid_request_error",
            401, "authentication_error",
            402, "billing_error",
            403, "permission_error",
            404, "not_found_error",
            413, "request_too_large",
            429, "rate_limit_error",
            529, "overloaded_error");

    private boolean isChat() {
        return path.startsWith("/chat");
    }

    private boolean isMessages() {
        return path.startsWith("/messages");
    }

    String preamble() {
        if (isChat()) {
            return chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
        } else if (isMessages()) {
            return event(
                            "message_start",
                            "\"message\":{\"id\":\"msg_" + name + "\",\"type\":\"message\",\"role\":"
                                    + "\"assistant\",\"model\":\"m-" + name + "\",\"content\":[],\"stop_reason\":null,"
                                    + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}")
                    + event("ping", "");
        }
        return event("response.created", "\"sequence_number\":0,\"response\":" + response("in_progress", "null"))
                + event(
                        "response.in_progress",
                        "\"sequence_number\":1,\"response\":" + response("in_progress", "null"));
    }

    String content() {
        if (isChat()) {
            return chunk("{\"content\":\"words of " + name + "\"}", "null");
        } else if (isMessages()) {
            return event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
                    + event(
                            "content_block_delta",
                            "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"words of " + name + "\"}");
        }
        return event(
                "response.output_text.delta",
                "\"sequence_number\":2,\"item_id\":\"i\",\"output_index\":0,"
                        + "\"content_index\":0,\"delta\":\"words of " + name + "\"");
    }

    String end() {
        if (isChat()) {
            return chunk("{}", "\"stop\"") + "data: {\"id\":\"chatcmpl-" + name + "\",\"object\":"
                    + "\"chat.completion.chunk\",\"created\":1,\"model\":\"m-" + name + "\",\"choices\":[],\"usage\":"
                    + usage("prompt", "completion") + "}\n\ndata: [DONE]\n\n";
        } else if (isMessages()) {
            return event("content_block_stop", "\"index\":0")
                    + event(
                            "message_delta",
                            "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                    + "\"usage\":{\"input_tokens\":5,\"output_tokens\":7}")
                    + event("message_stop", "");
        }
        return event(
                "response.completed",
                "\"sequence_number\":3,\"response\":" + response("completed", usage("input", "output")));
    }

    /// What a stream brings.
    ///
    /// @param play as [PlayedProvider] takes it
    String events(String play) {
        var parts = play.split("=", 2);
        var kind = parts.length > 1 ? parts[1] : "";
        return switch (parts[0]) {
            case "ok" -> preamble() + content() + end();
            case "nothing-end", "nothing-cut" -> "";
            case "error-first" -> failure(kind);
            case "preamble-error" -> preamble() + failure(kind);
            case "preamble-event" -> preamble() + errorEvent(kind);
            case "preamble-end", "preamble-cut", "preamble-silent" -> preamble();
            case "preamble-half" -> preamble().substring(0, preamble().length() - 9);
            case "preamble-long" -> longPreamble() + failure(kind);
            case "refusal-first" -> preamble() + refusal();
            case "refusal-late" -> preamble() + content() + refusal();
            case "content-error" -> preamble() + content() + failure(kind);
            case "content-event" -> preamble() + content() + errorEvent(kind);
            case "content-cut" -> preamble() + content();
            default -> throw new AssertionError("no such stream: " + play);
        };
    }

    /// More than is held back of any stream.
    private String longPreamble() {
        var one = isChat()
                ? chunk("{\"role\":\"assistant\"}", "null")
                : isMessages()
                        ? event("ping", "")
                        : event(
                                "response.in_progress",
                                "\"sequence_number\":1,\"response\":" + response("in_progress", "null"));
        return preamble() + one.repeat((96 << 10) / one.length());
    }

    /// How a stream ends whose model will not say that: it is an answer like any other.
    private String refusal() {
        if (isChat()) {
            return chunk("{}", "\"content_filter\"") + "data: [DONE]\n\n";
        } else if (isMessages()) {
            return event(
                            "message_delta",
                            "\"delta\":{\"stop_reason\":\"refusal\",\"stop_sequence\":null},"
                                    + "\"usage\":{\"input_tokens\":5,\"output_tokens\":7}")
                    + event("message_stop", "");
        }
        return event(
                "response.incomplete",
                "\"sequence_number\":3,\"response\":" + filtered(response("incomplete", usage("input", "output"))));
    }

    private static String filtered(String response) {
        return response.replace(
                "\"error\":null", "\"error\":null,\"incomplete_details\":{\"reason\":\"content_filter\"}");
    }

    /// The event on which a stream dies.
    ///
    /// @param kind type or code of the error
    String failure(String kind) {
        if (isChat()) {
            return "data: {\"error\":{\"message\":\"it went wrong\",\"type\":\"" + kind
                    + "\",\"param\":null,\"code\":\"" + kind + "\"}}\n\n";
        } else if (isMessages()) {
            return event("error", "\"error\":{\"type\":\"" + kind + "\",\"message\":\"it went wrong\"}");
        }
        return event(
                "response.failed",
                "\"sequence_number\":2,\"response\":{\"id\":\"resp_" + name
                        + "\",\"object\":\"response\",\"status\":\"failed\",\"model\":\"m-" + name + "\",\"output\":[],"
                        + "\"error\":{\"code\":\"" + kind + "\",\"message\":\"it went wrong\"},\"usage\":null}");
    }

    /// Of the two events on which a response can die, the one that is no response.
    private String errorEvent(String kind) {
        return event(
                "error",
                "\"code\":\"" + kind + "\",\"message\":\"it went wrong\",\"param\":null,\"sequence_number\":2");
    }

    String whole() {
        return whole(wholeBody());
    }

    String refused() {
        return whole(refusedBody());
    }

    private static String whole(String body) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    String refusedBody() {
        return isChat() || isMessages()
                ? wholeBody()
                        .replace("\"finish_reason\":\"stop\"", "\"finish_reason\":\"content_filter\"")
                        .replace("\"stop_reason\":\"end_turn\"", "\"stop_reason\":\"refusal\"")
                : filtered(response("incomplete", usage("input", "output")));
    }

    private String wholeBody() {
        return isChat()
                ? "{\"id\":\"chatcmpl-" + name + "\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m-" + name
                        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"words of "
                        + name
                        + "\"},\"finish_reason\":\"stop\"}],\"usage\":" + usage("prompt", "completion") + "}"
                : isMessages()
                        ? "{\"id\":\"msg_" + name + "\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m-"
                                + name
                                + "\",\"content\":[{\"type\":\"text\",\"text\":\"words of " + name
                                + "\"}],\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}"
                        : response("completed", usage("input", "output"));
    }

    /// @param code goes where the family has its machine-readable word; empty: the usual one
    /// @param message empty: the usual one
    String error(int status, String code, String message) {
        return failed(status, "application/json", errorBody(status, code, message));
    }

    /// What comes from a house's front door, and not from its API.
    String page(int status) {
        return failed(status, "text/html", pageBody());
    }

    private static String failed(int status, String type, String body) {
        var wait = status == 429 || status == 529 || status == 503 ? "Retry-After: 7\r\n" : "";
        return "HTTP/1.1 " + status + " No\r\nConnection: close\r\nContent-Type: " + type + "\r\n" + wait
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    String pageBody() {
        return "<html>no, says " + name + "</html>";
    }

    String errorBody(int status, String code, String message) {
        var words = message.isEmpty() ? "no, says " + name : message;
        if (isMessages()) {
            var type = ANTHROPIC_TYPES.getOrDefault(status, "api_error");
            var details = code.isEmpty() || code.equals(type) ? "" : ",\"details\":{\"error_code\":\"" + code + "\"}";
            return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + words + "\"" + details
                    + "},\"request_id\":\"req_" + name + "\"}";
        }
        return "{\"error\":{\"message\":\"" + words + "\",\"type\":\"invalid_request_error\",\"param\":null,"
                + "\"code\":" + (code.isEmpty() ? "null" : "\"" + code + "\"") + "}}";
    }

    String stream(String events) {
        return begun(events) + "0\r\n\r\n";
    }

    /// Without the last chunk.
    String begun(String events) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                + piece(events);
    }

    /// More events of a stream that has begun.
    static String piece(String events) {
        return events.isEmpty() ? "" : Integer.toHexString(events.length()) + "\r\n" + events + "\r\n";
    }

    private String chunk(String delta, String finish) {
        return "data: {\"id\":\"chatcmpl-" + name
                + "\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m-" + name
                + "\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
    }

    private static String event(String type, String members) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (members.isEmpty() ? "" : "," + members)
                + "}\n\n";
    }

    private String response(String status, String usage) {
        return "{\"id\":\"resp_" + name + "\",\"object\":\"response\",\"created_at\":1,\"status\":\"" + status
                + "\",\"model\":\"m-" + name + "\",\"output\":[],\"error\":null,\"usage\":" + usage + "}";
    }

    private static String usage(String in, String out) {
        return "{\"" + in + "_tokens\":5,\"" + out + "_tokens\":7,\"total_tokens\":12}";
    }
}
