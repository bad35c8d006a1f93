package io.circuitstream.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of CONTRIBUTING.md that a compiler does not know. */
class ArchitectureTest {
    private static final List<String> MODULES = List.of(
            "events",
            "circuits",
            "graphs",
            "platform",
            "embedded",
            "inference",
            "attribution",
            "pruning",
            "validation",
            "description",
            "audit",
            "dashboard",
            "training",
            "standalone");

    private static JavaClasses ours;

    @BeforeAll
    static void read() {
        ours = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.circuitstream")
                .that(resideOutsideOfPackages("io.circuitstream.testkit.."));
    }

    @Test
    void shouldHaveEveryModuleWhenClassesAreRead() {
        Set<String> found = ours.stream()
                .map(type -> type.getPackageName().split("\\.", -1))
                .map(parts -> parts[2])
                .collect(Collectors.toSet());

        assertThat(found).containsExactlyInAnyOrderElementsOf(MODULES);
    }

    /** The second column is all of ours that the first may use; what is not ours is free. */
    @ParameterizedTest
    @CsvSource({
        "events,      events",
        "circuits,    circuits",
        "graphs,      graphs circuits events",
        "embedded,    embedded",
        "platform,    platform events",
        "inference,   inference platform circuits events",
        "attribution, attribution platform circuits events",
        "pruning,     pruning platform graphs circuits events",
        "validation,  validation platform circuits events",
        "description, description platform circuits events",
        "audit,       audit platform events",
        "dashboard,   dashboard platform graphs circuits events",
        "training,    training platform circuits events",
    })
    void shouldDependOneWayWhenAModuleUsesAnother(String module, String allowed) {
        String[] packages = Stream.of(allowed.split(" ", -1))
                .map(ArchitectureTest::packageOf)
                .toArray(String[]::new);

        DescribedPredicate<JavaClass> forbidden =
                resideInAnyPackage("io.circuitstream..").and(resideOutsideOfPackages(packages));
        noClasses()
                .that()
                .resideInAPackage(packageOf(module))
                .should()
                .dependOnClassesThat(forbidden)
                .check(ours);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "circuits",
                "graphs",
                "platform",
                "embedded",
                "inference",
                "attribution",
                "pruning",
                "validation",
                "description",
                "audit",
                "dashboard",
                "training",
                "standalone"
            })
    void shouldHaveNoCycleWhenPackagesOfAModuleUseEachOther(String module) {
        slices().matching("io.circuitstream." + module + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(ours);
    }

    @Test
    void shouldBeNamedForWhatItIsWhenAClassIsAdded() {
        classes()
                .should()
                .haveNameNotMatching(".*(Manager|Helper|Helpers|Impl)|.*\\.[^.]*Utils?[^.]*")
                .check(ours);
    }

    @Test
    void shouldLogThroughSlf4jWhenAnythingIsLogged() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(ours);
    }

    @Test
    void shouldPrintOnlyInCommandsWhenSomethingIsPrinted() {
        DescribedPredicate<JavaClass> commands = resideInAnyPackage("io.circuitstream.standalone.cli..")
                .or(DescribedPredicate.describe("training's commands and progress", type -> type.getPackageName()
                        .equals("io.circuitstream.training")));

        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(ours.that(DescribedPredicate.not(commands)));
    }

    /** Two wait between attempts at something remote that sends no word when it is back. */
    @Test
    void shouldNotSleepWhenItWaits() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.circuitstream.platform.serde.RegistryClient")
                .and()
                .doNotHaveFullyQualifiedName("io.circuitstream.platform.topics.TopicAdmin")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(java.util.concurrent.TimeUnit.class, "sleep", long.class)
                .check(ours);
    }

    /** The other modules' tests are not on this class path, so their text is read. */
    @Test
    void shouldNotSleepWhenATestWaits() throws IOException {
        Pattern sleep = Pattern.compile("\\b(Thread|SECONDS|MILLISECONDS)\\s*\\.\\s*sleep\\(");
        List<Path> tests;
        try (Stream<Path> files = Files.walk(DocumentationTest.root())) {
            tests = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/test/"))
                    .toList();
        }

        assertThat(tests).hasSizeGreaterThan(30);
        for (Path test : tests) {
            assertThat(sleep.matcher(Files.readString(test)).find())
                    .as("%s sleeps", test)
                    .isFalse();
        }
    }

    @Test
    void shouldSayThatNothingIsNullWhenAPackageIsAdded() {
        Set<JavaPackage> packages = ours.stream().map(JavaClass::getPackage).collect(Collectors.toSet());

        assertThat(packages).hasSizeGreaterThan(20);
        assertThat(packages)
                .filteredOn(each -> !each.isAnnotatedWith(NullMarked.class))
                .extracting(JavaPackage::getName)
                .as("packages without a @NullMarked package-info")
                .isEmpty();
    }

    private static String packageOf(String module) {
        return "io.circuitstream." + module + "..";
    }
}
