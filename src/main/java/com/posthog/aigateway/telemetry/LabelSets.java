package com.posthog.aigateway.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The sets of label values of one instrument, each made once: an instrument is used several times in every call.
final class LabelSets {

    /// Where the meter itself stops telling them apart.
    private static final int MOST = 2000;

    private final Instrument instrument;
    private final List<AttributeKey<String>> keys;
    private final Map<List<String>, Attributes> made = new ConcurrentHashMap<>();

    LabelSets(Instrument instrument) {
        this.instrument = instrument;
        this.keys =
                instrument.labelNames().stream().map(AttributeKey::stringKey).toList();
    }

    Attributes of(String... values) {
        if (values.length != keys.size()) {
            throw new IllegalArgumentException("the metric '" + instrument.name() + "' takes the labels "
                    + instrument.labelNames() + ", not " + values.length + " values");
        }
        if (values.length == 0) {
            return Attributes.empty();
        }
        var known = made.get(Arrays.asList(values));
        return known == null ? make(List.of(values)) : known;
    }

    private Attributes make(List<String> values) {
        var builder = Attributes.builder();
        for (int i = 0; i < keys.size(); i++) {
            builder.put(keys.get(i), values.get(i));
        }
        var attributes = builder.build();
        if (made.size() < MOST) {
            made.put(values, attributes);
        }
        return attributes;
    }
}
