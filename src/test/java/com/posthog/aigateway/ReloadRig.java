package com.posthog.aigateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/// A gateway whose callers and catalogue are edited while it runs.
final class ReloadRig implements AutoCloseable {

    static final String ADMIN = "admin-token-of-the-test";
    static final String OTHER_KEY = "sk-another-of-the-rig";

    private static final String CALL = """
            {"model":"gpt-test","max_completion_tokens":50,"messages":[{"role":"user","content":"Say hello."}]}""";

    final Rig rig;
    private final Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private ReloadRig(Path folder) {
        this.folder = folder;
        this.rig = Rig.start(folder, settings(folder));
    }

    /// @param rules of the team `dev`, as YAML
    static ReloadRig start(Path folder, String rules) throws IOException {
        Files.writeString(callers(folder), team(rules));
        Files.writeString(catalogue(folder), priced(1));
        return new ReloadRig(folder);
    }

    static String settings(Path folder) {
        return "callers: callers.yaml\nadmin: { token: " + ADMIN + " }\njournal: { path: " + folder.resolve("data")
                + " }\n";
    }

    static Path callers(Path folder) {
        return folder.resolve("callers.yaml");
    }

    static Path catalogue(Path folder) {
        return folder.resolve("providers.yaml");
    }

    /// The team `dev` with one credential.
    static String team(String rules) {
        return credential("dev", "dev-key", Rig.KEY, rules);
    }

    /// A team with one credential.
    static String credential(String team, String id, String key, String rules) {
        return """
                organisations: []
                teams:
                  - id: %s
                    products: [llm_gateway]
                %s
                    runaway: { mode: off }
                credentials:
                  - { id: %s, sha256: "%s", team: %s, products: [llm_gateway], may_name: [user], models: ["*"] }
                """.formatted(team, rules.indent(4), id, Rig.sha256(key), team);
    }

    /// A catalogue of one model.
    ///
    /// @param usd for a million tokens, in and out
    static String priced(int usd) {
        return """
                providers:
                  openai: { family: openai, url: "${env:AIGATEWAY_OPENAI_URL}", key: "${env:OPENAI_API_KEY:}" }
                lines: []
                models:
                  - id: gpt-test
                    status: active
                    shapes: [openai-chat]
                    limits: { context: 100000, output: 10000 }
                    prices: [ { from: 2020-01-01, input: %d, output: %d } ]
                    targets: [ { provider: openai, model: gpt-test } ]
                """.formatted(usd, usd);
    }

    void writeCallers(String text) throws IOException {
        replace(callers(folder), text);
    }

    void writeCatalogue(String text) throws IOException {
        replace(catalogue(folder), text);
    }

    /// As editors do that never leave half a file.
    static void replace(Path file, String text) throws IOException {
        var beside = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    HttpResponse<String> reload() throws IOException, InterruptedException {
        return reload(ADMIN);
    }

    HttpResponse<String> reload(String token) throws IOException, InterruptedException {
        return operate("/reload", token, "");
    }

    HttpResponse<String> operate(String path, String body) throws IOException, InterruptedException {
        return operate(path, ADMIN, body);
    }

    private HttpResponse<String> operate(String path, String token, String body)
            throws IOException, InterruptedException {
        return client.send(
                admin(path)
                        .header("authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder admin(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.gateway.adminPort() + path));
    }

    String look(String path) {
        try {
            return client.send(
                            admin(path)
                                    .header("authorization", "Bearer " + ADMIN)
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<String> call() {
        return call(Rig.KEY);
    }

    HttpResponse<String> call(String key) {
        return call(key, CALL, Map.of(), BodyHandlers.ofString());
    }

    <T> HttpResponse<T> call(
            String key, String body, Map<String, String> headers, HttpResponse.BodyHandler<T> handler) {
        var request = HttpRequest.newBuilder(rig.uri().resolve("/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body));
        headers.forEach(request::header);
        try {
            return client.send(request.build(), handler);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The caller's first budget.
    JsonNode budget() {
        return ask("/v1/usage").path("budgets").path(0);
    }

    /// The ids of all models that the caller may use.
    List<String> models() {
        return ask("/v1/models").path("data").findValuesAsText("id");
    }

    private JsonNode ask(String path) {
        var request = HttpRequest.newBuilder(rig.uri().resolve(path))
                .header("authorization", "Bearer " + Rig.KEY)
                .build();
        try {
            return read(client.send(request, BodyHandlers.ofString()).body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    JsonNode read(String text) throws IOException {
        return json.readTree(text);
    }

    @Override
    public void close() {
        rig.close();
        client.close();
    }
}
