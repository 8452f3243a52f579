package io.noesis.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import io.noesis.run.FileFingerprints;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Names that say nothing, clocks that move results, packages that do not say what they are for. */
class NamesTest {
  private static final JavaClasses NOESIS = BordersTest.NOESIS;

  @TestFactory
  Stream<DynamicTest> noClassHasANameThatSaysNothing() {
    return Stream.of("Manager", "Helper", "Util", "Impl")
        .map(
            part ->
                DynamicTest.dynamicTest(
                    part,
                    () ->
                        noClasses()
                            .should()
                            .haveNameMatching(".*[.$](\\w*[a-z0-9])?" + part + "(s|[A-Z]\\w*)?")
                            .check(NOESIS)));
  }

  @Test
  void noClassIsCalledData() {
    noClasses().should().haveNameMatching(".*[.$](Data|Info)").check(NOESIS);
  }

  @Test
  void noMethodIsCalledProcessOrHandle() {
    noMethods().should().haveNameMatching("process|handle").check(NOESIS);
  }

  /** What a result is made of does not know what time it is. */
  @Test
  void onlyTheEdgeOfTheProgramLooksAtTheClock() {
    for (Class<?> clock :
        Set.of(
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class)) {
      noClasses()
          .that()
          .resideOutsideOfPackages("io.noesis.experiment", "io.noesis.cli")
          .and()
          .areNotAssignableTo(FileFingerprints.class) // To see whether a file is just being made.
          .should()
          .callMethod(clock, "now")
          .check(NOESIS);
    }
    noClasses()
        .that()
        .resideOutsideOfPackages("io.noesis.experiment", "io.noesis.cli")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Clock.class)
        .check(NOESIS);
  }

  @Test
  void noPublicMethodTakesABoolean() {
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .areNotRecords()
        .should()
        .notHaveRawParameterTypes(boolean.class)
        .check(NOESIS);
  }

  @TestFactory
  Stream<DynamicTest> everyPackageSaysWhatItIsForAndIsNullMarked() {
    Set<String> packages =
        NOESIS.stream()
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    assertTrue(packages.size() > 20, packages::toString);
    return packages.stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Class<?> info = Class.forName(name + ".package-info");
                      assertTrue(info.isAnnotationPresent(NullMarked.class), name);
                    }));
  }
}
