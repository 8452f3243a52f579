package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.report.GeometryPanel.GeometryLine;
import io.noesis.report.Report;
import io.noesis.report.Report.Level;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportText;
import io.noesis.report.ScoreLine;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way from a recipe to its report, on a simulated study of distances. */
class GeometryExperimentTest {
  @TempDir Path folder;
  private Path root;
  private Path out;
  private ObjectNode tree;

  @BeforeEach
  void simulate() throws IOException {
    root = folder.resolve("study");
    out = folder.resolve("run");
    Path manifest = SimulatedGeometry.write(root);
    tree = YamlTree.parse(SimulatedGeometry.recipe(manifest), "recipe");
  }

  private Execution execution() {
    return Execution.in(out).withRoot(root).withThreads(2);
  }

  private Report run(String... overrides) {
    for (String override : overrides) {
      YamlTree.set(tree, override);
    }
    return Experiments.run(tree, execution());
  }

  private static GeometryLine line(Report report, String model) {
    return report.geometry().models().stream()
        .filter(l -> l.model().equals(model))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void thePlantedGeometryIsFoundAndNoOther() {
    Report report = run();
    GeometryLine truth = report.geometry().models().get(0);
    assertEquals("truth", truth.model());
    assertTrue(truth.score().value() > report.geometry().ceilingLow(), truth::toString);
    assertTrue(truth.score().value() <= report.geometry().ceilingHigh(), truth::toString);
    assertEquals(ScoreLine.Standing.BETTER, truth.score().standing());
    assertEquals(ScoreLine.Standing.AT_CHANCE, line(report, "nothing").score().standing());
    assertEquals(ScoreLine.Standing.BETTER, line(report, "words").score().standing());
    assertEquals(List.of("a", "b", "c"), report.geometry().subjects());
    assertEquals(3, truth.perSubject().size());
    assertEquals(
        truth.score().value(),
        truth.perSubject().stream().mapToDouble(d -> d).average().orElseThrow(),
        1e-12);
    assertEquals(Level.SUPPORTED, report.verdict().level());
    assertEquals(
        List.of("It is small."), report.warnings(), "what the manifest says goes wrong easily");
    assertTrue(report.methods().startsWith("THE RESPONSES WERE SIMULATED."), report.methods());
  }

  @Test
  void shuffledConditionsLookLikeNoModel() throws IOException {
    Tensor measured = Npy.read(root.resolve("rdms.npy"));
    int n = SimulatedGeometry.CONDITIONS;
    float[] shuffled = new float[measured.size()];
    int[] order = io.noesis.run.Seed.of(5).random().permutation(n);
    for (int s = 0; s < SimulatedGeometry.SUBJECTS; s++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          shuffled[(s * n + i) * n + j] = measured.at(s, order[i], order[j]);
        }
      }
    }
    Npy.write(root.resolve("rdms.npy"), Tensor.wrap(shuffled, SimulatedGeometry.SUBJECTS, n, n));
    Report report = run();
    assertEquals(Level.NOT_SUPPORTED, report.verdict().level());
    for (GeometryLine line : report.geometry().models()) {
      assertNotEquals(ScoreLine.Standing.BETTER, line.score().standing(), line::toString);
    }
  }

  @Test
  void theFolderHoldsEverything() {
    Report report = run();
    assertEquals(report, ReportJson.read(out.resolve("report.json")));
    assertTrue(Files.exists(out.resolve("report.html")));
    assertTrue(Files.exists(out.resolve("provenance.json")));
    assertEquals(GeometryRecipe.of(tree), Recipe.of(YamlTree.read(out.resolve("recipe.yaml"))));
    TsvTable models = Tsv.read(out.resolve("models.tsv"));
    assertEquals(
        report.geometry().models().stream().map(GeometryLine::model).toList(),
        models.texts("model"));
    assertEquals(report.geometry().models().get(0).score().value(), models.number(0, "value"));
    assertTrue(models.number(0, "p_holm") >= models.number(0, "p"));
    Tensor truth = Npy.read(root.resolve("truth.npy"));
    assertEquals(truth, Npy.read(out.resolve(models.text(0, "file"))));
    assertEquals(Npy.read(root.resolve("rdms.npy")), Npy.read(out.resolve("measured.npy")));
    assertEquals(SimulatedGeometry.CONDITIONS, Tsv.read(out.resolve("conditions.tsv")).rows());
  }

  @Test
  void threadsAndRerunsChangeNothing() throws IOException {
    run();
    byte[] first = Files.readAllBytes(out.resolve("report.json"));
    Experiments.run(tree, execution().withThreads(1));
    assertArrayEquals(first, Files.readAllBytes(out.resolve("report.json")), "a rerun");
    Experiments.run(tree, Execution.in(folder.resolve("other")).withRoot(root).withThreads(3));
    assertArrayEquals(
        first, Files.readAllBytes(folder.resolve("other/report.json")), "three threads");
  }

  @Test
  void aFolderOfOtherSubjectsIsNotTouched() {
    run();
    Execution two = execution().withSubjects(List.of("a", "c"));
    assertThrows(RecipeException.class, () -> Experiments.run(tree, two));
    Report report = Experiments.run(tree, two.withExisting(Execution.Existing.REPLACE));
    assertEquals(List.of("a", "c"), report.geometry().subjects());
    RecipeException unknown =
        assertThrows(
            RecipeException.class,
            () -> Experiments.run(tree, execution().withSubjects(List.of("d"))));
    assertTrue(unknown.getMessage().contains("no subject 'd'"), unknown.getMessage());
  }

  @Test
  void oneSubjectHasNoCeiling() {
    Report report = Experiments.run(tree, execution().withSubjects(List.of("b")));
    assertTrue(Double.isNaN(report.geometry().ceilingLow()));
    assertEquals(Level.CAUTION, report.verdict().level());
    assertTrue(report.verdict().details().get(1).contains("no noise ceiling"));
    assertTrue(ReportText.of(report).contains("noise ceiling: n/a to n/a"));
  }

  @Test
  void everyComparisonRuns() {
    for (String comparison : List.of("pearson", "cosine", "kendall-tau-a", "rho-a")) {
      Report report =
          Experiments.run(
              YamlTree.merged(
                  tree,
                  YamlTree.parse(
                      "evaluation: {comparison: " + comparison + ", ceiling: ranks}", "test")),
              execution().withExisting(Execution.Existing.REPLACE));
      assertEquals("truth", report.geometry().models().get(0).model(), comparison);
    }
  }

  @Test
  void anImageModelTakesItsPathFromTheStudy() throws IOException {
    Path pool =
        Path.of(
            System.getProperty("noesis.root"), "alignment/src/test/resources/pictures/pool.onnx");
    Files.createDirectories(folder.resolve("beside"));
    Files.copy(pool, folder.resolve("beside/pool.onnx"));
    Report report = run(poolModel("../beside/pool.onnx"));
    assertTrue(Double.isFinite(report.geometry().models().get(0).score().value()));
    assertEquals("pool", report.geometry().models().get(0).model());
    ModelException e =
        assertThrows(ModelException.class, () -> runAnew(poolModel("../elsewhere/pool.onnx")));
    assertTrue(e.getMessage().contains("it does not exist"), e.getMessage());
  }

  private Report runAnew(String override) {
    YamlTree.set(tree, override);
    return Experiments.run(tree, execution().withExisting(Execution.Existing.REPLACE));
  }

  private static String poolModel(String path) {
    return "models=[{name: pool, of: image, settings: {model: "
        + path
        + ", output: view, preprocess: {fit: stretch, filter: bilinear, resize: 4, size: 4,"
        + " mean: [0, 0, 0], std: [1, 1, 1], order: rgb}}}]";
  }

  @Test
  void whatIsWrongIsNamed() throws IOException {
    assertMessage(RecipeException.class, "there is no kind 'geometri'. Did", "kind=geometri");
    simulate();
    assertMessage(
        RecipeException.class,
        "did you mean 'side'",
        "models=[{name: a, of: pixels," + " settings: {sides: 3}}]");
    simulate();
    assertMessage(RecipeException.class, "Did you mean 'pixels'", "models=[{name: a, of: pixel}]");
    simulate();
    assertMessage(
        RecipeException.class,
        "names must be unique",
        "models=[{name: a, of: pixels}, {name: a, of: text}]");
    simulate();
    assertMessage(RecipeException.class, "expected at least one", "models=[]");
    simulate();
    assertMessage(RecipeException.class, "has no layout", "study.layout=bids");
    simulate();
    assertMessage(
        DataException.class, "one unique label for each matrix", "study.settings.subjects=[a, b]");
    simulate();
    assertMessage(
        DataException.class,
        "it has no column 'words'",
        "models=[{name: a, of: text, settings: {column: words}}]");
    simulate();
    Files.writeString(root.resolve("stimuli.tsv"), "id\timage\tcategory\nc0\tx.png\tface\n");
    assertMessage(DataException.class, "it has 1 rows, expected 20", "seed=4");
    assertFalse(Files.exists(out.resolve("report.json")), "nothing is left that looks whole");
  }

  private void assertMessage(Class<? extends Exception> type, String part, String override) {
    Exception e = assertThrows(type, () -> runAnew(override));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void aGeometryRecipeIsNotTrained() {
    RecipeException e = assertThrows(RecipeException.class, () -> DecodingRecipe.of(tree));
    assertTrue(e.getMessage().contains("its kind is 'geometry'"), e.getMessage());
    assertTrue(e.getMessage().contains("give it to 'noesis run'"), e.getMessage());
    run();
    RecipeException again =
        assertThrows(RecipeException.class, () -> new Evaluation(RunFolder.open(out), execution()));
    assertTrue(again.getMessage().contains("its kind is 'geometry'"), again.getMessage());
  }
}
