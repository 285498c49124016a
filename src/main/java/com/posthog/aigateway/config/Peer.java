package com.posthog.aigateway.config;

import java.util.regex.Pattern;

/// Where another replica listens to replicas: `host:port`, an IPv6 address in brackets.
public record Peer(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]\\s]+):(\\d{1,5})");

    public static Peer parse(String text) {
        var match = FORM.matcher(text);
        int port = match.matches() ? Integer.parseInt(match.group(2)) : 0;
        if (port == 0 || port > 65_535) {
            throw new IllegalArgumentException("must be host:port, such as 10.0.0.1:5701: '" + text + "'");
        }
        return new Peer(match.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
