package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.Lineage;
import io.noesis.report.LearningPanel;
import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import io.noesis.report.SubjectPanel;
import io.noesis.run.AuditException;
import io.noesis.run.CancelledException;
import io.noesis.run.MemoryException;
import io.noesis.run.NoesisException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JointExperimentTest {
  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = SmallPeople.write(shared.resolve("study"));
  }

  private Experiment experiment(String... overrides) {
    return experiment(SmallPeople.recipe(overrides), "run");
  }

  private Experiment experiment(DecodingRecipe recipe, String out) {
    Execution execution = SmallPeople.execution(study, temporary.resolve(out));
    // Six epochs need not show anything.
    return new Experiment(recipe, execution.withAllowed(Set.of("NO-SIGNAL")));
  }

  @Test
  void oneDecoderPerFoldIsSharedAndSaysWhomItSaw() {
    Report report = experiment().run();
    Path run = temporary.resolve("run");
    Path weights = run.resolve("decoder/fold-001.safetensors");
    assertTrue(Files.isRegularFile(weights), "no shared decoder");
    assertTrue(Files.isRegularFile(run.resolve("decoder/fold-001.onnx")), "no graph");
    assertFalse(
        Files.exists(run.resolve("sub-01/decoder/fold-001.safetensors")),
        "a decoder of one subject");
    assertFalse(Files.exists(run.resolve("decoder/fold-001/checkpoint.safetensors")));
    try (Safetensors in = Safetensors.open(weights)) {
      Lineage lineage = Lineage.read(in.metadata(), weights).orElseThrow();
      assertEquals(List.of("simulated/01", "simulated/02"), lineage.subjects());
      assertEquals(48, lineage.stimuli().size(), "training pictures only");
      assertEquals(List.of(), lineage.parents());
    }
    assertEquals(List.of("01", "02"), report.subjects().stream().map(s -> s.id()).toList());
    List<String> told =
        report.study().facts().stream()
            .filter(line -> line.label().equals("subject told from decoded embeddings"))
            .map(Report.Line::value)
            .toList();
    assertEquals(1, told.size(), "whether the embeddings give away whose they are");
    assertTrue(
        told.get(0)
            .matches(
                "[01]\\.\\d{3} of 24 \\(chance 0\\.500, null up to 0\\.\\d{3}, p = 0\\.\\d{3}\\)"),
        told.get(0));
    LearningPanel learning = report.learning();
    assertEquals(1, learning.networks().size());
    assertEquals("all subjects", learning.networks().get(0).network());
    assertEquals(6, learning.networks().get(0).epochs().size());
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameBytes() throws Exception {
    experiment(SmallPeople.recipe(), "calm").train();
    AtomicInteger asked = new AtomicInteger();
    Path out = temporary.resolve("run");
    Execution stopping =
        SmallPeople.execution(study, out)
            .withCheckpointEvery(Duration.ZERO)
            .withCancelled(() -> asked.incrementAndGet() > 12);
    CancelledException stopped =
        assertThrows(
            CancelledException.class, () -> new Experiment(SmallPeople.recipe(), stopping).train());
    assertTrue(
        stopped.getMessage().contains("training was stopped after step"), stopped::getMessage);
    assertTrue(stopped.getMessage().contains("Run the same command again"), stopped::getMessage);
    assertTrue(Files.exists(out.resolve("decoder/fold-001/checkpoint.safetensors")));
    experiment().train();
    for (String file :
        List.of(
            "decoder/fold-001.safetensors",
            "decoder/fold-001.onnx",
            "decoder/fold-001/training.jsonl",
            "sub-01/decoded.npy",
            "sub-02/decoded.npy")) {
      assertArrayEquals(
          Files.readAllBytes(temporary.resolve("calm").resolve(file)),
          Files.readAllBytes(out.resolve(file)),
          file);
    }
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheRestIsLeftAlone() throws Exception {
    Path out = temporary.resolve("run");
    AtomicInteger asked = new AtomicInteger();
    Execution stopping =
        SmallPeople.execution(study, out).withCancelled(() -> asked.incrementAndGet() > 12);
    assertThrows(
        CancelledException.class, () -> new Experiment(SmallPeople.recipe(), stopping).train());
    Path checkpoint = out.resolve("decoder/fold-001/checkpoint.safetensors");
    byte[] whole = Files.readAllBytes(checkpoint);
    Files.write(checkpoint, java.util.Arrays.copyOf(whole, whole.length / 2));
    NoesisException e = assertThrows(NoesisException.class, () -> experiment().train());
    assertEquals(3, e.exitCode().code());
    assertTrue(e.getMessage().contains("checkpoint.safetensors"), e::getMessage);
    Files.write(checkpoint, whole);
    experiment().train();
  }

  @Test
  void whatOneIsTestedOnAndAnotherTrainedOnBlocks() {
    Path once = SmallPeople.write(temporary.resolve("once"), 1);
    // Everybody sees each picture once, in an order of their own: alone nobody's split leaks.
    String byTrial = "split.rule=by-trial";
    Execution execution = SmallPeople.execution(once, temporary.resolve("run"));
    AuditException blocked =
        assertThrows(
            AuditException.class,
            () -> new Experiment(SmallPeople.recipe(byTrial), execution).train());
    assertTrue(blocked.getMessage().contains("LEAK-STIMULUS"), blocked::getMessage);
    assertTrue(blocked.getMessage().contains("(through other subjects)"), blocked::getMessage);
    DecodingRecipe each = SmallPeople.recipe(byTrial, "encoder.subjects=each");
    assertEquals(List.of(), new Experiment(each, execution).check().blocking());
    DecodingRecipe byStimulus = SmallPeople.recipe("split.rule=by-stimulus", "split.folds=3");
    assertEquals(List.of(), new Experiment(byStimulus, execution).check().blocking());
  }

  @Test
  void whatHasNoWeightsOfEachSubjectIsRefusedWhereVoxelsDiffer() {
    RecipeException shared =
        assertThrows(
            RecipeException.class,
            () ->
                experiment(SmallPeople.recipe("encoder.settings.adapter=shared"), "shared")
                    .train());
    assertTrue(
        shared.getMessage().contains("no weights of each subject's own"), shared::getMessage);
    DecodingRecipe ridge =
        DecodingRecipe.of(Recipes.tree("simulated", List.of("encoder.subjects=together")));
    assertTrue(
        assertThrows(RecipeException.class, () -> experiment(ridge, "ridge").train())
            .getMessage()
            .contains("ridge has no weights of each subject's own"));
    RecipeException others =
        assertThrows(RecipeException.class, () -> experiment("encoder.subjects=others").train());
    assertTrue(others.getMessage().contains("(sub-02)"), others::getMessage);
  }

  @Test
  void whoIsTrainedTogetherBelongsToTheRecipe() {
    Execution one =
        SmallPeople.execution(study, temporary.resolve("run")).withSubjects(List.of("01"));
    assertTrue(
        assertThrows(RecipeException.class, () -> new Experiment(SmallPeople.recipe(), one).train())
            .getMessage()
            .contains("--set 'study.subjects=[\"01\"]'"),
        "quoted, for 01 is a number otherwise");
    assertThrows(RecipeException.class, () -> experiment("study.subjects=[\"01\"]").train());
    assertTrue(
        assertThrows(
                RecipeException.class, () -> experiment("study.subjects=[\"01\",\"09\"]").train())
            .getMessage()
            .contains("'09'"));
  }

  @Test
  void aLossThatIsNoNumberSaysWhatToDo() {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                experiment(
                        "encoder.training.optimizer.learningRate=1e30", "encoder.training.clip=0")
                    .train());
    assertTrue(e.getMessage().contains("training.optimizer.learningRate"), e::getMessage);
  }

  @Test
  void aNetworkTooLargeForTheMachineIsRefusedBeforeItIsMade() {
    MemoryException e =
        assertThrows(
            MemoryException.class, () -> experiment("encoder.settings.width=400000").train());
    assertTrue(e.getMessage().contains("GB"), e::getMessage);
  }

  @Test
  void aSubjectIsDecodedByWhatOthersTaughtOnceTheyAreAligned() {
    DecodingRecipe recipe =
        DecodingRecipe.of(
            Recipes.tree(
                "simulated",
                List.of(
                    "evaluation.permutations=99",
                    "evaluation.bootstraps=99",
                    "encoder.subjects=others",
                    "responses.alignment.method=shared-response",
                    "responses.alignment.features=20")));
    Report report = experiment(recipe, "run").run();
    for (SubjectPanel subject : report.subjects()) {
      ScoreLine agreement =
          subject.scores().stream()
              .filter(s -> s.metric().equals("embedding_correlation_centred"))
              .findFirst()
              .orElseThrow();
      assertTrue(agreement.value() > agreement.nullHigh(), agreement::toString);
      Path weights = temporary.resolve("run/sub-" + subject.id() + "/decoder/fold-001.safetensors");
      try (Safetensors in = Safetensors.open(weights)) {
        Lineage lineage = Lineage.read(in.metadata(), weights).orElseThrow();
        assertFalse(lineage.subjects().contains("simulated/" + subject.id()), "saw itself");
        assertEquals(2, lineage.subjects().size());
      }
    }
    encodesNewResponsesOfThoseItKnows(recipe);
  }

  /** Each subject has statistics and a map of its own, though others taught what follows. */
  private void encodesNewResponsesOfThoseItKnows(DecodingRecipe recipe) {
    Path run = temporary.resolve("run");
    Path file =
        PriorExperimentTest.testResponses(recipe, study, run, "02", temporary.resolve("new.npy"));
    EncodingSpec spec = EncodingSpec.of(run, ResponseFiles.of(file), temporary.resolve("encoded"));
    EncodingSpec.Decoder known =
        new EncodingSpec.Decoder.OfRun(run, Optional.of("02"), OptionalInt.empty());
    assertArrayEquals(
        Npy.read(run.resolve("sub-02/decoded.npy")).array(),
        Encoding.of(spec.with(known), Progress.NONE).embeddings().array());
    EncodingSpec.Decoder unknown =
        new EncodingSpec.Decoder.OfRun(run, Optional.of("07"), OptionalInt.empty());
    EncodingSpec other =
        EncodingSpec.of(run, ResponseFiles.of(file), temporary.resolve("other")).with(unknown);
    RecipeException e =
        assertThrows(RecipeException.class, () -> Encoding.of(other, Progress.NONE));
    assertTrue(e.getMessage().contains("no subject '07'"), e::getMessage);
    assertTrue(e.getMessage().contains("noesis adapt"), e::getMessage);
  }

  private static DecodingRecipe places(String name, String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\",\"02\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.subjects=together",
                "encoder.start=random",
                "encoder.settings.encoder.width=16",
                "encoder.settings.encoder.depth=1",
                "encoder.training.epochs=3",
                "encoder.training.batchSize=16"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree(name, all));
  }

  @Test
  void peopleWithOtherVoxelsShareANetworkThatGoesByWhereTheyLie() {
    for (DecodingRecipe recipe :
        List.of(
            places("simulated-vit3d"),
            places(
                "simulated-parcels",
                "encoder.settings.parcels=6",
                "encoder.settings.adapter=subject"))) {
      experiment(recipe, recipe.name()).train();
      Path folder = temporary.resolve(recipe.name());
      Path weights = folder.resolve("decoder/fold-001.safetensors");
      assertTrue(Files.isRegularFile(folder.resolve("sub-02/decoded.npy")), "not decoded");
      try (Safetensors in = Safetensors.open(weights)) {
        String sizes = in.metadata().get("sizes");
        assertTrue(sizes.contains("\"subjects\":[\"01\",\"02\"]"), sizes);
      }
    }
    RecipeException shared =
        assertThrows(
            RecipeException.class, () -> experiment(places("simulated-parcels"), "run").train());
    assertTrue(shared.getMessage().contains("encoder.settings.adapter"), shared::getMessage);
    RecipeException others =
        assertThrows(
            RecipeException.class,
            () ->
                experiment(
                        places(
                            "simulated-vit3d",
                            "encoder.subjects=others",
                            "study.subjects=[\"01\",\"02\",\"03\"]"),
                        "others")
                    .train());
    assertTrue(others.getMessage().contains("in different places"), others::getMessage);
  }

  @Test
  void alignmentNeedsSeveralSubjects() {
    assertThrows(
        RecipeException.class,
        () ->
            DecodingRecipe.of(
                Recipes.tree("simulated", List.of("responses.alignment.method=procrustes"))));
  }
}
