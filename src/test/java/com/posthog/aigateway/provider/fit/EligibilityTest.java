package com.posthog.aigateway.provider.fit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Headers;
import com.posthog.aigateway.provider.Fit;
import com.posthog.aigateway.testing.Fallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EligibilityTest {

    private static final String NEW = "claude-opus-5-5";
    private static final String OLD = "claude-sonnet-4-5";

    private static Fit messages(TargetKind kind, String model, String members, String... headers) {
        var body = "{\"model\":\"m\",\"max_tokens\":9," + members + "}";
        return new Fallback(kind, model).fit(Endpoint.MESSAGES, Headers.of(headers), body);
    }

    private static Fit openai(TargetKind kind, Endpoint endpoint, String members) {
        return new Fallback(kind, "gpt-6-sol").fit(endpoint, Headers.NONE, "{\"model\":\"m\"," + members + "}");
    }

    private static String body(Fit fit) {
        assertThat(fit).isInstanceOf(Fit.As.class);
        return new String(((Fit.As) fit).body(), UTF_8);
    }

    private static String why(Fit fit) {
        assertThat(fit).isInstanceOf(Fit.Unfit.class);
        return ((Fit.Unfit) fit).why();
    }

    @Test
    void saysWhatInvokeModelTakesFromThePathAndHeadersThere() {
        var fit = messages(
                TargetKind.BEDROCK_INVOKE,
                NEW,
                """
                "stream":true,"metadata":{"user_id":"u"},"messages":[{"role":"user","content":"hi"}]""",
                "anthropic-version",
                "2026-10-21",
                "anthropic-beta",
                "claude-code-20250219, context-1m-2025-08-07",
                "Anthropic-Beta",
                "advanced-tool-use-2025-11-20,never-heard-of-2027-01-01",
                "anthropic-user-profile-id",
                "p-1",
                "x-app",
                "cli");

        assertThat(body(fit)).isEqualTo("""
                        {"max_tokens":9,"messages":[{"role":"user","content":"hi"}],\
                        "anthropic_version":"bedrock-2023-05-31",\
                        "anthropic_beta":["context-1m-2025-08-07","tool-search-tool-2025-10-19"],\
                        "user_profile_id":"p-1"}""");
        assertThat(((Fit.As) fit).headers()).isEqualTo(Headers.of("x-app", "cli"));
        assertThat(((Fit.As) fit).stripped())
                .containsExactly("metadata", "header anthropic-beta: claude-code-20250219", "header anthropic-beta");
    }

    @Test
    void keepsTheVersionThatABodyForInvokeModelHas() {
        var fit = messages(TargetKind.BEDROCK_INVOKE, NEW, "\"anthropic_version\":\"bedrock-2023-05-31\"");

        assertThat(body(fit)).isEqualTo("{\"max_tokens\":9,\"anthropic_version\":\"bedrock-2023-05-31\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "MANTLE, claude-opus-4-7, 2026-10-21, 2026-10-21",
        "MANTLE, claude-opus-5, 2026-10-21, 2026-10-21",
        "MANTLE, claude-opus-4-6, 2026-10-21, 2023-06-01",
        "MANTLE, claude-sonnet-4-5-20250929, 2026-10-21, 2023-06-01",
        "BEDROCK_MESSAGES, claude-haiku-4-5, 2026-10-21, 2023-06-01",
        "BEDROCK_MESSAGES, claude-haiku-5-5, 2026-10-21, 2026-10-21",
        "ANTHROPIC, claude-haiku-4-5, 2026-10-21, 2026-10-21",
        "MANTLE, claude-opus-5, 2023-06-01, 2023-06-01"
    })
    void choosesTheVersionThatTheModelTakes(TargetKind kind, String model, String asked, String said) {
        var fit = messages(kind, model, "\"top_k\":1", "Anthropic-Version", asked);

        assertThat(((Fit.As) fit).headers()).isEqualTo(Headers.of("Anthropic-Version", said));
        assertThat(body(fit)).isEqualTo("{\"model\":\"named-there\",\"max_tokens\":9,\"top_k\":1}");
    }

    @Test
    void addsTheBetaThatTheModelsNameAsksFor() {
        var call = Fallback.call(Endpoint.MESSAGES, Headers.of("anthropic-version", "2023-06-01"), "{\"model\":\"m\"}");

        var there = new Fallback(TargetKind.BEDROCK_INVOKE, NEW).fit(call, "context-1m-2025-08-07");
        var mantle = new Fallback(TargetKind.MANTLE, NEW).fit(call, "context-1m-2025-08-07");

        assertThat(body(there)).contains("\"anthropic_beta\":[\"context-1m-2025-08-07\"]");
        assertThat(((Fit.As) mantle).headers().first("anthropic-beta")).contains("context-1m-2025-08-07");
    }

    @Test
    void movesEagerInputToABeta() {
        var tools = """
                "tools":[{"name":"a","eager_input_streaming":true,"input_schema":{"x":1.50}},\
                {"name":"b","eager_input_streaming":false}]""";

        assertThat(body(messages(TargetKind.BEDROCK_INVOKE, NEW, tools))).isEqualTo("""
                        {"max_tokens":9,"tools":[{"name":"a","input_schema":{"x":1.50}},{"name":"b"}],\
                        "anthropic_version":"bedrock-2023-05-31",\
                        "anthropic_beta":["fine-grained-tool-streaming-2025-05-14"]}""");
        assertThat(body(messages(TargetKind.MANTLE, NEW, tools))).contains("\"eager_input_streaming\":true");
    }

    /// The members beside `model` and `max_tokens`, as they go to InvokeModel for a model of 5.5, or of 4.5.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "new | \"speed\":\"standard\" | ",
                "new | \"service_tier\":\"auto\",\"top_p\":0.10 | \"top_p\":0.10",
                "new | \"inference_geo\":\"global\" | ",
                "new | \"fallbacks\":[{\"model\":\"x\"}] | ",
                "new | \"fallback_credit_token\":\"t\",\"diagnostics\":{\"previous_message_id\":null} | ",
                "new | \"billing_policy\":{\"type\":\"billing_policy\",\"bill_to\":\"self\"} | ",
                "new | \"workspace_id\":\"w\" | ",
                "new | \"mcp_servers\":[],\"container\":null | ",
                "new | \"thinking\":{\"type\":\"adaptive\",\"block_binding\":{\"prefix_mismatch_behavior\":\"d\"}}"
                        + " | \"thinking\":{\"type\":\"adaptive\",\"block_binding\":{\"mismatch_behavior\":\"d\"}}",
                "new | \"tools\":[{\"type\":\"bash_20241022\",\"name\":\"bash\"}]"
                        + " | \"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]",
                "new | \"tools\":[{\"type\":\"text_editor_20241022\",\"name\":\"e\"}]"
                        + " | \"tools\":[{\"type\":\"text_editor_20250124\",\"name\":\"e\"}]",
                "new | \"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]"
                        + " | \"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"}]",
                "new | \"tool_choice\":{\"type\":\"auto\",\"disable_parallel_tool_use\":false}"
                        + " | \"tool_choice\":{\"type\":\"auto\"}",
                "new | \"system\":[{\"type\":\"text\",\"text\":\"s\",\"cache_control\":{\"type\":\"ephemeral\","
                        + "\"ttl\":\"1h\",\"scope\":\"global\"}}] | \"system\":[{\"type\":\"text\",\"text\":\"s\","
                        + "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}}]",
                "new | \"output_config\":{\"effort\":\"low\"} | \"output_config\":{\"effort\":\"low\"}",
                "old | \"output_config\":{\"effort\":\"high\"} | ",
                "old | \"context_management\":{\"edits\":[{\"type\":\"clear_thinking_20251015\",\"keep\":\"all\"}]} | ",
                "new | \"context_management\":{\"edits\":[{\"type\":\"clear_thinking_20251015\",\"keep\":\"all\"}]}"
                        + " | \"context_management\":{\"edits\":[{\"type\":\"clear_thinking_20251015\",\"keep\":\"all\"}]}"
            })
    void editsABodyForInvokeModel(String age, String members, String said) {
        var fit = messages(TargetKind.BEDROCK_INVOKE, age.equals("new") ? NEW : OLD, members);

        assertThat(body(fit))
                .isEqualTo("{\"max_tokens\":9," + (said == null ? "" : said + ",")
                        + "\"anthropic_version\":\"bedrock-2023-05-31\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"speed\":\"fast\" | 'speed': there is no fast mode | fast-mode",
                "\"inference_geo\":\"us\" | 'inference_geo' | inference-geo",
                "\"mcp_servers\":[{\"name\":\"x\"}] | 'mcp_servers' | mcp",
                "\"container\":\"c-1\" | 'container' | container",
                "\"thread\":{\"id\":\"t\"} | 'thread' | state",
                "\"output_format\":{\"type\":\"json_schema\",\"schema\":{}} | 'output_format' | structured-outputs",
                "\"output_config\":{\"format\":{\"type\":\"json_schema\"}} | 'output_config.format' | structured-outputs",
                "\"output_config\":{\"task_budget\":{\"total\":1}} | 'output_config.task_budget' | task-budget",
                "\"tools\":[{\"name\":\"x\",\"strict\":true}] | 'tools(absent).strict' | structured-outputs",
                "\"tools\":[{\"type\":\"web_search_20250305\"}] | 'tools(web_search_20250305)' | server-tools",
                "\"tools\":[{\"type\":\"web_fetch_20250910\"}] | 'tools(web_fetch_20250910)' | server-tools",
                "\"tools\":[{\"type\":\"code_execution_20260120\"}] | 'tools(code_execution_20260120)' | server-tools",
                "\"tools\":[{\"type\":\"advisor_20260301\"}] | 'tools(advisor_20260301)' | server-tools",
                "\"tools\":[{\"type\":\"tool_search_tool_bm25_20251119\"}] | bm25 | server-tools",
                "\"tools\":[{\"type\":\"computer_20241022\"}] | 'tools(computer_20241022)' | computer-use",
                "\"tools\":[{\"type\":\"mcp_toolset\"}] | 'tools(mcp_toolset)' | mcp",
                "\"tools\":[{\"name\":\"x\",\"allowed_callers\":[\"code_execution_20250825\"]}] | allowed_callers"
                        + " | programmatic-tools",
                "\"tool_choice\":{\"type\":\"any\",\"disable_parallel_tool_use\":true} | disable_parallel_tool_use"
                        + " | one-tool-at-a-time",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\","
                        + "\"url\":\"http://a\"}}]}] | nothing is fetched | image;url-source",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":[{\"type\":"
                        + "\"document\",\"source\":{\"type\":\"url\",\"url\":\"http://a\"}}]}]}]"
                        + " | nothing is fetched | document;url-source",
                "\"new_member\":1 | 'body' has a member that is not known: 'new_member' | ",
                "\"service_tier\":\"new\" | 'service_tier' has a value that is not known | ",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"hologram\"}]}]"
                        + " | 'messages.content' has a type that is not known: 'hologram' | ",
                "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\",\"new\":null}]}]"
                        + " | 'messages.content(text)' has a member that is not known: 'new' | ",
                "\"top_k\":1,\"top_k\":2 | the body says a member twice | "
            })
    void leavesOutInvokeModelWhereItCannotServeTheCall(String members, String why, String features) {
        var fit = messages(TargetKind.BEDROCK_INVOKE, NEW, members);

        assertThat(why(fit)).contains(why);
        assertThat(String.join(";", fit.features().stream().sorted().toList()))
                .isEqualTo(features == null ? "" : features);
    }

    /// What holds only in the account that made it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"s\"}",
                "{\"type\":\"redacted_thinking\",\"data\":\"d\"}",
                "{\"type\":\"compaction\",\"content\":\"c\"}",
                "{\"type\":\"container_upload\",\"file_id\":\"f\"}",
                "{\"type\":\"document\",\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}",
                "{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}",
                "{\"type\":\"web_search_tool_result\",\"content\":[]}",
                "{\"type\":\"bash_code_execution_tool_result\",\"content\":{}}",
                "{\"type\":\"tool_use\",\"caller\":{\"type\":\"code_execution_20250825\",\"tool_id\":\"t\"}}",
                "{\"type\":\"text\",\"citations\":[{\"type\":\"web_search_result_location\"}]}",
                "{\"type\":\"tool_result\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"file\"}}]}"
            })
    void neverTakesAnotherAccountsStateAbroad(String block) {
        var members = "\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}," + block
                + "]}]";

        for (var kind : TargetKind.values()) {
            if (kind.family() == Family.ANTHROPIC) {
                assertThat(why(messages(kind, NEW, members))).startsWith("'messages.content(");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, BEDROCK_INVOKE", "true, MANTLE", "true, BEDROCK_MESSAGES", "false, ANTHROPIC"})
    void leavesOutBedrockForBodiesOverItsLimit(boolean over, TargetKind kind) {
        var text = "\"system\":\"" + "x".repeat(20_000_000) + "\"";

        var fit = messages(kind, NEW, text);

        assertThat(fit instanceof Fit.Unfit unfit && unfit.why().contains("20000000"))
                .isEqualTo(over);
    }

    @Test
    void keepsNumbersOrderAndTextAsTheyAreWritten() {
        var kept = """
                "z":[1.0,-0,1e400,0.10000000000000000000000001,123456789012345678901234567890,1E+2],"a":"é€😀\\u0000\\ud800"\
                """;

        var fit = messages(
                TargetKind.MANTLE,
                NEW,
                "\"temperature\":1.00,\"messages\":[{\"content\":[{\"input\":{" + kept + "},\"type\":\"tool_use\"}],"
                        + "\"role\":\"assistant\"}]");

        assertThat(body(fit))
                .isEqualTo(
                        "{\"model\":\"named-there\",\"max_tokens\":9,\"temperature\":1.00,\"messages\":[{\"content\":"
                                + "[{\"input\":{"
                                + kept.replace("😀", "\\uD83D\\uDE00").replace("\\ud800", "\\uD800")
                                + "},\"type\":\"tool_use\"}],\"role\":\"assistant\"}]}");
    }

    @Test
    void neverSendsACallersCredentialOrConnection() {
        var fit = messages(
                TargetKind.ANTHROPIC,
                NEW,
                "\"top_k\":1",
                "Authorization",
                "Bearer k",
                "x-api-key",
                "k",
                "Cookie",
                "c",
                "Connection",
                "x-hop",
                "x-hop",
                "1",
                "X-PostHog-Trace-Id",
                "t",
                "anthropic-version",
                "2023-06-01");

        assertThat(((Fit.As) fit).headers()).isEqualTo(Headers.of("anthropic-version", "2023-06-01"));
    }

    @Test
    void repeatsNothingThatCouldBeContent() {
        var secret = "sk-proj-Abc123";

        assertThat(why(messages(TargetKind.MANTLE, NEW, "\"" + secret + "\":1")))
                .doesNotContain(secret);
        assertThat(why(messages(TargetKind.MANTLE, NEW, "\"tools\":[{\"type\":\"" + secret + "\"}]")))
                .doesNotContain(secret);
        assertThat(why(messages(TargetKind.MANTLE, NEW, "\"speed\":\"" + secret + "\"")))
                .doesNotContain(secret);
        assertThat(why(messages(TargetKind.MANTLE, NEW, "\"top_k\":1", "anthropic-version", secret)))
                .doesNotContain(secret);
    }

    @Test
    void hasNoFallbackForAModelThatTheCatalogueDoesNotKnow() {
        var call = Fallback.call(Endpoint.MESSAGES, Headers.NONE, "{\"model\":\"m\"}");

        assertThat(why(new Fallback(TargetKind.MANTLE, NEW).ofUnknownModel(call)))
                .contains("catalogue");
    }

    @ParameterizedTest
    @CsvSource({
        "COMPACT, OPENAI, false",
        "STORED_RESPONSE, AZURE_V1, false",
        "RESPONSES, AZURE_DEPLOYMENT, false",
        "RESPONSES, AZURE_V1, true",
        "EMBEDDINGS, OPENAI_ON_BEDROCK, false",
        "EMBEDDINGS, AZURE_DEPLOYMENT, true",
        "COUNT_TOKENS, BEDROCK_INVOKE, false",
        "COUNT_TOKENS, MANTLE, true",
        "MESSAGES, AZURE_V1, false",
        "CHAT_COMPLETIONS, MANTLE, false",
        "CHAT_COMPLETIONS, OPENAI_ON_BEDROCK, true"
    })
    void knowsWhichEndpointsATargetHas(Endpoint endpoint, TargetKind kind, boolean has) {
        var fit = new Fallback(kind, NEW).fit(endpoint, Headers.NONE, "{\"model\":\"m\"}");

        assertThat(fit).isInstanceOf(has ? Fit.As.class : Fit.Unfit.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"service_tier\":\"flex\",\"top_p\":0.50 | \"top_p\":0.50",
                "\"service_tier\":\"scale\" | ",
                "\"service_tier\":\"fast\" | ",
                "\"service_tier\":\"ultrafast\" | ",
                "\"service_tier\":\"default\" | \"service_tier\":\"default\"",
                "\"service_tier\":\"priority\" | \"service_tier\":\"priority\"",
                "\"safety_identifier\":\"s\",\"access_programs\":{\"a\":1},\"prompt_cache_options\":{\"mode\":\"x\"} | ",
                "\"stream\":true | \"stream\":true,\"stream_options\":{\"include_usage\":true}",
                "\"stream\":true,\"stream_options\":{\"include_obfuscation\":false}"
                        + " | \"stream\":true,\"stream_options\":{\"include_usage\":true}",
                "\"stream_options\":{\"include_usage\":false},\"stream\":true"
                        + " | \"stream_options\":{\"include_usage\":true},\"stream\":true"
            })
    void editsAChatForAzure(String members, String said) {
        for (var kind : new TargetKind[] {TargetKind.AZURE_V1, TargetKind.AZURE_DEPLOYMENT}) {
            assertThat(body(openai(kind, Endpoint.CHAT_COMPLETIONS, members)))
                    .isEqualTo("{\"model\":\"named-there\"" + (said == null ? "" : "," + said) + "}");
        }
    }

    @Test
    void sendsAzureNoHeadersOfOpenAi() {
        var fit = new Fallback(TargetKind.AZURE_V1, "gpt-6-sol")
                .fit(
                        Endpoint.RESPONSES,
                        Headers.of("OpenAI-Beta", "x", "x-openai-internal-a", "true", "Idempotency-Key", "i"),
                        "{\"model\":\"m\",\"input\":\"hi\",\"client_metadata\":{\"thread\":\"t\"}}");

        assertThat(body(fit)).isEqualTo("{\"model\":\"named-there\",\"input\":\"hi\"}");
        assertThat(((Fit.As) fit).headers()).isEqualTo(Headers.of("Idempotency-Key", "i"));
        assertThat(((Fit.As) fit).stripped())
                .containsExactly("client_metadata", "header openai-beta", "header x-openai-internal-a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_1\"",
                "\"conversation\":\"conv_1\"",
                "\"conversation\":{\"id\":\"conv_1\"}",
                "\"prompt\":{\"id\":\"pmpt_1\"}",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"i\"}]",
                "\"input\":[{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"e\"}]",
                "\"input\":[{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}]",
                "\"input\":[{\"type\":\"compaction\",\"encrypted_content\":\"e\"}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]",
                "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"file_id\":\"f\"}]}]",
                "\"input\":[{\"type\":\"function_call_output\",\"output\":[{\"type\":\"input_file\",\"file_id\":\"f\"}]}]",
                "\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"v\"]}]",
                "\"tools\":[{\"type\":\"code_interpreter\",\"container\":\"cntr_1\"}]",
                "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\",\"file_ids\":[\"f\"]}}]"
            })
    void takesNoStateOfOpenAiAbroad(String members) {
        for (var kind : new TargetKind[] {TargetKind.OPENAI, TargetKind.AZURE_V1, TargetKind.OPENAI_ON_BEDROCK}) {
            assertThat(why(openai(kind, Endpoint.RESPONSES, members))).containsPattern("^'.*': .*(belong|the account)");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tools\":[{\"type\":\"web_search\"}]",
                "\"tools\":[{\"type\":\"web_search_preview_2025_03_11\"}]",
                "\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]",
                "\"tools\":[{\"type\":\"image_generation\"}]",
                "\"tools\":[{\"type\":\"mcp\",\"server_url\":\"http://a\"}]",
                "\"background\":true",
                "\"context_management\":[{\"type\":\"compaction\",\"compact_threshold\":1}]",
                "\"moderation\":{\"model\":\"m\"}",
                "\"input\":[{\"type\":\"additional_tools\",\"tools\":[]}]"
            })
    void leavesOutAzureWhereOnlyOpenAiServes(String members) {
        assertThat(openai(TargetKind.AZURE_V1, Endpoint.RESPONSES, members)).isInstanceOf(Fit.Unfit.class);
        assertThat(body(openai(TargetKind.OPENAI, Endpoint.RESPONSES, members)))
                .isEqualTo("{\"model\":\"named-there\"," + members + "}");
    }

    @ParameterizedTest
    @EnumSource
    void findsTheSameFeaturesWhateverTheValues(TargetKind kind) {
        boolean anthropic = kind.family() == Family.ANTHROPIC;
        var one = anthropic
                ? messages(kind, NEW, "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}")
                : openai(kind, Endpoint.CHAT_COMPLETIONS, "\"response_format\":{\"type\":\"a\"},\"seed\":1");
        var other = anthropic
                ? messages(kind, NEW, "\"output_config\":{\"effort\":\"max\"},\"thinking\":{\"type\":\"adaptive\"}")
                : openai(kind, Endpoint.CHAT_COMPLETIONS, "\"seed\":2,\"response_format\":{\"type\":\"b\"}");

        assertThat(one.features())
                .isEqualTo(other.features())
                .containsExactlyInAnyOrder(
                        anthropic
                                ? new String[] {"thinking", "adaptive-thinking", "effort"}
                                : new String[] {"structured-outputs"});
    }
}
