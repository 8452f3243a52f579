package io.noesis.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The build refuses an import that goes against the flow, or native code outside its border. */
class BordersTest {
  static final JavaClasses NOESIS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.noesis");

  /** Modules from left to right; a package of one may import those before it only. */
  private static final List<String[]> MODULES =
      List.of(
          new String[] {"io.noesis.run..", "io.noesis.tensor..", "io.noesis.ingest.."},
          new String[] {"io.noesis.encoders.."},
          new String[] {"io.noesis.alignment.."},
          new String[] {"io.noesis.reconstruction.."},
          new String[] {"io.noesis.experiment..", "io.noesis.report..", "io.noesis.cli.."});

  @TestFactory
  Stream<DynamicTest> modulesImportOnlyToTheLeft() {
    return java.util.stream.IntStream.range(0, MODULES.size() - 1)
        .mapToObj(
            i -> {
              String[] right =
                  MODULES.subList(i + 1, MODULES.size()).stream()
                      .flatMap(Stream::of)
                      .toArray(String[]::new);
              return DynamicTest.dynamicTest(
                  MODULES.get(i)[MODULES.get(i).length - 1],
                  () ->
                      noClasses()
                          .that()
                          .resideInAnyPackage(MODULES.get(i))
                          .should()
                          .dependOnClassesThat()
                          .resideInAnyPackage(right)
                          .allowEmptyShould(true)
                          .check(NOESIS));
            });
  }

  @Test
  void theKernelImportsNothingElseOfOurs() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage("io.noesis.run..", "io.noesis.tensor..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.noesis.ingest.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("io.noesis.run..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.noesis.tensor.."));
  }

  @Test
  void onnxRuntimeLivesInOnePackage() {
    onlyIn("io.noesis.encoders.onnx..", "ai.onnxruntime..");
  }

  @Test
  void libtorchLivesInOnePackage() {
    onlyIn("io.noesis.encoders.torch..", "org.bytedeco..");
  }

  @Test
  void tokenizersLiveInOnePackage() {
    onlyIn("io.noesis.alignment.embedding..", "ai.djl..");
  }

  @Test
  void ejmlLivesBehindLinearAlgebra() {
    onlyIn("io.noesis.tensor..", "org.ejml..");
  }

  @Test
  void theCommandLineLibraryStaysInTheCommands() {
    onlyIn("io.noesis.cli..", "picocli..");
  }

  @Test
  void chartsStayInTheReport() {
    onlyIn("io.noesis.report..", "org.jfree..");
  }

  @Test
  void packagesAreFreeOfCycles() {
    slices().matching("io.noesis.(**)").should().beFreeOfCycles().check(NOESIS);
  }

  @Test
  void nobodyPrintsButTheCommands() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("io.noesis.cli..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err"));
  }

  @Test
  void randomnessIsPassedInByName() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
            .orShould()
            .callMethod(Math.class, "random"));
  }

  private static void onlyIn(String home, String library) {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(home)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(NOESIS);
  }
}
