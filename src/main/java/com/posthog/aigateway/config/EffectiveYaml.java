package com.posthog.aigateway.config;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// Settings as YAML again, as they hold, secrets masked.
public final class EffectiveYaml {

    private EffectiveYaml() {}

    /// Each root stands under its name.
    public static String of(Map<String, ? extends Record> roots) {
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(120)
                .build();
        var tree = new LinkedHashMap<String, @Nullable Object>();
        roots.forEach((name, root) -> tree.put(name, plain(root)));
        return new Dump(settings).dumpToString(tree);
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Record record when !Scalars.covers(record.getClass()) -> members(record);
            case Collection<?> list -> list.stream().map(EffectiveYaml::plain).toList();
            case Map<?, ?> map -> plainMap(map);
            case Boolean flag -> flag;
            case Number number -> number;
            case Enum<?> constant ->
                constant.toString().equals(constant.name())
                        ? constant.name().toLowerCase(Locale.ROOT)
                        : constant.toString();
            default -> Scalars.write(value);
        };
    }

    private static Object plainMap(Map<?, ?> map) {
        var plain = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, value) -> plain.put(String.valueOf(key), plain(value)));
        return plain;
    }

    private static Object members(Record record) {
        var members = new LinkedHashMap<String, @Nullable Object>();
        for (var component : List.of(record.getClass().getRecordComponents())) {
            if (Binder.isKey(component)) {
                members.put(Binder.key(component), plain(read(component, record)));
            }
        }
        return members;
    }

    private static @Nullable Object read(RecordComponent component, Record record) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
