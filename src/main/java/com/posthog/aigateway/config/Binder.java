package com.posthog.aigateway.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Makes a record of a YAML mapping, component by component, and goes on after a fault.
///
/// A component `maxBody` is the key `max_body`, unless a [Key] says otherwise. Lists, sets and maps may be
/// absent, so may what is `@Nullable` (an empty scalar counts as absent) and a boolean. Records in a list
/// that have an `id` must differ in it. An [At] is where the record stands.
final class Binder {

    private static final Object NOTHING = new Object();

    private final Placeholders placeholders;
    private final Faults faults;

    Binder(Placeholders placeholders, Faults faults) {
        this.placeholders = placeholders;
        this.faults = faults;
    }

    /// The record, or null when a fault in it was collected.
    <T extends Record> @Nullable T bind(Node node, Class<T> type) {
        var value = value(node, type, type.getSimpleName());
        return type.isInstance(value) ? type.cast(value) : null;
    }

    private Object value(Node node, Type type, String name) {
        if (type instanceof ParameterizedType generic) {
            var raw = (Class<?>) generic.getRawType();
            var of = generic.getActualTypeArguments();
            return raw == Map.class ? map(node, of[1], name) : list(node, of[0], name, raw == Set.class);
        }
        var plain = (Class<?>) type;
        if (Scalars.covers(plain)) {
            return scalar(node, plain, name);
        }
        return plain.isRecord()
                ? record(node, plain, name)
                : fault(node, "'" + name + "' has a type that YAML cannot give");
    }

    private Object scalar(Node node, Class<?> type, String name) {
        if (!(node instanceof ScalarNode scalar)) {
            return fault(node, "'" + name + "' must be a single value");
        }
        try {
            return Scalars.read(placeholders.fill(scalar.getValue()), type);
        } catch (IllegalArgumentException e) {
            return fault(node, "'" + name + "' " + e.getMessage());
        }
    }

    private Object list(Node node, Type of, String name, boolean set) {
        if (!(node instanceof SequenceNode sequence)) {
            return isAbsent(node) ? (set ? Set.of() : List.of()) : fault(node, "'" + name + "' must be a list");
        }
        var values = new ArrayList<Object>();
        var ids = new HashSet<Object>();
        for (var item : sequence.getValue()) {
            var value = value(item, of, name);
            values.add(value);
            if (idOf(value) instanceof String id && !ids.add(id)) {
                faults.at(item, "the id '" + id + "' stands twice in '" + name + "'; ids must differ");
            }
        }
        if (values.contains(NOTHING)) {
            return NOTHING;
        }
        return set ? new LinkedHashSet<>(values) : values;
    }

    private static @Nullable Object idOf(Object value) {
        if (!value.getClass().isRecord()) {
            return null;
        }
        try {
            var accessor = value.getClass().getMethod("id");
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (ReflectiveOperationException none) {
            return null;
        }
    }

    private Object map(Node node, Type of, String name) {
        var values = new LinkedHashMap<String, Object>();
        for (var entry : members(node, name).entrySet()) {
            values.put(entry.getKey(), value(entry.getValue(), of, name + "." + entry.getKey()));
        }
        return values.containsValue(NOTHING) ? NOTHING : values;
    }

    private Object record(Node node, Class<?> type, String name) {
        int before = faults.count();
        var members = members(node, name);
        var components = type.getRecordComponents();
        nameStrangers(node, components, name);
        var arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = component(node, members.get(key(components[i])), components[i]);
        }
        return faults.count() > before ? NOTHING : construct(node, type, components, arguments);
    }

    private void nameStrangers(Node node, RecordComponent[] components, String name) {
        var known = Arrays.stream(components)
                .filter(Binder::isKey)
                .map(Binder::key)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        for (var key : keys(node)) {
            if (!known.contains(key.getValue())) {
                faults.at(
                        key,
                        "unknown key '" + key.getValue() + "' in '" + name + "'; known are "
                                + String.join(", ", known));
            }
        }
    }

    private static List<ScalarNode> keys(Node node) {
        return !(node instanceof MappingNode mapping)
                ? List.of()
                : mapping.getValue().stream()
                        .map(NodeTuple::getKeyNode)
                        .filter(ScalarNode.class::isInstance)
                        .map(ScalarNode.class::cast)
                        .toList();
    }

    private @Nullable Object component(Node parent, @Nullable Node node, RecordComponent component) {
        if (!isKey(component)) {
            return At.of(parent);
        }
        boolean mayBeAbsent = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        var type = component.getType();
        boolean absent = node == null || isAbsent(node);
        if (node != null && !absent) {
            return value(node, component.getGenericType(), key(component));
        }
        if (mayBeAbsent) {
            return null;
        } else if (type == List.class || type == Set.class || type == Map.class) {
            return type == List.class ? List.of() : type == Set.class ? Set.of() : Map.of();
        } else if (type == boolean.class) {
            return false;
        }
        return node == null
                ? fault(parent, "the key '" + key(component) + "' is missing")
                : fault(node, "'" + key(component) + "' must not be empty");
    }

    private boolean isAbsent(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            return false;
        }
        try {
            return scalar.getTag().equals(Tag.NULL)
                    || placeholders.fill(scalar.getValue()).isEmpty();
        } catch (IllegalArgumentException unset) {
            return false;
        }
    }

    private Map<String, Node> members(Node node, String name) {
        var members = new LinkedHashMap<String, Node>();
        if (!(node instanceof MappingNode mapping)) {
            if (!isAbsent(node)) {
                faults.at(node, "'" + name + "' must be a mapping of keys to values");
            }
            return members;
        }
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                faults.at(tuple.getKeyNode(), "a key in '" + name + "' must be a single word");
            } else if (members.put(key.getValue(), tuple.getValueNode()) != null) {
                faults.at(key, "the key '" + key.getValue() + "' stands twice in '" + name + "'");
            }
        }
        return members;
    }

    private Object construct(Node node, Class<?> type, RecordComponent[] components, @Nullable Object[] arguments) {
        try {
            return canonical(type, components).newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException wrong) {
                return fault(node, String.valueOf(wrong.getMessage()));
            }
            throw new IllegalStateException(type + " failed to be built", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be built", e);
        }
    }

    private static Constructor<?> canonical(Class<?> type, RecordComponent[] components) throws NoSuchMethodException {
        var constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor;
    }

    private Object fault(Node node, String rule) {
        faults.at(node, rule);
        return NOTHING;
    }

    static boolean isKey(RecordComponent component) {
        return component.getType() != At.class;
    }

    static String key(RecordComponent component) {
        var named = component.getAnnotation(Key.class);
        return named != null
                ? named.value()
                : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
