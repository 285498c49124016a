package com.posthog.aigateway.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The one table: every figure that the gateway is held to, for both profiles, and some that explain them.
final class Report {

    private static final String JSON = Rounds.CPU + Workload.JSON.name();
    private static final String BURST = Rounds.CPU + Workload.BURST.name();

    private final Samples samples;
    private final Options options;
    private final List<String> lines = new ArrayList<>();

    private Report(Samples samples, Options options) {
        this.samples = samples;
        this.options = options;
    }

    static List<String> of(Samples samples, Options options) {
        var report = new Report(samples, options);
        report.write();
        return report.lines;
    }

    private void write() {
        lines.add("| figure | profile | measured | must | aim | |");
        lines.add("|---|---|---|---|---|---|");
        if (options.onlyAdmissions()) {
            admission();
            return;
        }
        overNginx("CPU per 2 KB JSON call", JSON, Contestant.BARE, 3.2, 2.3);
        overNginx("CPU per 2 KB JSON call", JSON, Contestant.FULL, 8, 4.5);
        overNginx("CPU per burst stream of 50 events", BURST, Contestant.BARE, 2.5, 1.6);
        overNginx("CPU per burst stream of 50 events", BURST, Contestant.FULL, 4.5, 2.8);
        rate(Contestant.BARE, 0.38, 0.55);
        rate(Contestant.FULL, 0.13, 0.25);
        latency("p50", Contestant.BARE, 2, 1.5);
        latency("p99", Contestant.BARE, 3, 2);
        latency("p50", Contestant.FULL, 3, 2);
        latency("p99", Contestant.FULL, 5, 3);
        eventDelay(Contestant.BARE, 0.3, 0.15);
        eventDelay(Contestant.FULL, 0.35, 0.2);
        streams(Contestant.BARE, 750, 450);
        streams(Contestant.FULL, 1000, 600);
        peer(Contestant.PORTKEY, Contestant.BARE, 15, 25);
        peer(Contestant.PORTKEY, Contestant.FULL, 8, 14);
        peer(Contestant.LITELLM, Contestant.BARE, 200, 330);
        peer(Contestant.LITELLM, Contestant.FULL, 100, 170);
        admission();
        start();
        body(Contestant.BARE);
        body(Contestant.FULL);
        longRun();
        row("both sides over TLS", "both", "not measured: the door speaks no TLS", "-", "-", "");
        explain();
    }

    private void row(String figure, String profile, String measured, String must, String aim, String verdict) {
        lines.add("| " + String.join(" | ", figure, profile, measured, must, aim, verdict) + " |");
    }

    private void overNginx(String figure, String measure, String profile, double must, double aim) {
        var ratio = samples.over(measure, profile, Contestant.NGINX);
        var text = ratio.text() + " x nginx; " + number(measure, profile) + " us, nginx "
                + number(measure, Contestant.NGINX);
        row(figure, profile, text, must + "x", aim + "x", below(ratio.median(), must, aim));
    }

    private String number(String measure, String contestant) {
        return Spread.number(samples.of(measure, contestant).median());
    }

    private void rate(String profile, double must, double aim) {
        var measure = Rounds.RATE + Workload.JSON.name();
        var ratio = samples.over(measure, profile, Contestant.NGINX);
        var text = ratio.text() + " x nginx; " + number(measure, profile) + "/s, nginx "
                + number(measure, Contestant.NGINX);
        row("requests/s, JSON", profile, text, must + "x", aim + "x", below(-ratio.median(), -must, -aim));
    }

    private void latency(String percentile, String profile, double must, double aim) {
        var measure = percentile + " us at 30% of " + profile;
        var ratio = samples.over(measure, profile, Contestant.NGINX);
        var added = samples.added(measure, profile, Contestant.DIRECT);
        var text = ratio.text() + " x nginx; " + number(measure, profile) + " us, nginx "
                + number(measure, Contestant.NGINX) + ", direct " + number(measure, Contestant.DIRECT) + "; adds "
                + Spread.number(added.median()) + " us, nginx adds "
                + Spread.number(samples.added(measure, Contestant.NGINX, Contestant.DIRECT)
                        .median()) + "; at "
                + number("rate at 30% of " + profile, profile) + "/s";
        row(
                "latency " + percentile + " at 30 % of our knee",
                profile,
                text,
                must + "x",
                aim + "x",
                below(ratio.median(), must, aim));
    }

    private void eventDelay(String profile, double must, double aim) {
        var added = samples.added("event delay p50 us", profile, Contestant.DIRECT);
        var text = added.text() + " us; nginx adds "
                + samples.added("event delay p50 us", Contestant.NGINX, Contestant.DIRECT)
                        .text();
        row(
                "added delay per streamed event, p50",
                profile,
                text,
                must + " ms",
                aim + " ms",
                below(added.median() / 1e3, must, aim));
    }

    private void streams(String profile, double must, double aim) {
        var open = number("open streams", profile);
        var text = number("open streams: RSS MB", profile) + " MB at " + open + " streams; "
                + number("open streams: RSS MB before", profile) + " before; "
                + number("open streams: live heap MB", profile) + " MB live on the heap; nginx "
                + number("open streams: RSS MB", Contestant.NGINX);
        boolean all = samples.of("open streams", profile).median() >= 9_500;
        row(
                "RSS at 9,500 open streams",
                profile,
                text,
                must + " MB",
                aim + " MB",
                all ? below(samples.of("open streams: RSS MB", profile).median(), must, aim) : "fewer streams");
    }

    private void peer(String peer, String profile, double must, double aim) {
        var ratio = samples.over(JSON, peer, profile);
        var text = ratio.isKnown()
                ? "1/" + ratio.text() + "; " + peer + " " + number(JSON, peer) + " us"
                : options.peers() ? "not available" : "not asked for (--peers)";
        row(
                "CPU per JSON call, against " + peer,
                profile,
                text,
                "1/" + (int) must,
                "1/" + (int) aim,
                below(-ratio.median(), -must, -aim));
    }

    private void start() {
        var cached = samples.of(Start.CACHED, Contestant.FULL);
        row(
                "start to ready with an AOT cache, CPU",
                Contestant.FULL,
                cached.text() + " ms; without "
                        + samples.of(Start.COLD, Contestant.FULL).text(),
                "1.5 s",
                "0.8 s",
                below(cached.median() / 1e3, 1.5, 0.8));
    }

    private void admission() {
        var enter = samples.of(Admissions.ENTER, Admissions.THREE);
        row(
                "admission on 3 members, one caller, p50",
                Contestant.FULL,
                enter.text() + " us, p99 " + number(Admissions.ENTER_P99, Admissions.THREE)
                        + "; where the member itself holds the entry " + number(Admissions.HERE, Admissions.THREE)
                        + ", where another does " + number(Admissions.THERE, Admissions.THREE) + "; settle p50 "
                        + number(Admissions.SETTLE, Admissions.THREE) + "; one member alone "
                        + number(Admissions.ENTER, Admissions.ONE) + ", p99 "
                        + number(Admissions.ENTER_P99, Admissions.ONE) + ", settle "
                        + number(Admissions.SETTLE, Admissions.ONE),
                "1 ms",
                "0.4 ms",
                below(enter.median() / 1e3, 1, 0.4));
    }

    private void body(String profile) {
        var heap = samples.of("32 MB body: heap over body", profile);
        row(
                "32 MB request body",
                profile,
                Spread.number(heap.median()) + " x body on the heap; "
                        + number("32 MB body: heap left after, MB", profile) + " MB left after; RSS peak +"
                        + number("32 MB body: RSS peak over before, MB", profile) + " MB",
                "1.2x",
                "-",
                below(heap.median(), 1.2, 1.2));
    }

    private void longRun() {
        var growth = samples.of(LongRun.GROWTH, Contestant.FULL);
        row(
                "1 M calls, 10 % aborts: live heap at the end, against 200 k",
                Contestant.FULL,
                growth.isKnown() ? Spread.number(growth.median()) + "x" : "not asked for (--long)",
                "1.05x",
                "-",
                below(growth.median(), 1.05, 1.05));
    }

    private void explain() {
        lines.add("");
        lines.add("What explains them; ratios to nginx of the same round, median (least-most):");
        lines.add("");
        lines.add("| measure | direct | nginx | HAProxy | bare | full |");
        lines.add("|---|---|---|---|---|---|");
        for (var workload : List.of(
                Workload.JSON,
                Workload.BURST,
                Workload.RESPONSES_JSON,
                Workload.RESPONSES_BURST,
                Workload.MESSAGES_JSON,
                Workload.MESSAGES_BURST,
                Workload.LONG_PROMPT)) {
            compare(Rounds.CPU + workload.name(), Contestant.NGINX);
            compare(Rounds.RATE + workload.name(), Contestant.NGINX);
        }
        compare("first byte p50 us", null);
        compare("event delay p50 us", null);
        compare("event delay p99 us", null);
        compare(Profile.PINNED, null);
    }

    private void compare(String measure, @Nullable String reference) {
        var cells = new ArrayList<String>();
        for (var name :
                List.of(Contestant.DIRECT, Contestant.NGINX, Contestant.HAPROXY, Contestant.BARE, Contestant.FULL)) {
            var own = samples.of(measure, name);
            var ratio = reference == null ? null : samples.over(measure, name, reference);
            cells.add(
                    !own.isKnown()
                            ? "-"
                            : Spread.number(own.median())
                                    + (ratio == null || !ratio.isKnown() ? "" : "; " + ratio.text() + "x"));
        }
        if (cells.stream().anyMatch(cell -> !cell.equals("-"))) {
            lines.add("| " + measure + " | " + String.join(" | ", cells) + " |");
        }
    }

    private static String below(double value, double must, double aim) {
        if (Double.isNaN(value)) {
            return "";
        }
        return value <= aim ? "aim" : value <= must ? "must" : "**missed**";
    }
}
