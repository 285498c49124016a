package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// One line of the ledger: what is counted for one scope of one name.
///
/// @param id unique in its root: users, products and models of a team carry the team's name, as in `dev/ada`
public record Account(Scope scope, String id) {

    /// IllegalArgumentException: not `scope:id`, or not a scope.
    @JsonCreator
    public static Account parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("must be <scope>:<id>, such as team:dev: '" + text + "'");
        }
        return new Account(Scope.valueOf(text.substring(0, colon).toUpperCase(Locale.ROOT)), text.substring(colon + 1));
    }

    /// `scope:id`, as the journal writes it.
    @Override
    @JsonValue
    public String toString() {
        return scope.word() + ":" + id;
    }
}
