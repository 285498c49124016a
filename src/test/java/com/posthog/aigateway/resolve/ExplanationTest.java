package com.posthog.aigateway.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.call.Shape;
import com.posthog.aigateway.config.GatewaySettings.Policy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static String explain(String name, @Nullable Shape shape, Policy policy) {
        return String.join("\n", new Resolver(Asking.sample(), policy).explain(name, shape, Asking.NOW));
    }

    private static String explain(String name) {
        return explain(name, null, Policy.FORWARD);
    }

    @Test
    void tellsEachStepAndWhatIsSent() {
        assertThat(explain("anthropic/claude-sonnet-4.5[1M]")).isEqualTo("""
                1  exact id, then alias                'anthropic/claude-sonnet-4.5[1M]': no
                2  blanks, case, [1m], @..., :latest   'anthropic/claude-sonnet-4.5': no
                3  vendor prefixes, Bedrock ids, ARNs  'claude-sonnet-4.5': no
                4  dots and dashes                     'claude-sonnet-4-5': hit, claude-sonnet-4-5
                5  families, -latest, dates            not needed
                6  unknown                             not needed
                model   claude-sonnet-4-5 (deprecated), speaks anthropic-messages
                price   claude-sonnet-4-5 from 2026-01-01: input 3, output 15 USD per million tokens
                target  anthropic: 'claude-sonnet-4-5'
                target  bedrock: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0' (left out: no key)
                target  bedrock-mantle: 'anthropic.claude-sonnet-4-5' (left out: no key)
                beta    anthropic-beta: context-1m-2025-08-07""");
    }

    @Test
    void namesTheRowThatIsInForceToday() {
        assertThat(explain("gpt-5.6"))
                .contains("1  exact id, then alias                'gpt-5.6': hit, gpt-5.6-sol")
                .contains("price   gpt-5.6-sol from 2026-08-21: input 4, output 20 USD")
                .contains("target  openai: 'gpt-5.6-sol'")
                .endsWith("beta    none");
    }

    @Test
    void saysThatABetaIsNotNeeded() {
        assertThat(explain("sonnet[1m]"))
                .contains("hit, claude-sonnet-5-5")
                .endsWith("beta    none: [1m] needs none here");
    }

    @Test
    void tellsOfASnapshotThatIsNotListed() {
        assertThat(explain("openai/gpt-5.4-2026-03-05"))
                .contains(
                        "5  families, -latest, dates            'gpt-5-4-2026-03-05': a snapshot that is not listed, of gpt-5.4")
                .contains("target  openai: 'gpt-5.4-2026-03-05'");
    }

    @Test
    void saysWhatBecomesOfAnUnknownName() {
        assertThat(explain("gpt-5-turbo", Shape.OPENAI_CHAT, Policy.FORWARD)).endsWith("""
                5  families, -latest, dates            'gpt-5-turbo': no
                6  unknown                             yes
                model   unknown: passed on unchanged, no other target is tried (unknown_model.policy is forward)
                price   ceiling: input 15, output 180 USD per million tokens
                target  openai: 'gpt-5-turbo', for openai-chat""");
        assertThat(explain("gpt-5-turbo"))
                .contains("target  anthropic: 'gpt-5-turbo', for anthropic-messages")
                .contains("target  openai: 'gpt-5-turbo', for openai-chat, openai-responses, openai-embeddings");
        assertThat(explain("gpt-5-turbo", null, Policy.REFUSE))
                .endsWith("route   none: 404, unknown_model.policy is refuse");
    }

    @Test
    void saysThatTheShapeCannotBeServed() {
        assertThat(explain("opus", Shape.OPENAI_RESPONSES, Policy.FORWARD))
                .endsWith("route   none: 400, it does not speak openai-responses");
        assertThat(explain("gpt-5", Shape.OPENAI_EMBEDDINGS, Policy.FORWARD))
                .contains("note    not listed for openai-embeddings; its provider decides");
    }

    @Test
    void showsWhatCannotBeAName() {
        assertThat(explain("gpt\r\n5"))
                .startsWith("1  exact id, then alias                'gpt\uFFFD\uFFFD5': no\n2  ")
                .contains(
                        "4  dots and dashes                     not tried: no model's name has such letters or length");
        assertThat(explain("x".repeat(1_000_000))).hasSizeLessThan(2_000);
    }
}
