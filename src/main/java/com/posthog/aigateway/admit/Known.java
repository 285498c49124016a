package com.posthog.aigateway.admit;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.catalogue.Model;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is known of the requests of one endpoint, for the bound of their cost.
///
/// @param plain members that cost nothing but their own text
/// @param content members that hold what is said
/// @param words members that choose among prices
/// @param costly members that are looked into
/// @param limits members that limit the output; the first also where the model reasons
/// @param texts types of content that are text, whole in the request
/// @param parts members inside of content that are text, or hold it
/// @param opaque members inside of content whose JSON is read as text, whatever it says
/// @param describedTools types of tools that the request describes, and the caller runs; empty for none named
/// @param clientTools types of tools that the caller runs, and the provider describes
record Known(
        Set<String> plain,
        Set<String> content,
        Set<String> words,
        Set<String> costly,
        List<String> limits,
        Set<String> texts,
        Set<String> parts,
        Set<String> opaque,
        Set<String> describedTools,
        Pattern clientTools,
        boolean toolsInContent) {

    private static final Pattern NONE = Pattern.compile("(?!)");

    /// `context` chooses among the reasoning that stands in the input.
    static final Set<String> REASONING = Set.of("effort", "summary", "generate_summary", "context");

    private static final Set<String> OPENAI = Set.of(
            "model",
            "stream",
            "stream_options",
            "temperature",
            "top_p",
            "top_logprobs",
            "tool_choice",
            "parallel_tool_calls",
            "store",
            "metadata",
            "user",
            "safety_identifier",
            "prompt_cache_key",
            "prompt_cache_retention",
            "prompt_cache_options");

    private static final Known CHAT = new Known(
            with(
                    OPENAI,
                    "frequency_penalty",
                    "presence_penalty",
                    "logit_bias",
                    "logprobs",
                    "stop",
                    "seed",
                    "functions",
                    "function_call",
                    "response_format",
                    "reasoning_effort",
                    "verbosity",
                    "audio",
                    "max_tokens"),
            Set.of("messages"),
            Set.of("service_tier"),
            Set.of("n", "tools", "modalities", "web_search_options", "prediction"),
            List.of("max_completion_tokens", "max_tokens"),
            Set.of("text", "refusal", "function", "custom"),
            Set.of(
                    "role",
                    "content",
                    "name",
                    "text",
                    "refusal",
                    "tool_calls",
                    "tool_call_id",
                    "function_call",
                    "function",
                    "custom",
                    "arguments",
                    "input",
                    "id"),
            Set.of("annotations"),
            Set.of("function", "custom"),
            NONE,
            false);

    private static final Known RESPONSES = new Known(
            with(OPENAI, "max_tool_calls", "text", "include", "truncation", "client_metadata"),
            Set.of("input", "instructions"),
            Set.of("service_tier"),
            Set.of(
                    "tools",
                    "reasoning",
                    "context_management",
                    "previous_response_id",
                    "conversation",
                    "background",
                    "prompt"),
            List.of("max_output_tokens"),
            Set.of(
                    "message",
                    "input_text",
                    "output_text",
                    "refusal",
                    "function_call",
                    "function_call_output",
                    "custom_tool_call",
                    "custom_tool_call_output",
                    "additional_tools"),
            Set.of(
                    "role",
                    "content",
                    "text",
                    "refusal",
                    "id",
                    "status",
                    "phase",
                    "name",
                    "namespace",
                    "call_id",
                    "arguments",
                    "output",
                    "input"),
            Set.of("annotations", "logprobs"),
            Set.of("function", "custom", "namespace"),
            Pattern.compile("local_shell|apply_patch|computer|computer_use_preview"),
            true);

    /// It has no limit of its output.
    private static final Known COMPACT = new Known(
            with(RESPONSES.plain, "max_output_tokens"),
            RESPONSES.content,
            RESPONSES.words,
            RESPONSES.costly,
            List.of(),
            RESPONSES.texts,
            RESPONSES.parts,
            RESPONSES.opaque,
            RESPONSES.describedTools,
            RESPONSES.clientTools,
            true);

    private static final Known EMBEDDINGS = new Known(
            Set.of("model", "dimensions", "encoding_format", "user"),
            Set.of("input"),
            Set.of(),
            Set.of(),
            List.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            NONE,
            false);

    private static final Known MESSAGES = new Known(
            Set.of(
                    "model",
                    "stream",
                    "metadata",
                    "stop_sequences",
                    "temperature",
                    "top_p",
                    "top_k",
                    "tool_choice",
                    "thinking",
                    "output_config",
                    "output_format",
                    "cache_control"),
            Set.of("messages", "system"),
            Set.of("service_tier", "speed", "inference_geo"),
            Set.of("tools", "context_management", "mcp_servers", "container", "fallbacks"),
            List.of("max_tokens"),
            Set.of("text", "tool_use", "tool_result"),
            Set.of("role", "content", "text", "id", "name", "tool_use_id", "is_error"),
            Set.of("input", "cache_control", "citations", "caller"),
            Set.of("custom"),
            Pattern.compile("(bash|text_editor|memory|computer)_\\d{8}"),
            false);

    static Known of(Endpoint endpoint) {
        return switch (endpoint) {
            case CHAT_COMPLETIONS -> CHAT;
            case RESPONSES -> RESPONSES;
            case COMPACT -> COMPACT;
            case EMBEDDINGS -> EMBEDDINGS;
            case MESSAGES -> MESSAGES;
            case STORED_CHAT,
                    CHANGED_CHAT,
                    DELETED_CHAT,
                    CHAT_MESSAGES,
                    INPUT_TOKENS,
                    STORED_RESPONSE,
                    DELETED_RESPONSE,
                    CANCELLED_RESPONSE,
                    INPUT_ITEMS,
                    COUNT_TOKENS -> throw new IllegalArgumentException(endpoint + " is not billed, and has no bound");
        };
    }

    /// Models that reason do not know the older of the two limits of a chat.
    List<String> limits(Model model) {
        return model.reasons() && limits.size() > 1 ? limits.subList(0, 1) : limits;
    }

    boolean isClients(String type) {
        return clientTools.matcher(type).matches();
    }

    private static Set<String> with(Set<String> members, String... more) {
        return Stream.concat(members.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }
}
