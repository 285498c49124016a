package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.call.Fact;
import com.posthog.aigateway.catalogue.Target;
import com.posthog.aigateway.cluster.Register;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Targets that operators have taken out, on every replica and until they put them back. Such a target is
/// asked only where no other is left.
///
/// The names of the facts are `eject <provider> <model>`, with `*` for all models of a provider.
public final class Ejections implements Predicate<Target> {

    static final String EVERY_MODEL = "*";
    private static final String EJECT = "eject ";

    private final Register register;
    private volatile Set<String> names;

    public Ejections(Register register) {
        this.register = register;
        this.names = read();
        register.listen(this::changed);
        this.names = read();
    }

    private void changed(Fact fact) {
        names = read();
    }

    private Set<String> read() {
        return register.facts(EJECT).stream().map(Fact::name).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean test(Target target) {
        var in = names;
        var provider = target.provider().id();
        return !in.isEmpty()
                && (in.contains(name(provider, target.model())) || in.contains(name(provider, EVERY_MODEL)));
    }

    /// Why, by whom and when; empty where it is not ejected.
    Optional<Fact> of(Target target) {
        var provider = target.provider().id();
        var one = name(provider, target.model());
        return register.facts(EJECT).stream()
                .filter(fact -> fact.name().equals(one) || fact.name().equals(name(provider, EVERY_MODEL)))
                .findFirst();
    }

    /// Returns how many members have it in force already, this one among them.
    int eject(String provider, String model, String reason, String who) {
        return register.set(name(provider, model), reason, who).size();
    }

    int restore(String provider, String model, String who) {
        return register.remove(name(provider, model), who).size();
    }

    private static String name(String provider, String model) {
        return EJECT + provider + " " + model;
    }
}
