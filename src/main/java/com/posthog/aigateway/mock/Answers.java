package com.posthog.aigateway.mock;

import io.helidon.http.HeaderValues;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Decides which answer a request gets, as a provider would: refusals first, then what was asked for.
final class Answers {
    private final ChatAnswers chat;
    private final ResponsesAnswers responses;
    private final MessagesAnswers messages;
    private final SmallAnswers small;
    private final NativeErrors errors;
    private final @Nullable Fixtures fixtures;

    Answers(Serial serial, NativeErrors errors, @Nullable Path fixtures) {
        this.chat = new ChatAnswers(serial);
        this.responses = new ResponsesAnswers(serial);
        this.messages = new MessagesAnswers(serial);
        this.small = new SmallAnswers(serial);
        this.errors = errors;
        this.fixtures = fixtures == null ? null : new Fixtures(fixtures);
    }

    Answer to(Asked asked, Directives directives) {
        if (directives.failsAtOnce(asked.stream())) {
            var error = errors.ofStatus(asked.family(), directives.status());
            return directives.retryAfter().isEmpty()
                    ? error
                    : error.with(HeaderValues.create("retry-after", directives.retryAfter()));
        }
        if (!directives.fixture().isEmpty()) {
            return replay(asked, directives.fixture());
        }
        if (asked.shape() == Resource.MODELS) {
            return small.models(asked.family());
        }
        boolean mayOmitModel = asked.shape() == Resource.RESPONSES;
        if (asked.model().isEmpty() && !mayOmitModel) {
            return errors.missing(asked.family(), "model");
        }
        if (!asked.model().isEmpty() && !asked.knowsModel()) {
            return errors.unknownModel(asked.shape(), asked.family(), asked.model());
        }
        if (asked.shape() == Resource.MESSAGES
                && !asked.body().path("max_tokens").isInt()) {
            return errors.missing(asked.family(), "max_tokens");
        }
        return answer(asked, directives);
    }

    private Answer answer(Asked asked, Directives directives) {
        return switch (asked.shape()) {
            case CHAT -> chat.answer(asked, Content.of(asked, directives));
            case RESPONSES -> responses.answer(asked, Content.of(asked, directives));
            case MESSAGES -> messages.answer(asked, Content.of(asked, directives));
            case COUNT_TOKENS -> messages.count(asked);
            case EMBEDDINGS -> small.embeddings(asked);
            case MODELS -> small.models(asked.family());
            case RECORDED -> errors.badRequest(asked.family(), "only a recorded answer can be had at this path");
        };
    }

    private Answer replay(Asked asked, String name) {
        if (fixtures == null) {
            return errors.badRequest(asked.family(), "directive 'fixture' needs a fixtures directory: " + name);
        }
        return fixtures.find(name, asked.shape())
                .orElseGet(() -> errors.badRequest(asked.family(), "there is no fixture '" + name + "'"));
    }
}
