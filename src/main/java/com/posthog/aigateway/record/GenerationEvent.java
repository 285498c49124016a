package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Attempt;
import com.posthog.aigateway.call.Content;
import com.posthog.aigateway.call.Intent;
import com.posthog.aigateway.call.Intent.Serving;
import com.posthog.aigateway.call.Intent.Who;
import com.posthog.aigateway.call.Labels;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Overrun;
import com.posthog.aigateway.call.Receipt;
import com.posthog.aigateway.call.Shape;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes a receipt, and what was said, the event that PostHog takes for a generation.
public final class GenerationEvent {

    /// What every event says of us.
    ///
    /// @param library what the event says it was sent by, and in which version
    /// @param billable whether PostHog is to bill the event; null says nothing
    public record Settings(
            String library, String version, @Nullable Boolean billable) {}

    private static final String INPUT = "$ai_input";
    private static final String OUTPUT = "$ai_output_choices";
    private static final String TOOLS = "$ai_tools";
    private static final String PARAMETERS = "$ai_model_parameters";

    private static final String TRUNCATED = "[truncated: content too large for capture]";
    private static final List<String> FIRST_TO_GO = List.of(OUTPUT, INPUT, TOOLS, PARAMETERS);
    private static final int LARGEST = 8 * 1024 * 1024;

    /// Content up to this size cannot grow beyond the largest event, however it is escaped.
    private static final int SURELY_FITS = LARGEST / 16;

    private static final List<String> LISTED_PARAMETERS = List.of(
            "temperature",
            "max_tokens",
            "max_completion_tokens",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
            "n",
            "stop",
            "stream");

    static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /// A query or a password in a URL may be a key.
    private static final Pattern SECRET_OF_URL = Pattern.compile("(?<=//)[^/@]*@|/*(?:[?#].*)?$");

    private final Settings settings;

    public GenerationEvent(Settings settings) {
        this.settings = settings;
    }

    /// The whole event: the same for the same receipt and content, and no larger than PostHog takes.
    public ObjectNode of(Receipt receipt, Content content) {
        var intent = receipt.intent();
        var sheet = new Sheet(Json.object());
        fromCaller(sheet, intent.labels());
        identity(sheet, intent);
        model(sheet, receipt);
        content(sheet, intent, content);
        Figures.tokens(
                sheet, receipt.reading().usage(), intent.endpoint().shape().family());
        Figures.costs(sheet, receipt.cost());
        if (!receipt.atRisk().equals(Money.ZERO)) {
            sheet.put("aigw_at_risk_usd", receipt.atRisk());
        }
        var overrun = receipt.overruns().stream().map(Overrun::amount).reduce(Money.ZERO, Money::plus);
        if (!overrun.equals(Money.ZERO)) {
            sheet.put("aigw_overrun_usd", overrun);
        }
        outcome(sheet, receipt);
        Fit.make(sheet.properties());
        var event = Json.object()
                .put("event", name(intent.endpoint().shape()))
                .put("uuid", intent.id().toString())
                .put("distinct_id", distinctId(intent))
                .put("timestamp", MILLIS.format(receipt.endedAt()));
        event.set("properties", sheet.properties());
        return content.request().length + content.answer().length <= SURELY_FITS ? event : shrunk(event);
    }

    /// As it goes over the wire.
    public static byte[] bytes(ObjectNode event) {
        return Json.write(event);
    }

    private static String name(Shape shape) {
        return switch (shape) {
            case OPENAI_CHAT, OPENAI_RESPONSES, ANTHROPIC_MESSAGES -> "$ai_generation";
            case OPENAI_EMBEDDINGS -> "$ai_embedding";
        };
    }

    static String distinctId(Intent intent) {
        var named = person(intent);
        return named == null ? "team-" + team(intent.who()) : named;
    }

    static @Nullable String person(Intent intent) {
        var label = intent.labels().distinctId();
        return label == null ? intent.who().user() : label;
    }

    private static String team(Who who) {
        return who.posthogTeamId() == null ? who.team() : who.posthogTeamId().toString();
    }

    private static void fromCaller(Sheet sheet, Labels labels) {
        new TreeMap<>(labels.properties())
                .forEach((name, value) -> sheet.properties().set(name, Json.tree(value)));
    }

    private void identity(Sheet sheet, Intent intent) {
        var id = intent.id().toString();
        var labels = intent.labels();
        sheet.put("$lib", settings.library());
        sheet.put("$lib_version", settings.version());
        sheet.put("$ai_lib", settings.library());
        sheet.put("$ai_lib_version", settings.version());
        sheet.put("$is_server", true);
        sheet.put("$geoip_disable", true);
        sheet.put("$ai_trace_id", labels.trace() == null ? id : labels.trace());
        sheet.put("$ai_span_id", id);
        sheet.put("$ai_session_id", labels.session());
        sheet.put("team_id", intent.who().posthogTeamId());
        sheet.put("ai_product", intent.who().product());
        sheet.put("$ai_billable", settings.billable());
        if (person(intent) == null) {
            sheet.put("$process_person_profile", false);
        }
    }

    private static void model(Sheet sheet, Receipt receipt) {
        var intent = receipt.intent();
        var returned = receipt.reading().model();
        // As the wrappers send it, so that dashboards group a model's calls by the name in the caller's code.
        sheet.put("$ai_model", intent.model() == null ? returned : intent.model());
        sheet.put("aigw_model_returned", returned);
        sheet.put("$ai_completion_id", receipt.reading().id());
        sheet.put("$ai_stream", intent.stream());
        var serving = intent.serving();
        if (serving == null) {
            sheet.put("$ai_provider", intent.endpoint().shape().family().name().toLowerCase(Locale.ROOT));
            return;
        }
        sheet.put("$ai_provider", serving.provider());
        sheet.put("aigw_target", target(serving));
        var base = SECRET_OF_URL.matcher(serving.baseUrl()).replaceAll("");
        sheet.put("$ai_base_url", base);
        sheet.put("$ai_request_url", base + intent.endpoint().path());
    }

    private static String target(Serving serving) {
        return serving.model() == null ? serving.provider() : serving.provider() + "/" + serving.model();
    }

    private static void content(Sheet sheet, Intent intent, Content content) {
        var request = Json.read(content.request());
        sheet.put(TOOLS, request.path(request.has("tools") ? "tools" : "functions"));
        var parameters = Json.object();
        Json.copy(request, parameters, LISTED_PARAMETERS);
        sheet.put(PARAMETERS, parameters);
        if (intent.who().recordsContent()) {
            var spoken = Spoken.in(intent.endpoint().shape());
            sheet.put(INPUT, spoken.input(request));
            sheet.put(OUTPUT, spoken.output(content.answer()));
        } else {
            sheet.properties().putNull(INPUT).putNull(OUTPUT);
        }
    }

    private static void outcome(Sheet sheet, Receipt receipt) {
        sheet.put("$ai_latency", receipt.latency());
        sheet.put("$ai_time_to_first_token", receipt.firstToken());
        sheet.putUnlessZero("$ai_http_status", receipt.status());
        sheet.put("$ai_stop_reason", receipt.reading().stopReason());
        if (isError(receipt)) {
            sheet.put("$ai_is_error", true);
            sheet.put("$ai_error", error(receipt));
        }
        sheet.put("aigw_ending", receipt.ending().word());
        sheet.put("aigw_attempts", (long) receipt.attempts().size());
        if (receipt.attempts().stream().map(Attempt::provider).distinct().count() > 1) {
            sheet.put("aigw_failover", true);
        }
    }

    private static boolean isError(Receipt receipt) {
        return switch (receipt.ending()) {
            case FAILED, INCOMPLETE, LOST, REFUSED -> true;
            case COMPLETE -> receipt.reading().error() != null;
            case ABANDONED, CUT -> false;
        };
    }

    /// A provider's own words may repeat what was asked, so they are content.
    private static String error(Receipt receipt) {
        var words = receipt.intent().who().recordsContent() ? receipt.reading().error() : null;
        if (words != null) {
            return words;
        }
        return receipt.error() == null ? receipt.ending().word() : receipt.error();
    }

    private static ObjectNode shrunk(ObjectNode event) {
        var properties = (ObjectNode) event.path("properties");
        for (var name : FIRST_TO_GO) {
            if (Json.write(event).length <= LARGEST) {
                return event;
            }
            if (Json.isThere(properties.path(name))) {
                properties.put(name, TRUNCATED);
            }
        }
        return event;
    }
}
