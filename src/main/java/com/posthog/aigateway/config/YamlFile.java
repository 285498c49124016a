package com.posthog.aigateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads YAML files into records. Faults are collected, never thrown here.
public final class YamlFile {

    private final Environment environment;
    private final Sources sources;
    private final Faults faults;

    public YamlFile(Environment environment, Faults faults) {
        this(environment, new Sources(), faults);
    }

    /// @param sources is told which files are read
    public YamlFile(Environment environment, Sources sources, Faults faults) {
        this.environment = environment;
        this.sources = sources;
        this.faults = faults;
    }

    /// The file as a record, or null when it has a fault.
    public <T extends Record> @Nullable T read(Path file, Class<T> type) {
        var node = compose(file).orElse(null);
        return node == null ? null : bind(node, type);
    }

    /// The file completed by the sample of the jar: what it does not say is as there.
    public <T extends Record> @Nullable T readOver(String sample, Path file, Class<T> type) {
        var base = sample(sample);
        var node = compose(file).orElse(null);
        return node == null ? null : bind(over(base, node), type);
    }

    /// The sample of the jar by itself.
    public <T extends Record> @Nullable T readSample(String sample, Class<T> type) {
        return bind(sample(sample), type);
    }

    /// A table of the jar that nobody changes.
    public <T extends Record> @Nullable T readResource(String resource, Class<T> type) {
        return bind(resource("/" + resource, resource), type);
    }

    private <T extends Record> @Nullable T bind(Node node, Class<T> type) {
        return new Binder(new Placeholders(environment, sources), faults).bind(node, type);
    }

    private Node sample(String name) {
        return resource("/samples/" + name, name);
    }

    private Node resource(String path, String label) {
        try (InputStream in =
                Objects.requireNonNull(YamlFile.class.getResourceAsStream(path), "the jar lacks its file " + path)) {
            return compose(label, new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .orElseThrow(() -> new IllegalStateException("the jar's file " + path + " is empty or no YAML"));
        } catch (IOException e) {
            throw new IllegalStateException("the jar's file " + path + " cannot be read", e);
        }
    }

    private Optional<Node> compose(Path file) {
        try {
            return compose(file.toString(), sources.text(file));
        } catch (IOException e) {
            faults.add(
                    file.toString(),
                    Files.exists(file) ? "the file cannot be read as UTF-8 text" : "the file does not exist");
            return Optional.empty();
        }
    }

    private Optional<Node> compose(String label, String text) {
        var settings = LoadSettings.builder()
                .setLabel(label)
                .setCodePointLimit(32 << 20)
                .build();
        try {
            var node = new Compose(settings).composeString(text);
            if (node.isEmpty()) {
                faults.add(label, 1, "the file is empty");
            }
            return node;
        } catch (MarkedYamlEngineException e) {
            faults.at(e.getProblemMark().orElseThrow(), "not YAML: " + e.getProblem());
            return Optional.empty();
        } catch (YamlEngineException e) {
            faults.add(label, "not YAML: " + e.getMessage());
            return Optional.empty();
        } catch (StackOverflowError tooDeep) {
            // The parser knows no bound of its own; a bad file must not end those who read it.
            faults.add(label, "not read: lists or mappings lie in each other more deeply than any setting does");
            return Optional.empty();
        }
    }

    private static Node over(Node base, Node over) {
        if (!(base instanceof MappingNode under && over instanceof MappingNode top)) {
            // A section of comments only says nothing.
            return base instanceof MappingNode && over.getTag().equals(Tag.NULL) ? base : over;
        }
        var merged = new ArrayList<NodeTuple>();
        for (var tuple : top.getValue()) {
            var below = member(under, tuple.getKeyNode());
            merged.add(below == null ? tuple : new NodeTuple(tuple.getKeyNode(), over(below, tuple.getValueNode())));
        }
        for (var tuple : under.getValue()) {
            if (member(top, tuple.getKeyNode()) == null) {
                merged.add(tuple);
            }
        }
        return new MappingNode(top.getTag(), false, merged, top.getFlowStyle(), top.getStartMark(), top.getEndMark());
    }

    private static @Nullable Node member(MappingNode mapping, Node key) {
        List<NodeTuple> tuples = mapping.getValue();
        for (var tuple : tuples) {
            if (tuple.getKeyNode() instanceof ScalarNode one
                    && key instanceof ScalarNode other
                    && one.getValue().equals(other.getValue())) {
                return tuple.getValueNode();
            }
        }
        return null;
    }
}
