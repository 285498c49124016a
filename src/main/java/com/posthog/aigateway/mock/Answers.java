package com.posthog.aigateway.mock;

import io.helidon.http.HeaderValues;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Decides which answer a request gets, as a provider would: refusals first, then what was asked for.
final class Answers {
    private final ChatAnswers chat;
    private final ResponsesAnswers responses;
    private final MessagesAnswers messages;
    private final StoredAnswers stored;
    private final SmallAnswers small;
    private final NativeErrors errors;
    private final @Nullable Fixtures fixtures;

    Answers(Serial serial, NativeErrors errors, @Nullable Path fixtures) {
        var kept = new Stored();
        this.chat = new ChatAnswers(serial, kept);
        this.responses = new ResponsesAnswers(serial, kept);
        this.messages = new MessagesAnswers(serial);
        this.stored = new StoredAnswers(serial, errors, kept);
        this.small = new SmallAnswers(serial, errors);
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
        if (asked.model().isEmpty() && needsModel(asked.shape())) {
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
            case CHAT -> chat.answer(asked, Content.of(asked, directives), directives.extras());
            case RESPONSES -> responses.answer(asked, Content.of(asked, directives), directives.extras());
            case MESSAGES -> messages.answer(asked, Content.of(asked, directives), directives.extras());
            case COUNT_TOKENS -> messages.count(asked);
            case EMBEDDINGS -> small.embeddings(asked);
            case MODELS -> small.models(asked.family());
            case MODEL -> small.model(asked);
            case STORED_CHAT, CHANGED_CHAT, DELETED_CHAT, CHAT_MESSAGES -> stored.chat(asked);
            case STORED_RESPONSE, DELETED_RESPONSE, CANCELLED_RESPONSE, INPUT_ITEMS -> stored.response(asked);
            case COMPACT -> stored.compact(asked);
            case INPUT_TOKENS -> stored.countInput(asked);
        };
    }

    private static boolean needsModel(Resource shape) {
        return switch (shape) {
            case CHAT, MESSAGES, COUNT_TOKENS, EMBEDDINGS, COMPACT -> true;
            default -> false;
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
