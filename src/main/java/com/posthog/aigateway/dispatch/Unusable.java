package com.posthog.aigateway.dispatch;

import com.posthog.aigateway.catalogue.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What targets have refused of late, by the features of the call: the next call of the same kind is not tried
/// there.
final class Unusable {

    private static final Duration FOR = Duration.ofMinutes(5);
    private static final int MOST = 1_000;

    private record Refused(String provider, String model, Set<String> features) {}

    private final Map<Refused, Long> until = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Refused, Long> eldest) {
            return size() > MOST;
        }
    };

    /// A call without features that is refused is at fault itself, and says nothing of the next one; a model
    /// that is missing is missing for all of its kind.
    synchronized void heed(Target target, Set<String> features, Fault.Kind kind, long now) {
        if (kind == Fault.Kind.MODEL || (kind == Fault.Kind.REQUEST && !features.isEmpty())) {
            var refused = refused(target, features);
            until.remove(refused);
            until.put(refused, now + FOR.toMillis());
        }
    }

    synchronized boolean knows(Target target, Set<String> features, long now) {
        var last = until.get(refused(target, features));
        return last != null && now < last;
    }

    private static Refused refused(Target target, Set<String> features) {
        return new Refused(target.provider().id(), target.model(), features);
    }
}
