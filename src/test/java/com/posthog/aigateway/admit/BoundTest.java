package com.posthog.aigateway.admit;

import static com.posthog.aigateway.admit.Requests.call;
import static com.posthog.aigateway.admit.Requests.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Call;
import com.posthog.aigateway.call.Endpoint;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.catalogue.Catalogue;
import com.posthog.aigateway.catalogue.Route;
import com.posthog.aigateway.catalogue.Target;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundTest {

    /// A token of input is 1,000 nano-dollars, one of output a whole dollar: so amounts tell tokens.
    private static final Catalogue FLAT = Requests.catalogue("""
            providers:
              openai: { family: openai, url: "http://127.0.0.1:1", key: k }
              anthropic: { family: anthropic, url: "http://127.0.0.1:2", key: k }
            models:
              - id: plain
                status: active
                shapes: [openai-chat, openai-responses]
                limits: { context: 100000, output: 5000 }
                prices: [ { from: 2026-01-01, input: 1, output: 1000000, cache_write_5m: 1, cache_write_1h: 1 } ]
                targets: [ { provider: openai, model: plain } ]
              - id: thinker
                status: active
                shapes: [openai-chat]
                reasons: true
                limits: { context: 100000, output: 5000 }
                prices: [ { from: 2026-01-01, input: 1, output: 1000000, cache_write_5m: 1, cache_write_1h: 1 } ]
                targets: [ { provider: openai, model: thinker } ]
              - id: vector
                status: active
                shapes: [openai-embeddings]
                limits: { context: 8000 }
                prices: [ { from: 2026-01-01, input: 1, output: 0, cache_write_5m: 1, cache_write_1h: 1 } ]
                targets: [ { provider: openai, model: vector } ]
              - id: poet
                status: active
                shapes: [anthropic-messages]
                limits: { context: 100000, output: 5000 }
                prices: [ { from: 2026-01-01, input: 1, output: 1000000, cache_write_5m: 1, cache_write_1h: 1 } ]
                targets: [ { provider: anthropic, model: poet } ]
              - id: tomorrow
                status: active
                shapes: [anthropic-messages]
                limits: { context: 100000, output: 5000 }
                prices: [ { from: 2026-12-01, input: 1, output: 1 } ]
                targets: [ { provider: anthropic, model: tomorrow } ]
            """);

    private static final long DOLLAR = 1_000_000_000;
    private static final int ROUNDED_UP = 3;

    private static Bound bound(Call call) {
        var model = switch (call.endpoint().shape()) {
            case ANTHROPIC_MESSAGES -> "poet";
            case OPENAI_EMBEDDINGS -> "vector";
            default -> "plain";
        };
        return Bound.of(call, route(FLAT, model), FLAT);
    }

    private static long nanos(Bound bound) {
        assertThat(bound).isInstanceOf(Bound.Worst.class);
        return ((Bound.Worst) bound).cost().nanos() - ROUNDED_UP;
    }

    private static long input(Call call) {
        // The whole of what is not output: an output of zero is asked for by every body here.
        return nanos(bound(call)) / 1_000;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT_COMPLETIONS | {"n":1}                                                     | 5000
            CHAT_COMPLETIONS | {"max_tokens":10}                                           | 10
            CHAT_COMPLETIONS | {"max_completion_tokens":10}                                | 10
            CHAT_COMPLETIONS | {"max_completion_tokens":10,"max_tokens":20}                | 20
            CHAT_COMPLETIONS | {"max_tokens":10,"max_tokens":20}                           | 20
            CHAT_COMPLETIONS | {"max_tokens":20,"max_tokens":10}                           | 20
            CHAT_COMPLETIONS | {"max_tok\\u0065ns":20,"max_tokens":10}                     | 20
            CHAT_COMPLETIONS | {"max_tokens":10,"max_tokens":null}                         | 5000
            CHAT_COMPLETIONS | {"max_tokens":null,"max_tokens":10}                         | 5000
            CHAT_COMPLETIONS | {"max_tokens":"10"}                                         | 5000
            CHAT_COMPLETIONS | {"max_tokens":1e1}                                          | 5000
            CHAT_COMPLETIONS | {"max_tokens":-1}                                           | 5000
            CHAT_COMPLETIONS | {"max_tokens":99999999999999999999999}                      | 5000
            CHAT_COMPLETIONS | {"max_tokens":9000}                                         | 5000
            CHAT_COMPLETIONS | {"max_tokens":10,"n":3}                                     | 30
            CHAT_COMPLETIONS | {"n":2,"max_tokens":10,"n":4}                               | 40
            CHAT_COMPLETIONS | {"n":4,"max_tokens":10,"n":2}                               | 40
            CHAT_COMPLETIONS | {"n":4,"max_tokens":10,"n":null}                            | 40
            CHAT_COMPLETIONS | {"n":128}                                                   | 640000
            RESPONSES        | {"max_output_tokens":16}                                    | 16
            RESPONSES        | {"max_output_tokens":null}                                  | 5000
            COMPACT          | {"max_output_tokens":16}                                    | 5000
            MESSAGES         | {"max_tokens":16}                                           | 16
            MESSAGES         | {"stream":true}                                             | 5000
            EMBEDDINGS       | {"input":"a"}                                               | 0
            """)
    void boundsTheOutput(Endpoint endpoint, String body, long tokens) {
        assertThat(nanos(bound(call(endpoint, body))) / DOLLAR).isEqualTo(tokens);
    }

    @Test
    void doesNotTrustTheOlderLimitWhereTheModelReasons() {
        var route = route(FLAT, "thinker");

        var older = Bound.of(call(Endpoint.CHAT_COMPLETIONS, "{\"max_tokens\":10}"), route, FLAT);
        var newer = Bound.of(call(Endpoint.CHAT_COMPLETIONS, "{\"max_completion_tokens\":10}"), route, FLAT);

        assertThat(nanos(older) / DOLLAR).isEqualTo(5000);
        assertThat(nanos(newer) / DOLLAR).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"output-300k-2026-03-24,100000,100000", "context-1m-2025-08-07,5000,1000000"})
    void reachesFurtherWithABeta(String beta, long output, long input) {
        var body = "{\"system\":[{\"type\":\"image\"}]}";

        var bound = bound(call(Endpoint.MESSAGES, body, "anthropic-beta", "other," + beta));

        assertThat(nanos(bound)).isEqualTo(output * DOLLAR + input * 1_000);
    }

    static final String ZERO_CHAT = "{\"max_tokens\":0,";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'messages':[{'role':'user','content':'hi','name':null}]",
                "'messages':[{'role':'user','content':[{'type':'text','text':'hi'}]}]",
                "'messages':[{'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function','function':{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'1','content':'x'}]",
                "'messages':[],'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'image_url','tools':[1]}}}]",
                "'messages':[],'functions':[],'response_format':{'type':'json_schema'},'user':'me','service_tier':'auto'",
                "'messages':[],'web_search_options':null,'prediction':null,'modalities':['text'],'unheard_of':null",
            })
    void countsTextOfAChatByItsBytes(String members) {
        assertText(Endpoint.CHAT_COMPLETIONS, ZERO_CHAT + members.replace('\'', '"') + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'input':'hi','instructions':'be kind','background':false,'reasoning':{'effort':'high','summary':'auto'}",
                "'input':[{'role':'user','content':[{'type':'input_text','text':'hi'}]},{'type':'function_call','id':'fc','call_id':'c','name':'f','arguments':'{}'},{'type':'function_call_output','call_id':'c','output':'x'}]",
                "'input':[{'type':'message','role':'assistant','id':'msg','content':[{'type':'output_text','text':'a','annotations':[{'type':'file_citation'}],'logprobs':[]}]}]",
                "'input':[{'type':'additional_tools','tools':[{'type':'function','name':'f'}]}],'client_metadata':{'a':1}",
                "'tools':[{'type':'function','name':'f'},{'type':'custom','name':'g'},{'type':'namespace','name':'n','tools':[{'type':'function','name':'h'}]}]",
                "'text':{'format':{'type':'text'}},'include':['reasoning.encrypted_content'],'previous_response_id':null",
            })
    void countsTextOfAResponseByItsBytes(String members) {
        assertText(Endpoint.RESPONSES, "{\"max_output_tokens\":0," + members.replace('\'', '"') + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'system':'be kind','messages':[{'role':'user','content':'hi'}]",
                "'system':[{'type':'text','text':'x','cache_control':{'type':'ephemeral','ttl':'1h'}}]",
                "'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'f','input':{'type':'image'},'caller':{'type':'direct'}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','is_error':false,'content':[{'type':'text','text':'x'}]}]}]",
                "'tools':[{'name':'f','input_schema':{'type':'object'}},{'type':'custom','name':'g'},{'type':null,'name':'h'}],'mcp_servers':[],'container':null",
                "'thinking':{'type':'enabled','budget_tokens':9},'output_config':{'effort':'high'},'metadata':{'user_id':'u'}",
                "'context_management':{'edits':[{'type':'clear_thinking_20251015','keep':{'type':'x'}},{'type':'clear_tool_uses_20250919'}]}",
            })
    void countsTextOfAMessageByItsBytes(String members) {
        assertText(Endpoint.MESSAGES, "{\"max_tokens\":0," + members.replace('\'', '"') + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"input\":\"a\"}", "{\"input\":[\"a\",\"b\"]}", "{\"input\":[[1,2],[3]],\"dimensions\":9}"})
    void countsWhatIsEmbeddedByItsBytes(String body) {
        assertText(Endpoint.EMBEDDINGS, body);
    }

    private static void assertText(Endpoint endpoint, String body) {
        assertThat(input(call(endpoint, body))).isEqualTo(body.length() + 2_000);
    }

    @Test
    void countsManyEmbeddingsBeyondOneContext() {
        assertText(Endpoint.EMBEDDINGS, "{\"input\":[\"" + "word ".repeat(10_000) + "\"]}");
    }

    @Test
    void countsNoMoreTextThanTheContextHolds() {
        var body = ZERO_CHAT + "\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(200_000) + "\"}]}";

        assertThat(input(call(Endpoint.CHAT_COMPLETIONS, body))).isEqualTo(100_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT_COMPLETIONS | "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]
            CHAT_COMPLETIONS | "messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]
            CHAT_COMPLETIONS | "messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]
            CHAT_COMPLETIONS | "messages":[{"role":"user","content":[{"type":"text","type":"file","text":"x"}]}]
            CHAT_COMPLETIONS | "messages":[{"role":"assistant","audio":{"id":"a"}}]
            CHAT_COMPLETIONS | "messages":[{"role":"user","content":"x","new":1}]
            CHAT_COMPLETIONS | "messages":[],"messages":[{"role":"user","content":[{"type":"image_url"}]}]
            CHAT_COMPLETIONS | "messages":[{"role":"user","content":[{"type":["text"]}]}]
            RESPONSES        | "input":[{"role":"user","content":[{"type":"input_image","image_url":"x"}]}]
            RESPONSES        | "input":[{"role":"user","content":[{"type":"input_file","file_id":"x"}]}]
            RESPONSES        | "input":[{"type":"item_reference","id":"x"}]
            RESPONSES        | "input":[{"id":"x"}]
            RESPONSES        | "input":[{"id":"x","type":null}]
            RESPONSES        | "input":[{"type":"reasoning","encrypted_content":"x"}]
            RESPONSES        | "input":[{"type":"compaction","encrypted_content":"x"}]
            RESPONSES        | "input":[{"type":"function_call_output","output":[{"type":"input_image"}]}]
            RESPONSES        | "previous_response_id":"resp_1"
            RESPONSES        | "conversation":{"id":"conv_1"}
            RESPONSES        | "tools":[{"type":"local_shell"}]
            RESPONSES        | "tools":[{"type":"computer_use_preview"}]
            MESSAGES         | "messages":[{"role":"user","content":[{"type":"image","source":{"type":"url"}}]}]
            MESSAGES         | "messages":[{"role":"user","content":[{"type":"document","source":{"type":"file"}}]}]
            MESSAGES         | "messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"image"}]}]}]
            MESSAGES         | "messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"","signature":"x"}]}]
            MESSAGES         | "messages":[{"role":"user","content":[{"type":"container_upload","file_id":"x"}]}]
            MESSAGES         | "tools":[{"type":"bash_20250124","name":"bash"}]
            MESSAGES         | "tools":[{"type":"computer_20251124","name":"computer"}]
            """)
    void countsAnythingElseAsTheWholeContext(Endpoint endpoint, String members) {
        var limit = endpoint == Endpoint.RESPONSES ? "{\"max_output_tokens\":0," : ZERO_CHAT;

        assertThat(input(call(endpoint, limit + members + "}"))).isEqualTo(100_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CHAT_COMPLETIONS | web_search_options   | {"web_search_options":{}}
            CHAT_COMPLETIONS | prediction           | {"prediction":{"type":"content","content":"x"}}
            CHAT_COMPLETIONS | modalities           | {"modalities":["text","audio"]}
            CHAT_COMPLETIONS | modalities           | {"modalities":"audio"}
            CHAT_COMPLETIONS | n                    | {"n":129}
            CHAT_COMPLETIONS | n                    | {"n":"2"}
            CHAT_COMPLETIONS | n                    | {"n":1,"n":-1}
            CHAT_COMPLETIONS | best_of              | {"best_of":2}
            CHAT_COMPLETIONS | speed                | {"speed":"fast"}
            CHAT_COMPLETIONS | tools                | {"tools":[{"type":"web_search"}]}
            CHAT_COMPLETIONS | tools                | {"tools":[{"type":"function"},{"name":"untyped"}]}
            CHAT_COMPLETIONS | tools                | {"tools":[],"tools":[{"type":"function","type":"mcp"}]}
            CHAT_COMPLETIONS | tools                | {"tools":{"type":"function"}}
            CHAT_COMPLETIONS | tools                | {"tools":["function"]}
            RESPONSES        | background           | {"background":true}
            RESPONSES        | background           | {"background":false,"background":true}
            RESPONSES        | background           | {"background":"yes"}
            RESPONSES        | prompt               | {"prompt":{"id":"pmpt_1"}}
            RESPONSES        | context_management   | {"context_management":[{"type":"compaction"}]}
            RESPONSES        | reasoning.mode       | {"reasoning":{"effort":"high","mode":"pro"}}
            RESPONSES        | n                    | {"n":2}
            RESPONSES        | multi_agent          | {"multi_agent":{"enabled":true}}
            RESPONSES        | tools                | {"tools":[{"type":"web_search_preview"}]}
            RESPONSES        | tools                | {"tools":[{"type":"file_search"}]}
            RESPONSES        | tools                | {"tools":[{"type":"code_interpreter"}]}
            RESPONSES        | tools                | {"tools":[{"type":"image_generation"}]}
            RESPONSES        | tools                | {"tools":[{"type":"mcp","server_url":"x"}]}
            RESPONSES        | tools                | {"tools":[{"type":"shell"}]}
            RESPONSES        | tools                | {"tools":[{"type":"never_heard_of"}]}
            RESPONSES        | tools                | {"tools":[{"type":"namespace","tools":[{"type":"mcp"}]}]}
            RESPONSES        | tools                | {"tools":[{"tools":[{"type":"mcp"}],"type":"namespace"}]}
            RESPONSES        | tools                | {"input":[{"type":"additional_tools","tools":[{"type":"mcp"}]}]}
            COMPACT          | tools                | {"tools":[{"type":"mcp"}]}
            EMBEDDINGS       | images               | {"images":[]}
            MESSAGES         | tools                | {"tools":[{"type":"web_search_20250305"}]}
            MESSAGES         | tools                | {"tools":[{"type":"web_fetch_20250910"}]}
            MESSAGES         | tools                | {"tools":[{"type":"code_execution_20250825"}]}
            MESSAGES         | tools                | {"tools":[{"type":"advisor_20260301"}]}
            MESSAGES         | tools                | {"tools":[{"type":"tool_search_tool_regex_20251119"}]}
            MESSAGES         | tools                | {"tools":[{"type":"mcp_toolset"}]}
            MESSAGES         | tools                | {"tools":[{"type":"bash_remote"}]}
            MESSAGES         | mcp_servers          | {"mcp_servers":[{"url":"x"}]}
            MESSAGES         | container            | {"container":{"skills":[]}}
            MESSAGES         | fallbacks            | {"fallbacks":[{"model":"other"}]}
            MESSAGES         | context_management   | {"context_management":{"edits":[{"type":"compact_20260112"}]}}
            MESSAGES         | context_management   | {"context_management":{"edits":[{"keep":1}]}}
            MESSAGES         | context_management   | {"context_management":{"edits":[{"type":"clear_x","type":"compact_x"}]}}
            MESSAGES         | context_management   | {"context_management":{"compact":true}}
            MESSAGES         | never_heard_of       | {"never_heard_of":1}
            """)
    void saysWhatHasNoBound(Endpoint endpoint, String member, String body) {
        assertThat(bound(call(endpoint, body))).isInstanceOfSatisfying(Bound.Unbounded.class, none -> {
            assertThat(none.member()).isEqualTo(member);
            assertThat(none.refusal().what())
                    .startsWith("nobody can say what this call costs at most, and a budget needs that: ");
        });
    }

    @Test
    void hasNoBoundWithoutAPrice() {
        var provider = FLAT.providers().getFirst();
        var unknown = new Route(null, "gtp-4o", List.of(new Target(provider, "gtp-4o", BigDecimal.ONE)));
        var call = call(Endpoint.CHAT_COMPLETIONS, "{\"max_tokens\":1}");

        assertThat(Bound.of(call, unknown, FLAT))
                .isEqualTo(new Bound.Unbounded("model", "model 'gtp-4o' has no price here; ask for one that has"));
        assertThat(Bound.of(call(Endpoint.MESSAGES, "{\"max_tokens\":1}"), route(FLAT, "tomorrow"), FLAT))
                .isEqualTo(new Bound.Unbounded("model", "model 'tomorrow' has no price here; ask for one that has"));
    }

    @Test
    void costsNothingWhereNothingIsBilled() {
        assertThat(bound(call(Endpoint.COUNT_TOKENS, "{\"tools\":[{\"type\":\"web_search\"}]}")))
                .isEqualTo(new Bound.Worst(Money.ZERO));
    }

    private static final Catalogue TIERED = Requests.catalogue("""
            providers:
              openai: { family: openai, url: "http://127.0.0.1:1", key: k }
              anthropic: { family: anthropic, url: "http://127.0.0.1:2", key: k }
              far: { family: anthropic, url: "http://127.0.0.1:3", key: k }
            models:
              - id: m
                status: active
                shapes: [openai-chat]
                limits: { context: 100000, output: 1000 }
                prices:
                  - { from: 2026-01-01, input: 0, output: 1, tiers: { priority: { times: 3 }, ultrafast: { times: 7 }, flex: { times: 0.5 } } }
                targets: [ { provider: openai, model: m } ]
              - id: m-2026-01-02
                status: active
                shapes: [openai-chat]
                limits: { context: 100000, output: 1000 }
                prices: [ { from: 2026-01-01, input: 0, output: 2 } ]
                targets: [ { provider: openai, model: m-2026-01-02 } ]
              - id: c
                status: active
                shapes: [anthropic-messages]
                limits: { context: 100000, output: 1000 }
                prices:
                  - { from: 2026-01-01, input: 0, output: 1, tiers: { priority: { times: 3 } }, fast: { times: 10 }, us: { times: 2 } }
                targets: [ { provider: anthropic, model: c }, { provider: far, model: far.c, price: { times: 100 } } ]
              - id: long
                status: active
                shapes: [anthropic-messages]
                limits: { context: 100000, output: 1000 }
                prices:
                  - { from: 2026-01-01, input: 0, output: 1, above: [ { prompt: 3000, input: 0, output: 5 }, { prompt: 50000, input: 0, output: 9 } ] }
                targets: [ { provider: anthropic, model: long } ]
            """);

    private static long times(Endpoint endpoint, String model, String body, String... headers) {
        return nanos(Bound.of(call(endpoint, body, headers), route(TIERED, model), TIERED)) / 1_000_000;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"n":1}                                                | 7
            {"service_tier":null}                                  | 7
            {"service_tier":"auto"}                                | 7
            {"service_tier":"priority"}                            | 7
            {"service_tier":7}                                     | 7
            {"service_tier":"turbo"}                               | 7
            {"service_tier":"default"}                             | 2
            {"service_tier":"flex"}                                | 4
            {"service_tier":"default","service_tier":"priority"}   | 7
            {"service_tier":"default","service_tier":null}         | 7
            """)
    void takesTheDearestTierThatAChatMayGet(String body, long times) {
        assertThat(times(Endpoint.CHAT_COMPLETIONS, "m", body)).isEqualTo(times);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"max_tokens":1000}                                               | 600
            {"service_tier":"auto"}                                           | 600
            {"service_tier":"standard_only"}                                  | 200
            {"service_tier":"standard_only","inference_geo":"global"}         | 100
            {"service_tier":"standard_only","inference_geo":"us"}             | 200
            {"service_tier":"standard_only","inference_geo":"mars"}           | 200
            {"service_tier":"standard_only","inference_geo":"global","inference_geo":"us"} | 200
            {"service_tier":"standard_only","inference_geo":"global","speed":"standard"} | 100
            {"service_tier":"standard_only","inference_geo":"global","speed":"fast"} | 1000
            {"service_tier":"standard_only","inference_geo":"global","speed":"standard","speed":"fast"} | 1000
            """)
    void takesTheDearestPlaceOfTheDearestTarget(String body, long times) {
        assertThat(times(Endpoint.MESSAGES, "c", body)).isEqualTo(times);
    }

    @Test
    void doesNotTrustTheSpeedWhereABetaSellsIt() {
        var body = "{\"service_tier\":\"standard_only\",\"inference_geo\":\"global\"}";

        assertThat(times(Endpoint.MESSAGES, "c", body, "anthropic-beta", "fast-mode-2026-02-01"))
                .isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1000,5", "60000,9"})
    void takesTheDearestContextThatTheInputCanReach(int letters, long times) {
        var body = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(letters) + "\"}]}";

        assertThat(times(Endpoint.MESSAGES, "long", body)).isEqualTo(times);
    }
}
