package com.posthog.aigateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.splitbrainprotection.SplitBrainProtectionException;
import io.helidon.common.SerializationConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

/// Helidon's server rejects Java serialisation in the whole process; members tell each other their faults so.
class FaultsTravelTest {

    @Test
    void passTheFilterThatTheServerSets() throws Exception {
        SerializationConfig.configureRuntime();
        var fault = new SplitBrainProtectionException("too few");
        fault.addSuppressed(new IllegalStateException("aside", new IOException("deep")));
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(fault);
        }

        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isInstanceOf(SplitBrainProtectionException.class);
        }
    }
}
