package com.posthog.aigateway.bench;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.load.Question;
import java.util.ArrayList;

/// What is asked.
///
/// @param kind the upstream's `x-bench`: json, burst, paced, idle, hold
record Workload(String name, Endpoint endpoint, String kind, int promptBytes) {

    private static final int PROMPT = 1_000;

    static final Workload JSON = of("json", Endpoint.CHAT_COMPLETIONS, "json");
    static final Workload BURST = of("burst", Endpoint.CHAT_COMPLETIONS, "burst");
    static final Workload PACED = of("paced", Endpoint.CHAT_COMPLETIONS, "paced");
    static final Workload IDLE = of("idle", Endpoint.CHAT_COMPLETIONS, "idle");
    static final Workload RESPONSES_JSON = of("responses json", Endpoint.RESPONSES, "json");
    static final Workload RESPONSES_BURST = of("responses burst", Endpoint.RESPONSES, "burst");
    static final Workload MESSAGES_JSON = of("messages json", Endpoint.MESSAGES, "json");
    static final Workload MESSAGES_BURST = of("messages burst", Endpoint.MESSAGES, "burst");
    static final Workload LONG_PROMPT = new Workload("100 KB prompt", Endpoint.CHAT_COMPLETIONS, "json", 100_000);

    private static Workload of(String name, Endpoint endpoint, String kind) {
        return new Workload(name, endpoint, kind, PROMPT);
    }

    boolean isStream() {
        return !kind.equals("json") && !kind.equals("hold");
    }

    Question question(Contestant contestant) {
        var usual = endpoint == Endpoint.MESSAGES ? "claude-haiku-4-5" : "gpt-5.4-mini";
        var model = contestant.model() == null ? usual : contestant.model() + (isStream() ? "-burst" : "");
        var fields = new ArrayList<Headers.Field>();
        fields.add(new Headers.Field("x-bench", kind));
        fields.addAll(contestant.steering(isStream()).fields());
        var wish = new Question.Wish(endpoint, model, isStream(), promptBytes, new Headers(fields));
        return Question.of(contestant.uri(), contestant.key(), wish);
    }
}
