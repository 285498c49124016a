package com.posthog.aigateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The house's arrows run one way, down, and each library lives in its rooms.
class DirectionTest {

    private static final String HOUSE = DirectionTest.class.getPackageName();

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(HOUSE);

    /// From the top to the bottom. A room sees the rooms of lower floors, and none beside it. Rooms may be empty yet.
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("cli", "http", "admin"),
            Set.of("flow"),
            Set.of("rollout", "auth", "resolve", "runaway", "admit", "cache", "dispatch", "record", "report"),
            Set.of("provider"),
            Set.of("stream", "wire", "journal", "catalogue", "cluster", "telemetry", "mock", "load"),
            Set.of("config", "call"));

    /// The only arrows between rooms of one floor: the shared memory keeps its registers on disk; settings name nouns
    /// (what a caller may name), and never the other way.
    private static final Set<String> BESIDE = Set.of("cluster -> journal", "config -> call");

    @Test
    void hasNoCycles() {
        slices().matching(HOUSE + ".(*)..").should().beFreeOfCycles().check(CODE);
    }

    @Test
    void hasNoArrowUpOrAside() {
        var wrong = new TreeSet<String>();
        for (var origin : CODE) {
            for (var arrow : origin.getDirectDependenciesFromSelf()) {
                var target = arrow.getTargetClass();
                if (isOurs(target) && !room(origin).isEmpty() && !mayUse(room(origin), room(target))) {
                    wrong.add(arrow.getDescription());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void hasNoRoomThatThePictureLacks() {
        var rooms = FLOORS.stream().flatMap(Set::stream).collect(Collectors.toSet());

        var found = CODE.stream()
                .map(DirectionTest::room)
                .filter(room -> !room.isEmpty())
                .collect(Collectors.toSet());

        assertThat(rooms).containsAll(found);
    }

    static Stream<Arguments> libraries() {
        return Stream.of(
                Arguments.of("io.helidon.webserver..", List.of("", "http", "admin", "mock")),
                Arguments.of("io.helidon.webclient..", List.of("wire")),
                Arguments.of("org.apache.hc..", List.of("wire")),
                Arguments.of("com.github.luben..", List.of("http")),
                Arguments.of("org.rocksdb..", List.of("journal")),
                Arguments.of("com.hazelcast..", List.of("cluster", "admit")),
                Arguments.of("io.github.bucket4j..", List.of("admit")),
                Arguments.of("io.opentelemetry..", List.of("telemetry")),
                Arguments.of("org.snakeyaml..", List.of("config", "catalogue")),
                Arguments.of("org.HdrHistogram..", List.of("load")),
                Arguments.of("software.amazon.awssdk..", List.of("provider")),
                Arguments.of("software.amazon.eventstream..", List.of("provider", "mock")),
                Arguments.of("picocli..", List.of("cli")));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void keepsALibraryInItsRooms(String library, List<String> rooms) {
        var packages = rooms.stream()
                .map(room -> room.isEmpty() ? HOUSE : HOUSE + "." + room + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CODE);
    }

    static Stream<ArchRule> places() {
        return Stream.of(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(HOUSE + ".config..")
                        .should()
                        .callMethodWhere(named(System.class, "getenv"))
                        .as("only config reads the environment"),
                noClasses()
                        .that(not(belongToAnyOf(Main.class)))
                        .should()
                        .callMethodWhere(named(System.class, "exit"))
                        .as("only Main ends the process"),
                noClasses()
                        .should()
                        .callMethodWhere(named(Instant.class, "now")
                                .or(named(LocalDate.class, "now"))
                                .or(named(LocalDateTime.class, "now"))
                                .or(named(System.class, "currentTimeMillis")))
                        .as("nobody asks the time but a Clock"),
                noClasses()
                        .that(not(belongToAnyOf(Main.class)))
                        .should()
                        .callMethodWhere(named(Clock.class, "systemUTC")
                                .or(named(Clock.class, "systemDefaultZone"))
                                .or(named(Clock.class, "system")))
                        .as("only Main makes a Clock"));
    }

    @ParameterizedTest
    @MethodSource("places")
    void keepsTheOutsideWorldInItsPlace(ArchRule rule) {
        rule.check(CODE);
    }

    @Test
    void marksEveryRoomAsFreeOfNull() {
        classes()
                .should()
                .resideInAnyPackage(nullMarked())
                .as("every package has a package-info with @NullMarked")
                .check(CODE);
    }

    private static String[] nullMarked() {
        var marked = new ArrayList<String>();
        CODE.getPackage(HOUSE)
                .traversePackageTree(
                        type -> type.getSimpleName().equals("package-info") && type.isAnnotatedWith(NullMarked.class),
                        (JavaClass type) -> marked.add(type.getPackageName()));
        return marked.toArray(String[]::new);
    }

    private static DescribedPredicate<JavaMethodCall> named(Class<?> owner, String name) {
        return DescribedPredicate.describe(
                owner.getSimpleName() + "." + name,
                call -> call.getTargetOwner().isEquivalentTo(owner)
                        && call.getTarget().getName().equals(name));
    }

    private static boolean mayUse(String from, String to) {
        return from.equals(to) || BESIDE.contains(from + " -> " + to) || (!to.isEmpty() && floor(from) < floor(to));
    }

    private static int floor(String room) {
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(room)) {
                return i;
            }
        }
        throw new AssertionError("the room '" + room + "' stands on no floor; see FLOORS");
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(HOUSE) || type.getPackageName().startsWith(HOUSE + ".");
    }

    /// The first package below the house's own; empty for the root.
    private static String room(JavaClass type) {
        var below = type.getPackageName().substring(HOUSE.length());
        return below.isEmpty() ? "" : below.substring(1).split("\\.", 2)[0];
    }
}
