package io.drasi.it;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house: who may know whom. */
class ArchitectureTest {
  /** The root package of each library module, and the root packages it may know. */
  private static final Map<String, Set<String>> MODULES =
      Map.of(
          "io.drasi.api", Set.of(),
          "io.drasi.postgres.protocol", Set.of(),
          "io.drasi.postgres.scram", Set.of("io.drasi.postgres.protocol"),
          "io.drasi.postgres.decoder", Set.of("io.drasi.api", "io.drasi.postgres.protocol"),
          "io.drasi.source.postgres",
              Set.of("io.drasi.api", "io.drasi.postgres.protocol", "io.drasi.postgres.decoder"),
          "io.drasi.bootstrap.postgres",
              Set.of("io.drasi.api", "io.drasi.postgres.protocol", "io.drasi.postgres.decoder"),
          "io.drasi.bootstrap.noop", Set.of("io.drasi.api"),
          "io.drasi.bootstrap.scriptfile", Set.of("io.drasi.api"),
          "io.drasi.sink.jsonl", Set.of("io.drasi.api"),
          "io.drasi.deployer", Set.of("io.drasi.api"));

  /** Who may ask for the time of day. */
  private static final Set<String> OF_THE_TIME_OF_DAY =
      Set.of("SteadyClock", "StatusBoard", "StatusReporter", "PostgresSourceCheck");

  private static JavaClasses product;

  @BeforeAll
  static void read() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/it/"))
            .importPackages("io.drasi");
    assertThat(product).hasSizeGreaterThan(150);
  }

  static Set<String> modules() {
    return MODULES.keySet();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleKnowsOnlyWhatItMayKnow(String module) {
    List<String> others =
        MODULES.keySet().stream()
            .filter(other -> !other.equals(module) && !MODULES.get(module).contains(other))
            .map(other -> other + "..")
            .toList();
    noClasses()
        .that()
        .resideInAPackage(module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others.toArray(String[]::new))
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("io.drasi.host..", "io.drasi.embedded..", "org.postgresql..")
        .check(product);
  }

  @ParameterizedTest
  @MethodSource("modules")
  void whatIsInternalStaysWithinItsModule(String module) {
    noClasses()
        .that()
        .resideOutsideOfPackage(module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(module + ".internal..")
        .check(product);
  }

  @Test
  void theApiKnowsNoPostgres() {
    noClasses()
        .that()
        .resideInAPackage("io.drasi.api..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of neither the API nor Java nor annotations",
                (JavaClass c) ->
                    !c.getPackageName().startsWith("io.drasi.api")
                        && !c.getPackageName().startsWith("java.")
                        && !c.getPackageName().startsWith("org.osgi.annotation.")
                        && !c.isAnnotation()
                        && !c.isPrimitive()
                        && !c.isArray()))
        .check(product);
  }

  @Test
  void theLauncherKnowsTheFrameworkConfigurationAdminAndSlf4j() {
    noClasses()
        .that()
        .resideInAPackage("io.drasi.host.framework..")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "io.drasi.host.framework..",
            "java..",
            "org.osgi.framework..",
            "org.apache.felix.framework..",
            "org.osgi.service.cm..",
            "org.slf4j..",
            "org.jspecify..")
        .check(product);
    noClasses()
        .that()
        .resideInAPackage("io.drasi.host..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.drasi.api..",
            "io.drasi.postgres.decoder..",
            "io.drasi.source..",
            "io.drasi.bootstrap..",
            "io.drasi.sink..",
            "io.drasi.deployer..")
        .check(product);
  }

  /**
   * Somebody may set the clock of the machine. What shows in a status, what the server is told with
   * a report, and what the check compares with the server's clock, may go by it; nothing that
   * waits.
   */
  @Test
  void nothingElseGoesByTheTimeOfDay() {
    noClasses()
        .that(
            DescribedPredicate.describe(
                "are none of " + OF_THE_TIME_OF_DAY,
                (JavaClass c) -> !OF_THE_TIME_OF_DAY.contains(c.getSimpleName())))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "asks for the time of day",
                (JavaAccess<?> access) -> isOfTheTimeOfDay(access.getTarget())))
        .check(product);
  }

  private static boolean isOfTheTimeOfDay(AccessTarget target) {
    String name = target.getName();
    return switch (target.getOwner().getName()) {
      case "java.lang.System" -> name.equals("currentTimeMillis");
      case "java.time.Clock" -> name.startsWith("system") || name.startsWith("tick");
      case "java.util.Date", "java.util.Calendar", "java.util.Timer" -> true;
      default ->
          name.equals("parkUntil")
              || name.equals("awaitUntil")
              || (name.equals("now") && target.getOwner().getPackageName().equals("java.time"));
    };
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("io.drasi.(**)")
        .should()
        .beFreeOfCycles()
        .ignoreDependency(
            DescribedPredicate.describe(
                "are of an internal package",
                (JavaClass c) -> c.getPackageName().contains(".internal")),
            DescribedPredicate.describe(
                "are of an exported package",
                (JavaClass c) -> !c.getPackageName().contains(".internal")))
        .check(product);
  }

  @Test
  void publicSignaturesShowNothingInternal() {
    classes()
        .that()
        .arePublic()
        .and()
        .resideOutsideOfPackage("..internal..")
        .should(
            new ArchCondition<JavaClass>("show nothing internal") {
              @Override
              public void check(JavaClass shown, ConditionEvents events) {
                shown.getMethods().stream()
                    .filter(method -> method.getModifiers().contains(PUBLIC))
                    .forEach(
                        method ->
                            method.getAllInvolvedRawTypes().stream()
                                .filter(type -> type.getPackageName().contains(".internal"))
                                .forEach(
                                    type ->
                                        events.add(
                                            SimpleConditionEvent.violated(
                                                method,
                                                method.getFullName()
                                                    + " shows "
                                                    + type.getName()))));
              }
            })
        .check(product);
  }
}
