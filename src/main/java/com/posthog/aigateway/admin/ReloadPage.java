package com.posthog.aigateway.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.admin.LedgerPages.Page;
import com.posthog.aigateway.admin.Reloading.Outcome;
import java.util.Optional;

/// `POST /reload`, as JSON for operators.
final class ReloadPage {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Reloading reloading;

    ReloadPage(Reloading reloading) {
        this.reloading = reloading;
    }

    /// Empty where the path is another.
    Optional<Page> answer(String method, String path) {
        if (!path.equals("/reload")) {
            return Optional.empty();
        } else if (!method.equals("POST")) {
            return Optional.of(new Page(405, "{\"error\":\"/reload takes POST\"}"));
        }
        return Optional.of(
                switch (reloading.reload()) {
                    case Outcome.Done done -> page(done);
                    case Outcome.Refused refused -> page(refused);
                });
    }

    private static Page page(Outcome.Done done) {
        var page = JSON.createObjectNode();
        page.putObject("in_force")
                .put("read_at", done.at().toString())
                .put("models", done.models())
                .put("credentials", done.credentials());
        page.set("notices", JSON.valueToTree(done.notices()));
        return new Page(200, page.toString());
    }

    private static Page page(Outcome.Refused refused) {
        var page = JSON.createObjectNode();
        page.put("error", "the files have faults; what was read before stays in force");
        page.set("faults", JSON.valueToTree(refused.faults()));
        page.putObject("in_force").put("read_at", refused.inForce().toString());
        return new Page(400, page.toString());
    }
}
