package com.posthog.aigateway.wire;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The proxy through which providers are reached, where one stands between us and them. It sees where a call goes, and
/// with TLS nothing else.
///
/// @param proxy host and port; null: providers are reached directly
/// @param direct hosts that are reached directly all the same, each with its subdomains; `*`: all
public record Egress(@Nullable URI proxy, List<String> direct) {

    public static final Egress DIRECT = new Egress(null, List.of());

    public Egress {
        direct = List.copyOf(direct);
    }

    /// As the environment says it.
    ///
    /// @param direct as in `NO_PROXY`: names between commas, with or without a dot before them; null: none
    public static Egress of(@Nullable URI proxy, @Nullable String direct) {
        var names = Arrays.stream((direct == null ? "" : direct).split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .map(name -> name.startsWith(".") ? name.substring(1) : name)
                .filter(name -> !name.isEmpty())
                .toList();
        return new Egress(proxy, names);
    }

    /// True when a host is reached by the proxy. This machine itself never is.
    boolean leadsTo(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return proxy != null && !isLoopback(name) && direct.stream().noneMatch(one -> covers(one, name));
    }

    private static boolean isLoopback(String name) {
        return name.equals("localhost") || name.startsWith("127.") || name.equals("::1") || name.equals("[::1]");
    }

    private static boolean covers(String direct, String name) {
        return direct.equals("*") || name.equals(direct) || name.endsWith("." + direct);
    }
}
