package com.posthog.aigateway.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.posthog.aigateway.admit.Operators;
import com.posthog.aigateway.call.Account;
import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Window;
import com.posthog.aigateway.cluster.Unreachable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// Budgets, limits and switches, as JSON for operators: what the paths under `/ledger` mean.
final class LedgerPages {

    /// An answer.
    ///
    /// @param json the whole body
    record Page(int status, String json) {}

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> LIMITS = List.of("requests_per_minute", "tokens_per_minute", "concurrent");
    private static final String HELP =
            "GET /ledger/entries/<root>, GET /ledger/changes, POST /ledger/switches {what, off, reason},"
                    + " POST /ledger/budgets {account, window, usd}, POST /ledger/limits {account, kind, limit},"
                    + " POST /ledger/refills {account, window, usd}, POST /ledger/epochs/<id>/close,"
                    + " POST /ledger/journals/<id>/forget";

    private final Operators operators;

    LedgerPages(Operators operators) {
        this.operators = operators;
    }

    /// Empty where the path is none of these.
    Optional<Page> answer(String method, String path, byte[] body, String who) {
        if (!path.startsWith("/ledger/")) {
            return Optional.empty();
        }
        try {
            return Optional.of(page(method, path.substring("/ledger/".length()), body, who));
        } catch (IllegalArgumentException wrong) {
            return Optional.of(fault(400, String.valueOf(wrong.getMessage())));
        } catch (Unreachable none) {
            return Optional.of(fault(503, "the ledger cannot be asked now; ask again"));
        }
    }

    private Page page(String method, String path, byte[] body, String who) {
        var parts = path.split("/", -1);
        var asked = method + " " + parts[0] + (parts.length > 2 ? "/" + parts[2] : "");
        return switch (asked) {
            case "GET entries" -> new Page(200, operators.ledger(path.substring("entries/".length())));
            case "GET changes" -> changes();
            case "POST switches" -> flip(read(body), who);
            case "POST budgets" -> budget(read(body), who);
            case "POST limits" -> limit(read(body), who);
            case "POST refills" -> refill(read(body), who);
            case "POST epochs/close" -> {
                operators.close(number(parts[1]));
                yield new Page(200, "{\"closed\":\"" + parts[1] + "\"}");
            }
            case "POST journals/forget" -> {
                var epochs = operators.forget(number(parts[1])).stream()
                        .map(Long::toHexString)
                        .toList();
                var page = JSON.createObjectNode().put("forgotten", parts[1]);
                page.set("closed_epochs", JSON.valueToTree(epochs));
                yield new Page(200, page.toString());
            }
            default -> fault(404, "nothing is served here; served are " + HELP);
        };
    }

    private static long number(String hex) {
        return Long.parseUnsignedLong(hex, 16);
    }

    private Page changes() {
        var page = JSON.createArrayNode();
        for (Fact fact : operators.changes()) {
            page.addObject()
                    .put("name", fact.name())
                    .put("value", fact.value())
                    .put("who", fact.who())
                    .put("at", fact.at().toString());
        }
        return new Page(200, page.toString());
    }

    private Page flip(JsonNode asked, String who) {
        var what = text(asked, "what");
        boolean off = asked.path("off").asBoolean(true);
        return inForce(
                off
                        ? operators.switchOff(what, asked.path("reason").asText("no reason given"), who)
                        : operators.switchOn(what, who));
    }

    private Page budget(JsonNode asked, String who) {
        var usd = asked.path("usd");
        var limit = usd.isNull() || usd.isMissingNode() ? null : money(usd);
        return inForce(operators.budget(account(asked), Window.parse(text(asked, "window")), limit, who));
    }

    private Page limit(JsonNode asked, String who) {
        var kind = text(asked, "kind");
        if (!LIMITS.contains(kind)) {
            throw new IllegalArgumentException("'kind' must be one of " + LIMITS + ": '" + kind + "'");
        }
        var limit = asked.path("limit");
        if (!limit.isNull() && !limit.isMissingNode() && !(limit.isIntegralNumber() && limit.asLong() >= 0)) {
            throw new IllegalArgumentException("'limit' must be a whole number, 0 or more, or null");
        }
        return inForce(operators.limit(
                account(asked), kind, limit.isIntegralNumber() ? Long.valueOf(limit.asLong()) : null, who));
    }

    private Page refill(JsonNode asked, String who) {
        return inForce(
                operators.refill(account(asked), Window.parse(text(asked, "window")), money(asked.path("usd")), who));
    }

    private static Account account(JsonNode asked) {
        return Account.parse(text(asked, "account"));
    }

    private static Money money(JsonNode usd) {
        try {
            var amount = new BigDecimal(usd.asText());
            if (amount.signum() < 0 || amount.stripTrailingZeros().scale() > 9) {
                throw new NumberFormatException("below zero, or more than nine decimals");
            }
            return Money.ofUsd(amount);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'usd' must be a decimal number of dollars with at most nine digits behind the point", e);
        }
    }

    private static String text(JsonNode asked, String name) {
        var text = asked.path(name).asText("");
        if (text.isBlank()) {
            throw new IllegalArgumentException("'" + name + "' is missing");
        }
        return text;
    }

    private static JsonNode read(byte[] body) {
        try {
            var asked = JSON.readTree(body);
            if (asked == null || !asked.isObject()) {
                throw new IllegalArgumentException("the body must be a JSON object");
            }
            return asked;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is not JSON", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body cannot be read", e);
        }
    }

    private static Page inForce(int members) {
        return new Page(200, "{\"in_force_on\":" + members + "}");
    }

    private static Page fault(int status, String what) {
        return new Page(status, JSON.createObjectNode().put("error", what).toString());
    }
}
