package com.posthog.aigateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFaultsTest {

    enum Colour {
        RED,
        DARK_BLUE
    }

    record Room(String id, @Nullable Integer seats) {}

    record House(String name, Kinds kinds, List<Room> rooms, Map<String, Room> named, Set<Colour> colours) {}

    record Kinds(
            @Nullable Integer whole,
            @Nullable Long large,
            boolean flag,
            @Nullable BigDecimal number,
            @Nullable Duration time,
            @Nullable LocalDate day,
            @Nullable Instant moment,
            @Nullable URI url,
            @Nullable Colour colour,
            @Nullable ByteSize size,
            @Nullable Sync sync,
            @Nullable Secret secret) {}

    @TempDir
    Path folder;

    private final Faults faults = new Faults();

    private @Nullable House read(String text) throws IOException {
        var file = folder.resolve("house.yaml");
        Files.writeString(file, text);
        return yaml(Map.of("SEATS", "4", "EMPTY", "")).read(file, House.class);
    }

    private YamlFile yaml(Map<String, String> variables) {
        return new YamlFile(new Environment(variables), faults);
    }

    private List<String> faults() {
        try {
            faults.throwIfAny();
            return List.of();
        } catch (BadConfiguration bad) {
            return bad.faults().stream()
                    .map(line -> line.replace(folder + "/", ""))
                    .toList();
        }
    }

    @Test
    void readsEveryKindOfValue() throws Exception {
        var house = read("""
                name: home
                kinds: { whole: 1_000, large: 5000000000, flag: true, number: 0.10, time: 90s, day: 2026-10-07,
                  moment: 2026-10-07T08:00:00Z, url: "http://[::1]:80/x", colour: dark_blue, size: 32MiB, sync: always,
                  secret: hush }
                rooms: [ { id: a, seats: "${env:SEATS}" }, { id: b, seats: "${env:EMPTY}" } ]
                colours: [red, dark_blue]
                """);

        assertThat(faults()).isEmpty();
        assertThat(house)
                .isEqualTo(new House(
                        "home",
                        new Kinds(
                                1000,
                                5_000_000_000L,
                                true,
                                new BigDecimal("0.10"),
                                Duration.ofSeconds(90),
                                LocalDate.of(2026, 10, 7),
                                Instant.parse("2026-10-07T08:00:00Z"),
                                URI.create("http://[::1]:80/x"),
                                Colour.DARK_BLUE,
                                new ByteSize(32 << 20),
                                new Sync(null),
                                new Secret("hush")),
                        List.of(new Room("a", 4), new Room("b", null)),
                        Map.of(),
                        Set.of(Colour.RED, Colour.DARK_BLUE)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            whole: many        | 'whole' must be a whole number: 'many'
            whole: 1.5         | 'whole' must be a whole number: '1.5'
            whole: 3000000000  | 'whole' must be a whole number: '3000000000'
            large: 1e9         | 'large' must be a whole number: '1e9'
            flag: yes          | 'flag' must be true or false: 'yes'
            number: 1,5        | 'number' must be a number: '1,5'
            time: 90           | 'time' must be a duration such as 50ms, 3s, 10m, 24h or 7d: '90'
            time: -1s          | 'time' must be a duration such as 50ms, 3s, 10m, 24h or 7d: '-1s'
            day: 7.10.2026     | 'day' must be a date such as 2026-10-07: '7.10.2026'
            moment: 2026-10-07 | 'moment' must be a time such as 2026-10-07T00:00:00Z: '2026-10-07'
            url: localhost     | 'url' must be a URL such as https://api.openai.com: 'localhost'
            url: "http://a b"  | 'url' must be a URL such as https://api.openai.com: 'http://a b'
            url: ftp://host    | 'url' must be a URL such as https://api.openai.com: 'ftp://host'
            colour: green      | 'colour' must be one of red, dark_blue: 'green'
            colour: RED        | 'colour' must be one of red, dark_blue: 'RED'
            size: 32MB         | 'size' must be a size such as 64KiB, 32MiB or 4GiB: '32MB'
            size: 999999999999GiB | 'size' must be a size that fits 63 bits, such as 4GiB: '999999999999GiB'
            sync: soon         | 'sync' must be a duration such as 50ms, 3s, 10m, 24h or 7d: 'soon'
            sync: 0ms          | 'sync' must be above zero, or always: '0ms'
            whole: [1]         | 'whole' must be a single value
            whole: { a: 1 }    | 'whole' must be a single value
            """)
    void saysWhatWouldBeRight(String line, String rule) throws Exception {
        read("name: home\nkinds:\n  # one of\n  " + line + "\n");

        assertThat(faults()).contains("house.yaml:4: " + rule);
    }

    @Test
    void namesEveryFaultAtOnceWithItsLine() throws Exception {
        var house = read("""
                name:
                kinds:
                  whole: many
                  color: red
                extension:
                  of: the house
                rooms:
                  - { id: a }
                  - { id: b, seats: few }
                  - { id: a }
                  - { seats: 3 }
                named:
                  hall: { id: h, chairs: 2 }
                colours: red
                """);

        assertThat(house).isNull();
        assertThat(faults())
                .containsExactlyInAnyOrder(
                        "house.yaml:1: 'name' must not be empty",
                        "house.yaml:3: 'whole' must be a whole number: 'many'",
                        "house.yaml:4: unknown key 'color' in 'kinds'; known are whole, large, flag, number, time, day,"
                                + " moment, url, colour, size, sync, secret",
                        "house.yaml:5: unknown key 'extension' in 'House'; known are name, kinds, rooms, named, colours",
                        "house.yaml:9: 'seats' must be a whole number: 'few'",
                        "house.yaml:10: the id 'a' stands twice in 'rooms'; ids must differ",
                        "house.yaml:11: the key 'id' is missing",
                        "house.yaml:13: unknown key 'chairs' in 'named.hall'; known are id, seats",
                        "house.yaml:14: 'colours' must be a list");
    }

    @Test
    void namesAKeyThatStandsTwice() throws Exception {
        read("name: home\nkinds: { }\nname: other\n");

        assertThat(faults()).containsExactly("house.yaml:3: the key 'name' stands twice in 'House'");
    }

    @Test
    void namesAKeyThatIsMissing() throws Exception {
        read("kinds: {}\n");

        assertThat(faults()).containsExactly("house.yaml:1: the key 'name' is missing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name: null         | 'name' must not be empty
            name: ""           | 'name' must not be empty
            name: "${env:EMPTY}" | 'name' must not be empty
            name: "${env:EMPTY:other}${env:NONE:}" | 'name' must not be empty
            """)
    void takesNoEmptyValueWhereOneIsNeeded(String line, String rule) throws Exception {
        read("kinds: {}\n" + line + "\n");

        assertThat(faults()).containsExactly("house.yaml:2: " + rule);
    }

    @Test
    void namesAVariableThatIsNotSet() throws Exception {
        read("name: home\nkinds:\n  whole: \"${env:ROOMS}\"\n");

        assertThat(faults())
                .containsExactly(
                        "house.yaml:3: 'whole' the environment variable ROOMS is not set and has no default; set"
                                + " it, or write ${env:ROOMS:} for none");
    }

    @Test
    void fillsInVariablesDefaultsAndFiles() throws Exception {
        Files.writeString(folder.resolve("key"), "from a file\n");

        var house = read("name: \"${env:NONE:http://x:1}-${env:SEATS:9}-${file:" + folder.resolve("key")
                + "}-${other}\"\nkinds: {}\n");

        assertThat(faults()).isEmpty();
        assertThat(house).extracting(House::name).isEqualTo("http://x:1-4-from a file-${other}");
    }

    @Test
    void namesAFileOfAPlaceholderThatCannotBeRead() throws Exception {
        read("name: \"${file:/nowhere/key}\"\nkinds: {}\n");

        assertThat(faults()).containsExactly("house.yaml:1: 'name' the file /nowhere/key cannot be read");
    }

    @Test
    void namesAFileThatDoesNotExist() {
        var house = yaml(Map.of()).read(folder.resolve("house.yaml"), House.class);

        assertThat(house).isNull();
        assertThat(faults()).containsExactly("house.yaml: the file does not exist");
    }

    @Test
    void namesAFileThatIsNoText() throws Exception {
        Files.write(folder.resolve("house.yaml"), new byte[] {'a', (byte) 0xff, 'b'});

        yaml(Map.of()).read(folder.resolve("house.yaml"), House.class);

        assertThat(faults()).containsExactly("house.yaml: the file cannot be read as UTF-8 text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``            | house.yaml:1: the file is empty
            `# nothing`   | house.yaml:1: the file is empty
            `a: [1, 2`    | house.yaml:1: not YAML
            `a: b: c`     | house.yaml:1: not YAML
            `- a`         | house.yaml:1: 'House' must be a mapping of keys to values
            word          | house.yaml:1: 'House' must be a mapping of keys to values
            """)
    void namesAFileThatIsNoMapping(String text, String fault) throws Exception {
        assertThat(read(text)).isNull();

        assertThat(faults()).anySatisfy(line -> assertThat(line).startsWith(fault));
    }

    @Test
    void namesTheLineWhereYamlEnds() throws Exception {
        read("name: home\nkinds: {}\nrooms: [\n  - {\n\tid: a\n");

        assertThat(faults())
                .singleElement()
                .satisfies(line -> assertThat(line).matches("house.yaml:[3-6]: not YAML: .*"));
    }

    @Test
    void neverTellsASecret() throws Exception {
        read("name: home\nkinds: { secret: canary-7, whole: x }\n");

        assertThat(faults().toString()).doesNotContain("canary");
        assertThat(new Secret("canary-7").toString()).isEqualTo("***");
    }

    @ParameterizedTest
    @CsvSource({"500,500", "64KiB,64KiB", "1024KiB,1MiB", "4 GiB,4GiB", "0,0", "10B,10", "5000000000,5000000000"})
    void writesASizeAsItIsRead(String text, String written) {
        var size = ByteSize.parse(text);

        assertThat(size).hasToString(written).isEqualTo(ByteSize.parse(written));
    }

    @ParameterizedTest
    @CsvSource({"50ms,50ms", "3s,3s", "600s,600s", "24h,1d", "30d,30d", "0s,0ms", "1500ms,1500ms", "90m,5400s"})
    void writesADurationAsItIsRead(String text, String written) {
        var time = Scalars.read(text, Duration.class);

        assertThat(Scalars.write(time)).isEqualTo(written);
        assertThat(Scalars.read(written, Duration.class)).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({"always,always", "50ms,50ms", "2s,2000ms"})
    void writesASyncAsItIsRead(String text, String written) {
        assertThat(Sync.parse(text)).hasToString(written).isEqualTo(Sync.parse(written));
    }
}
