package com.posthog.aigateway.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/// SIGTERM and Ctrl-C. The JVM's own way, a shutdown hook, hears only the first and cannot end with 0.
final class StopSignal {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Runnable> again = new AtomicReference<>(() -> {});
    private volatile boolean byKeyboard;

    StopSignal() {
        handle("TERM", false);
        handle("INT", true);
    }

    /// By reflection: `sun.misc.Signal` is supported, but the compiler warns of it in a way that cannot be silenced.
    private void handle(String name, boolean keyboard) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        stop(keyboard);
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java does not hear signals", e);
        }
    }

    private void stop(boolean keyboard) {
        if (stopped.getCount() > 0) {
            byKeyboard = keyboard;
            stopped.countDown();
        } else {
            again.get().run();
        }
    }

    /// Waits for the first signal; true when it was Ctrl-C. Each further one runs `further`.
    boolean await(Runnable further) {
        again.set(further);
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return byKeyboard;
    }
}
