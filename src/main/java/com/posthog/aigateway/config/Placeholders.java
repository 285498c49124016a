package com.posthog.aigateway.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts in what stands elsewhere: `${env:NAME}`, `${env:NAME:default}`, `${file:path}`.
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(env|file):([^}:]+)(?::([^}]*))?}");

    private final Environment environment;
    private final Sources sources;

    Placeholders(Environment environment, Sources sources) {
        this.environment = environment;
        this.sources = sources;
    }

    /// IllegalArgumentException: the variable is not set and has no default, or the file cannot be read.
    String fill(String text) {
        if (!text.contains("${")) {
            return text;
        }
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1).equals("env") ? variable(match.group(2), match.group(3)) : file(match.group())));
    }

    private String variable(String name, @Nullable String fallback) {
        return environment
                .variable(name)
                .or(() -> Optional.ofNullable(fallback))
                .orElseThrow(() -> new IllegalArgumentException("the environment variable " + name
                        + " is not set and has no default; set it, or write ${env:" + name + ":} for none"));
    }

    private String file(String placeholder) {
        var path = placeholder.substring("${file:".length(), placeholder.length() - 1);
        try {
            return sources.text(Path.of(path)).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("the file " + path + " cannot be read", e);
        }
    }
}
