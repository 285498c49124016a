package com.posthog.aigateway.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The `callers.yaml` of a proof: a team, a credential and a budget for each.
final class CallersFile {

    /// @param budgets and `limits` as rows of YAML
    record Entry(Team team, List<String> budgets, List<String> limits) {
        Entry {
            budgets = List.copyOf(budgets);
            limits = List.copyOf(limits);
        }
    }

    private CallersFile() {}

    /// With one budget, the team's own.
    static Entry of(Team team) {
        return new Entry(
                team, List.of(budget("team", team.window(), team.limit().toString(), team.kind())), List.of());
    }

    static String budget(String scope, String window, String usd, Team.Kind kind) {
        return "{ scope: " + scope + ", window: " + window + ", usd: " + usd + ", mode: enforce, guarantee: "
                + (kind.strict() ? "strict" : "breathing, at_limit: cut") + " }";
    }

    static Path write(Path file, List<Entry> entries) throws IOException {
        var text = new StringBuilder("organisations: []\nteams:\n");
        for (var entry : entries) {
            text.append("  - id: ").append(entry.team().id()).append("\n    products: [proof]\n");
            rows("budgets", entry.budgets(), text);
            rows("limits", entry.limits(), text);
        }
        text.append("credentials:\n");
        for (var entry : entries) {
            text.append("  - { id: ")
                    .append(entry.team().id())
                    .append("-key, team: ")
                    .append(entry.team().id())
                    .append(", products: [proof], may_name: [user], models: [\"*\"], sha256: ")
                    .append(Town.sha256(entry.team().key()))
                    .append(" }\n");
        }
        return Files.writeString(file, text);
    }

    private static void rows(String name, List<String> rows, StringBuilder text) {
        if (!rows.isEmpty()) {
            text.append("    ").append(name).append(":\n");
            rows.forEach(row -> text.append("      - ").append(row).append('\n'));
        }
    }
}
