package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.Lineage;
import io.noesis.encoders.BrainEncoder;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.experiment.AdaptationSpec.Against;
import io.noesis.experiment.AdaptationSpec.Tune;
import io.noesis.report.LearningPanel;
import io.noesis.report.Report;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.run.AuditException;
import io.noesis.run.CancelledException;
import io.noesis.run.NoesisException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdaptationTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path parent;

  @BeforeAll
  static void trainTheParent() {
    study = SmallPeople.write(shared.resolve("study"));
    parent = shared.resolve("parent");
    new Experiment(SmallPeople.recipe(), SmallPeople.execution(study, parent)).train();
  }

  private static AdaptationSpec how(Tune tune) {
    return new AdaptationSpec(
        parent, List.of(1.0), List.of(20), tune, Optional.empty(), List.of(Against.values()));
  }

  private static DecodingRecipe recipe(AdaptationSpec how, String... overrides) {
    return DecodingRecipe.of(Recipes.adapting(parent, how, List.of(overrides)));
  }

  private Execution execution(String out, String subject) {
    return SmallPeople.execution(study, temporary.resolve(out)).withSubjects(List.of(subject));
  }

  @Test
  void aNewSubjectIsAddedAndTheOthersDecodeAsBefore() throws IOException {
    Execution weak = execution("run", "03").withAllowed(Set.of("NO-SIGNAL"));
    Report report = new Experiment(recipe(how(Tune.SUBJECT)), weak).run();
    assertEquals(List.of("03"), report.subjects().stream().map(s -> s.id()).toList());
    List<LearningPanel.LearningLine> points = report.learning().newSubjects().get(0).points();
    assertEquals(
        List.of("adapted 20", "scratch 20", "ridge 20", "adapted 48", "scratch 48", "ridge 48"),
        points.stream().map(p -> p.model() + " " + p.trials()).distinct().toList());
    Path json = temporary.resolve("run/report.json");
    assertEquals(report, ReportJson.read(json));
    String page = Files.readString(ReportPage.render(json, ReportPage.Form.FOLDER));
    assertTrue(page.contains("Learning from few trials"), "no section");
    assertTrue(page.contains("How the networks learned"), "no section");

    Path file = temporary.resolve("run/sub-03/decoder/fold-001.safetensors");
    BrainEncoder grown = Architectures.registry().get("residual-mlp").load(file);
    BrainEncoder before =
        Architectures.registry()
            .get("residual-mlp")
            .load(parent.resolve("decoder/fold-001.safetensors"));
    for (String subject : List.of("01", "02")) {
      Tensor some = responses(subject);
      Tensor was = before.encode(some, subject);
      Tensor is = grown.encode(some, subject);
      for (int i = 0; i < was.size(); i++) {
        assertEquals(was.array()[i], is.array()[i], 1e-5f * Math.max(1, Math.abs(was.array()[i])));
      }
    }
    try (Safetensors in = Safetensors.open(file)) {
      Lineage lineage = Lineage.read(in.metadata(), file).orElseThrow();
      assertEquals(List.of("simulated/03"), lineage.subjects());
      assertEquals(List.of("simulated/01", "simulated/02"), lineage.parents().get(0).subjects());
    }
  }

  @Test
  void onRidgeANewSubjectHasAnInvertedEncodingModelInItsPlace() {
    Path onRidge = temporary.resolve("on-ridge");
    DecodingRecipe joint =
        DecodingRecipe.of(Recipes.tree("simulated-joint-on-ridge", SmallPeople.small()));
    new Experiment(joint, SmallPeople.execution(study, onRidge)).train();
    AdaptationSpec some =
        new AdaptationSpec(
            onRidge,
            List.of(1.0),
            List.of(20),
            Tune.SUBJECT,
            Optional.empty(),
            List.of(Against.RIDGE));
    Report report =
        new Experiment(
                DecodingRecipe.of(Recipes.adapting(onRidge, some, List.of())),
                execution("run", "03").withAllowed(Set.of("NO-SIGNAL")))
            .run();
    List<String> facts =
        report.subjects().get(0).facts().stream().map(fact -> fact.label()).toList();
    assertTrue(
        facts.contains(
            "starts from an inverted encoding model: noise taken as independent between voxels"),
        facts::toString);
    assertTrue(
        facts.contains("map's start: noise taken as independent between voxels"), facts::toString);
    Path file = temporary.resolve("run/sub-03/decoder/fold-001.safetensors");
    try (Safetensors in = Safetensors.open(file)) {
      assertEquals(3, in.read("ridge.linear.weight").dim(0), "of the parent's two and the new one");
    }
  }

  private static Tensor responses(String subject) {
    OpenedStudy opened = OpenedStudy.open(SmallPeople.recipe().study(), Optional.of(study));
    Tensor all = opened.study().responses(subject, io.noesis.run.Progress.NONE).responses();
    return all.rows(new int[] {0, 3, 7});
  }

  @Test
  void everythingCanLearnOn() {
    new Experiment(recipe(how(Tune.EVERYTHING)), execution("run", "03")).train();
    Path file = temporary.resolve("run/sub-03/decoder/fold-001.safetensors");
    try (Safetensors tuned = Safetensors.open(file);
        Safetensors before = Safetensors.open(parent.resolve("decoder/fold-001.safetensors"))) {
      assertEquals(1, tuned.read("into.weight").dim(0), "a subject too many");
      assertFalse(
          java.util.Arrays.equals(
              tuned.read("out.weight").array(), before.read("out.weight").array()),
          "the shared part did not learn");
    }
  }

  @Test
  void aStoppedAdaptationGoesOnToTheSameBytes() throws IOException {
    DecodingRecipe recipe = recipe(how(Tune.SUBJECT));
    new Experiment(recipe, execution("calm", "03")).train();
    AtomicInteger asked = new AtomicInteger();
    Execution stopping = execution("run", "03").withCancelled(() -> asked.incrementAndGet() > 20);
    assertThrows(CancelledException.class, () -> new Experiment(recipe, stopping).train());
    new Experiment(recipe, execution("run", "03")).train();
    for (String name :
        List.of(
            "decoder/fold-001.safetensors",
            "curve/adapted-00020/decoded.npy",
            "curve/scratch-00048/decoded.npy",
            "curve/points.json",
            "decoded.npy")) {
      assertArrayEquals(
          Files.readAllBytes(temporary.resolve("calm/sub-03").resolve(name)),
          Files.readAllBytes(temporary.resolve("run/sub-03").resolve(name)),
          name);
    }
  }

  @Test
  void aParentThatSawTheSubjectBlocks() {
    AuditException e =
        assertThrows(
            AuditException.class,
            () -> new Experiment(recipe(how(Tune.SUBJECT)), execution("run", "02")).train());
    assertTrue(e.getMessage().contains("LEAK-LINEAGE"), e::getMessage);
    assertTrue(e.getMessage().contains("trained on subject 02"), e::getMessage);
  }

  @Test
  void aParentThatSawTheTestStimuliBlocks() {
    DecodingRecipe other =
        recipe(how(Tune.SUBJECT), "split.rule=by-stimulus", "split.fraction=0.3");
    AuditException e =
        assertThrows(
            AuditException.class, () -> new Experiment(other, execution("run", "03")).train());
    assertTrue(e.getMessage().contains("LEAK-LINEAGE"), e::getMessage);
    assertTrue(e.getMessage().contains("were in the training of the parent"), e::getMessage);
  }

  @Test
  void anotherSpaceAnotherNetworkAndTooManyTrialsAreRefused() {
    assertTrue(
        assertThrows(
                RecipeException.class,
                () ->
                    new Experiment(
                            recipe(how(Tune.SUBJECT), "targets.of=category"),
                            execution("run", "03"))
                        .train())
            .getMessage()
            .contains("made otherwise (of: caption) than those here (of: category)"));
    assertTrue(
        assertThrows(
                RecipeException.class,
                () ->
                    new Experiment(
                            recipe(how(Tune.SUBJECT), "targets={of: image, pack: embedded}"),
                            execution("image", "03"))
                        .train())
            .getMessage()
            .contains("use the targets of the parent"));
    assertTrue(
        assertThrows(
                RecipeException.class,
                () ->
                    new Experiment(
                            recipe(how(Tune.SUBJECT), "encoder.settings.width=25"),
                            execution("other", "03"))
                        .train())
            .getMessage()
            .contains("keeps architecture and settings"));
    assertTrue(
        assertThrows(
                RecipeException.class,
                () ->
                    new Experiment(
                            recipe(how(Tune.SUBJECT), "adaptation.trials=[500]"),
                            execution("many", "03"))
                        .train())
            .getMessage()
            .contains("there are 48"));
  }

  @Test
  void damagedWeightsOfTheParentAreNamed() throws IOException {
    Path copy = temporary.resolve("parent");
    for (String name :
        List.of(
            "run.json",
            "recipe.yaml",
            "targets.npy",
            "targets.json",
            "category_targets.npy",
            "decoder/fold-001.safetensors")) {
      Files.createDirectories(copy.resolve(name).getParent());
      if (Files.exists(parent.resolve(name))) {
        Files.copy(parent.resolve(name), copy.resolve(name));
      }
    }
    Path weights = copy.resolve("decoder/fold-001.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, java.util.Arrays.copyOf(whole, whole.length - 100));
    AdaptationSpec how =
        new AdaptationSpec(
            copy, List.of(1.0), List.of(), Tune.SUBJECT, Optional.empty(), List.of());
    NoesisException e =
        assertThrows(
            NoesisException.class,
            () ->
                new Experiment(
                        DecodingRecipe.of(Recipes.adapting(copy, how, List.of())),
                        execution("run", "03"))
                    .train());
    assertEquals(3, e.exitCode().code());
    assertTrue(e.getMessage().contains("fold-001.safetensors"), e::getMessage);
  }
}
