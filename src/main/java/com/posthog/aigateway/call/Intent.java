package com.posthog.aigateway.call;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is known of a call before a provider is asked: enough to tell of it if this process ends first.
///
/// @param model as the caller named it; null where none was named
/// @param held what is set aside for it, root by root
/// @param bodyBytes of its request, decoded: by them its input was estimated; null where it was not read, or not noted
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Intent(
        UUID id,
        Instant at,
        Endpoint endpoint,
        boolean stream,
        Who who,
        Labels labels,
        @Nullable String model,
        @Nullable Serving serving,
        List<Held> held,
        @Nullable Long bodyBytes) {

    public Intent {
        held = held == null ? List.of() : List.copyOf(held);
    }

    /// A call for which nothing is held, and whose body was not read.
    public Intent(
            UUID id,
            Instant at,
            Endpoint endpoint,
            boolean stream,
            Who who,
            Labels labels,
            @Nullable String model,
            @Nullable Serving serving) {
        this(id, at, endpoint, stream, who, labels, model, serving, List.of(), null);
    }

    /// Who pays and whose the event is; a part of [Caller] that is worth keeping.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Who(
            String credential,
            String team,
            @Nullable Long posthogTeamId,
            @Nullable String user,
            String product,
            @Nullable String projectToken,
            boolean recordsContent) {}

    /// Where the call is sent.
    ///
    /// @param model as it is named to the provider
    /// @param estimate of the cost if no usage is ever reported
    public record Serving(
            String provider, String baseUrl, @Nullable String model, Cost estimate) {}
}
