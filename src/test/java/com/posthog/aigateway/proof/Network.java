package com.posthog.aigateway.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A network for each replica, so that one can be cut off: two bridges, one between the replicas and one to the
/// callers.
/// It needs the right to make network namespaces.
final class Network implements AutoCloseable {

    private static final String MEMBERS = "pmm";
    private static final String CALLERS = "pmc";

    private final String tag = Long.toString(ProcessHandle.current().pid() % 100_000);
    private final int net = 100 + (int) (ProcessHandle.current().pid() % 100);
    private final List<List<String>> undo = new ArrayList<>();
    private final List<ServerSocket> doors = new ArrayList<>();

    private Network() {}

    /// IOException: it is not allowed here.
    static Network open(int replicas) throws IOException, InterruptedException {
        var network = new Network();
        Runtime.getRuntime().addShutdownHook(new Thread(network::close));
        try {
            network.bridge(MEMBERS, 77);
            network.bridge(CALLERS, 78);
            for (int i = 1; i <= replicas; i++) {
                network.join(i);
            }
            return network;
        } catch (IOException | InterruptedException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private void bridge(String name, int second) throws IOException, InterruptedException {
        make(List.of("ip", "link", "del", name + tag), "ip", "link", "add", name + tag, "type", "bridge");
        Child.run("ip", "addr", "add", address(second, 254) + "/24", "dev", name + tag);
        Child.run("ip", "link", "set", name + tag, "up");
    }

    private void join(int replica) throws IOException, InterruptedException {
        make(List.of("ip", "netns", "del", space(replica)), "ip", "netns", "add", space(replica));
        inside(replica, "ip", "link", "set", "lo", "up");
        wire(replica, MEMBERS, 77);
        wire(replica, CALLERS, 78);
    }

    private void wire(int replica, String bridge, int second) throws IOException, InterruptedException {
        var outer = bridge + tag + "o" + replica;
        var inner = bridge + tag + "i" + replica;
        make(List.of("ip", "link", "del", outer), "ip", "link", "add", outer, "type", "veth", "peer", "name", inner);
        Child.run("ip", "link", "set", inner, "netns", space(replica));
        Child.run("ip", "link", "set", outer, "master", bridge + tag, "up");
        inside(replica, "ip", "addr", "add", address(second, replica) + "/24", "dev", inner);
        inside(replica, "ip", "link", "set", inner, "up");
    }

    private void make(List<String> undone, String... command) throws IOException, InterruptedException {
        Child.run(command);
        undo.addFirst(undone);
    }

    private void inside(int replica, String... command) throws IOException, InterruptedException {
        var all = new ArrayList<>(prefix(replica));
        all.addAll(List.of(command));
        Child.run(all.toArray(String[]::new));
    }

    /// What stands before a command that is to run with this replica.
    List<String> prefix(int replica) {
        return List.of("ip", "netns", "exec", space(replica));
    }

    private String space(int replica) {
        return "proof" + tag + "-" + replica;
    }

    private String address(int second, int last) {
        return "10." + second + "." + net + "." + last;
    }

    String members(int replica) {
        return address(77, replica);
    }

    String callers(int replica) {
        return address(78, replica);
    }

    /// Cuts a replica off from the others; callers and the provider still reach it.
    void cut(int replica) throws IOException, InterruptedException {
        Child.run("ip", "link", "set", MEMBERS + tag + "o" + replica, "down");
    }

    void heal(int replica) throws IOException, InterruptedException {
        Child.run("ip", "link", "set", MEMBERS + tag + "o" + replica, "up");
    }

    /// Where the replicas find a port of this machine's loopback.
    String door(int port) throws IOException {
        var door = new ServerSocket(0, 500, InetAddress.getByName(address(78, 254)));
        doors.add(door);
        Thread.startVirtualThread(() -> letIn(door, port));
        return address(78, 254) + ":" + door.getLocalPort();
    }

    private static void letIn(ServerSocket door, int port) {
        try {
            while (true) {
                var outer = door.accept();
                Thread.startVirtualThread(() -> connect(outer, port));
            }
        } catch (IOException closed) {
            // The proof is over.
        }
    }

    private static void connect(Socket outer, int port) {
        try (outer;
                var inner = new Socket(InetAddress.getLoopbackAddress(), port)) {
            outer.setTcpNoDelay(true);
            inner.setTcpNoDelay(true);
            var back = Thread.startVirtualThread(() -> copy(inner, outer));
            copy(outer, inner);
            back.join();
        } catch (IOException | InterruptedException ended) {
            // Both ends are closed now.
        }
    }

    /// When one side ends, both do: a caller that leaves is noticed at once.
    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // As below.
        } finally {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Also when the proof is told to stop; whoever comes second finds nothing to do.
    @Override
    public synchronized void close() {
        try {
            for (var door : doors) {
                door.close();
            }
        } catch (IOException e) {
            System.err.println("left behind: " + e.getMessage());
        }
        for (var command : undo) {
            try {
                Child.run(command.toArray(String[]::new));
            } catch (IOException e) {
                // A pair of wires goes with its network.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        undo.clear();
    }
}
