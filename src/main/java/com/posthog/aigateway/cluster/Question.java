package com.posthog.aigateway.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A question on its way to a member, and its answer there.
final class Question implements Callable<byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {

    private static final byte VERSION = 1;

    private String subject;
    private byte[] text;
    private transient @Nullable Place place;

    Question(String subject, byte[] text) {
        this.subject = subject;
        this.text = text;
    }

    String subject() {
        return subject;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
        place = Place.of(instance);
    }

    @Override
    public byte[] call() {
        if (place == null) {
            throw new IllegalStateException("the question '" + subject + "' has not arrived yet");
        }
        return place.answers().to(subject, text);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeString(subject);
        out.writeByteArray(text);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        Trip.checkVersion(in.readByte(), VERSION);
        subject = Objects.requireNonNull(in.readString());
        text = Objects.requireNonNull(in.readByteArray());
    }

    @Override
    public int getFactoryId() {
        return Forms.NUMBER;
    }

    @Override
    public int getClassId() {
        return Forms.QUESTION;
    }
}
