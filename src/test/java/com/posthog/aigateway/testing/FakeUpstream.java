package com.posthog.aigateway.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocketFactory;

/// A provider made of a plain socket: each connection plays one script, the last script plays for all that follow.
public final class FakeUpstream implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;
    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

    /// What happens on one connection. It is closed when the script ends.
    @FunctionalInterface
    public interface Script {
        void play(Peer peer) throws IOException;
    }

    private final ServerSocket server;
    private final List<Script> scripts;
    private final String scheme;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final Semaphore gone = new Semaphore(0);

    public FakeUpstream(Script... scripts) {
        this(ServerSocketFactory.getDefault(), scripts);
    }

    /// A provider behind TLS, for the factory of an SSL context.
    public FakeUpstream(ServerSocketFactory sockets, Script... scripts) {
        this.scripts = List.of(scripts);
        this.scheme = sockets instanceof SSLServerSocketFactory ? "https" : "http";
        try {
            server = sockets.createServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                open.add(socket);
                var script = scripts.get(Math.min(accepted.getAndIncrement(), scripts.size() - 1));
                Thread.startVirtualThread(() -> play(script, socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void play(Script script, Socket socket) {
        try (socket) {
            script.play(new Peer(socket));
        } catch (IOException left) {
            // The gateway has left: tests look at that by `gone`.
        }
    }

    public URI uri() {
        return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
    }

    /// Connections so far.
    public int accepted() {
        return accepted.get();
    }

    /// The next request, head and body, as it came; one byte is one character.
    public String request() throws InterruptedException {
        var request = requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    /// True when as many connections, that wait in [Peer#awaitLeaving], were left within a time.
    public boolean left(int connections, long millis) throws InterruptedException {
        return gone.tryAcquire(connections, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : open) {
            socket.close();
        }
    }

    /// The provider's side of one connection.
    public final class Peer {

        private final Socket socket;
        private final InputStream in;
        private String last = "";

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            socket.setTcpNoDelay(true);
        }

        /// Reads one request; false when the connection ended before it.
        public boolean readRequest() throws IOException {
            var bytes = new ByteArrayOutputStream();
            var head = readHead(bytes);
            if (head.isEmpty()) {
                return false;
            }
            var length = LENGTH.matcher(head);
            if (length.find()) {
                bytes.write(in.readNBytes(Integer.parseInt(length.group(1))));
            }
            last = bytes.toString(StandardCharsets.ISO_8859_1);
            requests.add(last);
            return true;
        }

        /// The last request that was read, head and body.
        public String last() {
            return last;
        }

        /// Reads one request; returns its method and path, or nothing when the connection ended before it.
        public String readLine() throws IOException {
            if (!readRequest()) {
                return "";
            }
            return last.substring(0, last.indexOf(" HTTP/"));
        }

        /// Reads a request's head and none of its body; empty when the connection ended before it.
        public String readHead() throws IOException {
            return readHead(new ByteArrayOutputStream());
        }

        /// Reads so many bytes, and forgets them.
        public void skip(int bytes) throws IOException {
            in.skipNBytes(bytes);
        }

        private String readHead(ByteArrayOutputStream bytes) throws IOException {
            int matched = 0;
            while (matched < 4) {
                int one = in.read();
                if (one < 0) {
                    return "";
                }
                bytes.write(one);
                matched = one == "\r\n\r\n".charAt(matched) ? matched + 1 : one == '\r' ? 1 : 0;
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }

        /// Passes what comes on to another port and back, until one side ends.
        public void passTo(int port) throws IOException {
            try (var other = new Socket(InetAddress.getLoopbackAddress(), port)) {
                var back = Thread.startVirtualThread(() -> {
                    try (socket) {
                        other.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException ended) {
                        // One of the two has left.
                    }
                });
                in.transferTo(other.getOutputStream());
                other.shutdownOutput();
                back.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// One character is one byte.
        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /// Answers a request with a counted body.
        public void answer(String body) throws IOException {
            send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }

        /// Waits until the gateway has filled all that lies between us, and can send no more.
        public void awaitStuckSender() throws IOException {
            int waiting = -1;
            while (waiting < socket.getInputStream().available()) {
                waiting = socket.getInputStream().available();
                LockSupport.parkNanos(200_000_000);
            }
        }

        /// Ends the connection as a crash does.
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /// Waits until the gateway leaves, and tells it to [#left].
        public void awaitLeaving() {
            try {
                while (in.read() >= 0) {
                    // Whatever still comes is of no interest.
                }
            } catch (IOException reset) {
                // That is leaving too.
            }
            gone.release();
        }
    }
}
