package com.posthog.aigateway.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.posthog.aigateway.call.Money;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An event's properties in the making: what is not known is left out, and the later word wins.
record Sheet(ObjectNode properties) {

    void put(String name, @Nullable String text) {
        if (text != null) {
            properties.put(name, text);
        }
    }

    void put(String name, @Nullable Long number) {
        if (number != null) {
            properties.put(name, number);
        }
    }

    void put(String name, @Nullable Boolean value) {
        if (value != null) {
            properties.put(name, value);
        }
    }

    void put(String name, JsonNode value) {
        if (Json.isThere(value) && !(value.isContainerNode() && value.isEmpty())) {
            properties.set(name, value);
        }
    }

    void put(String name, Money money) {
        properties.put(name, money.usd());
    }

    /// In seconds, to the millisecond.
    void put(String name, @Nullable Duration duration) {
        if (duration != null) {
            properties.put(name, BigDecimal.valueOf(duration.toMillis(), 3));
        }
    }

    void putUnlessZero(String name, long number) {
        if (number != 0) {
            properties.put(name, number);
        }
    }
}
