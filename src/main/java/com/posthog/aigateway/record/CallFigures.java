package com.posthog.aigateway.record;

import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.telemetry.Counter;
import com.posthog.aigateway.telemetry.Metrics;
import com.posthog.aigateway.telemetry.Timer;

/// What the receipts say, as metrics.
public final class CallFigures {

    private final Counter calls;
    private final Counter nanoDollars;
    private final Counter priceUnknown;
    private final Counter unwritten;
    private final Counter overruns;
    private final Timer latency;
    private final Timer firstToken;

    public CallFigures(Metrics metrics) {
        calls = metrics.counter("aigw_calls", "Calls that have ended", "endpoint", "provider", "ending");
        nanoDollars = metrics.counter("aigw_cost_nanodollars", "What answers cost, in 10^-9 US dollars", "provider");
        priceUnknown = metrics.counter("aigw_price_unknown", "Answers priced at the ceiling", "provider");
        overruns = metrics.counter(
                "aigw_overrun_nanodollars", "What calls cost beyond their holds, in 10^-9 US dollars", "cause");
        unwritten = metrics.counter("aigw_receipts_unwritten", "Receipts that the journal could not take");
        latency = metrics.timer("aigw_call_seconds", "From the arrival to the end of the answer", "endpoint");
        firstToken = metrics.timer("aigw_first_token_seconds", "From the arrival to the first content", "endpoint");
    }

    void unwritten() {
        unwritten.add(1);
    }

    void count(Receipt receipt) {
        var intent = receipt.intent();
        var endpoint = intent.endpoint().path();
        var serving = intent.serving();
        var provider = serving == null ? "none" : serving.provider();
        calls.add(1, endpoint, provider, receipt.ending().word());
        latency.record(receipt.latency(), endpoint);
        if (receipt.firstToken() != null) {
            firstToken.record(receipt.firstToken(), endpoint);
        }
        nanoDollars.add(receipt.cost().total().nanos(), provider);
        receipt.overruns()
                .forEach(overrun ->
                        overruns.add(overrun.amount().nanos(), overrun.cause().word()));
        if (receipt.cost().pricedAs().equals("ceiling")) {
            priceUnknown.add(1, provider);
        }
    }
}
