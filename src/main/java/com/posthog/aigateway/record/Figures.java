package com.posthog.aigateway.record;

import com.posthog.aigateway.call.Cost;
import com.posthog.aigateway.call.Family;
import com.posthog.aigateway.call.Money;
import com.posthog.aigateway.call.Usage;
import org.jspecify.annotations.Nullable;

/// The tokens and dollars of an event. Tokens are counted as the provider counts them, and a flag says which way.
final class Figures {

    private Figures() {}

    /// Unknown usage is no zero: its fields are left out, for a zero would be believed.
    static void tokens(Sheet sheet, @Nullable Usage usage, Family family) {
        boolean exclusive = family == Family.ANTHROPIC;
        sheet.put("$ai_cache_reporting_exclusive", exclusive);
        if (usage == null) {
            return;
        }
        sheet.put("$ai_input_tokens", exclusive ? usage.input() : usage.prompt());
        sheet.put("$ai_output_tokens", usage.output());
        sheet.putUnlessZero("$ai_cache_read_input_tokens", usage.cacheRead());
        long written = usage.cacheWrite5m() + usage.cacheWrite1h();
        sheet.putUnlessZero("$ai_cache_creation_input_tokens", written);
        if (exclusive && written != 0) {
            sheet.put("$ai_cache_creation_5m_input_tokens", usage.cacheWrite5m());
            sheet.put("$ai_cache_creation_1h_input_tokens", usage.cacheWrite1h());
        }
        sheet.putUnlessZero("$ai_reasoning_tokens", usage.reasoning());
        sheet.putUnlessZero("$ai_audio_input_tokens", usage.audioInput());
        sheet.putUnlessZero("$ai_audio_output_tokens", usage.audioOutput());
        sheet.putUnlessZero("$ai_image_input_tokens", usage.imageInput());
        sheet.putUnlessZero("$ai_image_output_tokens", usage.imageOutput());
        sheet.putUnlessZero("$ai_web_search_count", usage.webSearches());
        sheet.put("$ai_service_tier", usage.terms().serviceTier());
    }

    /// The input side is gross: it holds what the cache served and stored, which therefore have no fields of their own.
    /// So the sides sum to the total, whoever sums them.
    static void costs(Sheet sheet, Cost cost) {
        sheet.put("$ai_cost_passthrough", true);
        sheet.put("$ai_total_cost_usd", cost.total());
        sheet.put("$ai_input_cost_usd", cost.input().plus(cost.cacheRead()).plus(cost.cacheWrite()));
        sheet.put("$ai_output_cost_usd", cost.output());
        if (!cost.webSearch().equals(Money.ZERO)) {
            sheet.put("$ai_web_search_cost_usd", cost.webSearch());
        }
        sheet.put("aigw_priced_as", cost.pricedAs());
        if (cost.estimated()) {
            sheet.put("aigw_cost_estimated", true);
        }
    }
}
