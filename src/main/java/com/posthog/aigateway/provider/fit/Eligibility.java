package com.posthog.aigateway.provider.fit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.catalogue.Provider;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.provider.Fitting;
import com.posthog.aigateway.provider.Splices;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Decides by the tables whether a fallback target can serve a call, and says the call in the target's own words.
/// What the tables do not know is never guessed at: then the target is not asked.
public final class Eligibility implements Fitting {

    private final Map<Family, Table> tables;
    private final Function<Provider, TargetKind> kinds;

    private Eligibility(Map<Family, Table> tables, Function<Provider, TargetKind> kinds) {
        this.tables = Map.copyOf(tables);
        this.kinds = kinds;
    }

    /// Reads the tables of the jar. BadConfiguration: one has a fault.
    public static Eligibility read(Function<Provider, TargetKind> kinds) {
        return new Eligibility(
                Map.of(
                        Family.ANTHROPIC, Table.read("fit/anthropic.yaml"),
                        Family.OPENAI, Table.read("fit/openai.yaml")),
                kinds);
    }

    @Override
    public Fit fit(Call call, Route route, Target target) {
        var kind = kinds.apply(target.provider());
        var table = tables.get(kind.family());
        var endpoint =
                table == null ? null : table.endpoints().get(call.endpoint().name());
        if (table == null || endpoint == null) {
            return unfit("the endpoint is not served by " + kind);
        }
        var model = route.model();
        if (model == null) {
            return unfit("the model is not in the catalogue");
        }
        if (!queryIsKnown(call.query(), table.query())) {
            return unfit("the query has a parameter that is not known");
        }
        var place = new Place(kind, Generation.of(model.id()), route.isHome(target));
        if (endpoint.unfit(place)) {
            return unfit("the endpoint: " + (endpoint.why() == null ? "not served by " + kind : endpoint.why()));
        }
        try {
            return said(call, route, target, table, endpoint, place);
        } catch (IOException e) {
            // Its message may repeat what stands in the body.
            return unfit("the body says a member twice, or holds text that is not Unicode");
        }
    }

    private static Fit said(Call call, Route route, Target target, Table table, Row endpoint, Place place)
            throws IOException {
        var findings = new Findings();
        var body = new BodyFit(table, place, findings)
                .body(endpoint, Tree.read(call.body().bytes()));
        var headers = new HeaderFit(table, place, findings).headers(call.headers(), route.beta(), body);
        if (body.has("model")) {
            body.put("model", target.model());
        }
        if (Splices.addsUsage(call)) {
            wishForUsage(body);
        }
        if (findings.why().isPresent()) {
            return new Fit.Unfit(findings.features(), findings.why().get());
        }
        var bytes = Tree.write(body);
        long most = table.most(place).orElse(Long.MAX_VALUE);
        return bytes.length > most
                ? new Fit.Unfit(
                        findings.features(), "the body is larger than the " + most + " bytes of " + place.kind())
                : new Fit.As(findings.features(), bytes, headers, findings.stripped());
    }

    private static void wishForUsage(ObjectNode body) {
        var options =
                body.get("stream_options") instanceof ObjectNode object ? object : body.putObject("stream_options");
        options.put("include_usage", true);
    }

    private static boolean queryIsKnown(String query, Set<String> known) {
        for (var parameter : query.split("&", -1)) {
            if (!parameter.isEmpty() && !known.contains(parameter.split("=", 2)[0])) {
                return false;
            }
        }
        return true;
    }

    private static Fit unfit(String why) {
        return new Fit.Unfit(Set.of(), why);
    }
}
