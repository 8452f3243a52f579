package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.report.LearningPanel;
import io.noesis.report.Report;
import io.noesis.report.ScoreLine;
import io.noesis.run.DataException;
import io.noesis.run.NoesisException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How simulated pictures begin to move, decoded by a network that is told their first frame: better
 * than what the frame alone says, and no better where the responses do not belong to the pictures.
 */
class MotionExperimentTest {
  private static final int SIDE = 4;

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;
  private static Path run;

  @BeforeAll
  static void train() {
    study = shared.resolve("study");
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(3, 100)
                .withPictures(new PicturePlan(240, 1, 24, 2, 32))
                .withSignal(
                    new SignalPlan(0.9, usual.noiseVoxels(), usual.rho(), usual.driftPercent()))
                .withMotion(SIDE),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    run = shared.resolve("run");
    new Experiment(recipe(), execution(study, run)).run();
  }

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "evaluation.gallery=0",
                "encoder.settings.codes=24",
                "encoder.settings.width=32",
                "encoder.settings.blocks=1",
                "encoder.training.epochs=30",
                "encoder.training.batchSize=16",
                "encoder.training.optimizer.learningRate=0.005"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-motion", all));
  }

  private static Execution execution(Path study, Path out) {
    return SmallPeople.execution(study, out).withAllowed(Set.of("NO-SIGNAL"));
  }

  /** A number of the end-point error of repetitions averaged. */
  private static double error(Path run, String encoder, String column) {
    TsvTable scores = Tsv.read(run.resolve("scores.tsv"));
    for (int row = 0; row < scores.rows(); row++) {
      if (scores.texts("metric").get(row).equals("end_point_error")
          && scores.texts("encoder").get(row).equals(encoder)
          && scores.texts("variant").get(row).equals("repetitions averaged")) {
        return Double.parseDouble(scores.texts(column).get(row));
      }
    }
    throw new AssertionError("no end-point error of " + encoder);
  }

  @Test
  void motionIsDecodedBetterThanAnythingSaysWithoutTheBrain() {
    double decoded = error(run, "brain-nrds", "value");
    double exchanged = error(run, "brain-nrds", "null_low");
    assertTrue(decoded < exchanged, decoded + " against exchanged responses' " + exchanged);
    assertEquals(0.01, error(run, "brain-nrds", "p"), 1e-12);
    double mean = error(run, "mean of training targets", "value");
    double told = error(run, "mean over exchanged responses", "value");
    assertTrue(decoded < 0.7 * mean, decoded + " against the mean flow's " + mean);
    assertTrue(decoded < 0.7 * told, decoded + " against the frame's alone " + told);
    assertTrue(decoded < error(run, "ridge", "value"), "beats ridge, which is not told the frame");
  }

  @Test
  void whereResponsesBelongToOthersTheFrameIsAllThatIsLeft() {
    Path control = temporary.resolve("control");
    Report report = new Experiment(recipe("control=shuffled-ids"), execution(study, control)).run();
    double value = error(control, "brain-nrds", "value");
    assertTrue(value > error(control, "brain-nrds", "null_low"), "inside its null");
    assertTrue(value > 0.85 * error(run, "mean of training targets", "value"), "found " + value);
    assertTrue(
        report.verdict().headline().startsWith("Control"), () -> report.verdict().headline());
  }

  private static Tensor codebook(Path run) {
    return codebook(run, "sub-01/decoder");
  }

  private static Tensor codebook(Path run, String decoders) {
    try (Safetensors weights =
        Safetensors.open(run.resolve(decoders).resolve("fold-001.safetensors"))) {
      return weights.read("flow.embedding.codebook");
    }
  }

  /** With other flows in the test pictures the codes are the same, with others in training not. */
  @Test
  void theCodesKnowNoTestPicture() throws IOException {
    Set<String> tested = Set.copyOf(Tsv.read(run.resolve("sub-01/decoded.tsv")).texts("stimulus"));
    Path flow = study.resolve("stimuli/flow.npy");
    byte[] before = Files.readAllBytes(flow);
    List<String> ids = Tsv.read(study.resolve("stimuli/flow.tsv")).texts("id");
    try {
      for (boolean test : new boolean[] {true, false}) {
        Tensor changed = Npy.read(flow);
        int width = changed.size() / ids.size();
        for (int i = 0; i < changed.size(); i++) {
          changed.array()[i] *= tested.contains(ids.get(i / width)) == test ? 3 : 1;
        }
        Npy.write(flow, changed);
        Path other = temporary.resolve("other " + test);
        new Experiment(recipe("encoder.training.epochs=1"), execution(study, other)).train();
        if (test) {
          assertEquals(codebook(run), codebook(other));
        } else {
          assertNotEquals(codebook(run), codebook(other));
        }
        Files.write(flow, before);
      }
    } finally {
      Files.write(flow, before);
    }
  }

  @Test
  void newResponsesAreDecodedWithWhatTheDecoderIsTold() {
    Decoded decoded = Decoded.read(RunFolder.open(run), "01");
    DecodingRecipe recipe = recipe();
    Path responses = temporary.resolve("responses.npy");
    PriorExperimentTest.testResponses(recipe, study, run, "01", responses);
    List<String> ids = Tsv.read(study.resolve("stimuli/first_frame.tsv")).texts("id");
    int[] rows =
        Tsv.read(run.resolve("sub-01/decoded.tsv")).texts("stimulus").stream()
            .mapToInt(ids::indexOf)
            .toArray();
    Path frames = temporary.resolve("frames.npy");
    Npy.write(frames, Npy.read(study.resolve("stimuli/first_frame.npy")).rows(rows));
    EncodingSpec plain =
        EncodingSpec.of(run, ResponseFiles.of(responses), temporary.resolve("new"));
    refused(plain, RecipeException.class, 2, "must be told first-frame");
    String axes = "expected [" + rows.length + ", " + SIDE * SIDE + ", 4]";
    Path turned = temporary.resolve("turned.npy");
    Npy.write(turned, Npy.read(frames).reshape(rows.length, 4, SIDE * SIDE));
    for (Path other : List.of(responses, turned)) {
      refused(
          plain.telling(new ToldFiles(Map.of("first-frame", other))), DataException.class, 3, axes);
    }
    ToldFiles told = new ToldFiles(Map.of("first-frame", frames));
    Tensor again = Encoding.of(plain.telling(told), Progress.NONE).embeddings();
    close(decoded.values(), again, 1e-4);
    Path exported = temporary.resolve("exported");
    DecoderExport.write(
        RunFolder.open(run), List.of("01"), OptionalInt.empty(), exported, Progress.NONE);
    Path graph = exported.resolve("sub-01/fold-001.onnx");
    try (OnnxModel model = OnnxModel.open(graph, OnnxOptions.SINGLE_THREADED)) {
      assertEquals(
          List.of("response", "first-frame"), model.inputs().stream().map(OnnxPort::name).toList());
      assertEquals(
          List.of("embedding", "codes"), model.outputs().stream().map(OnnxPort::name).toList());
    }
    EncodingSpec foreign =
        new EncodingSpec(
            new EncodingSpec.Decoder.Onnx(
                graph,
                Optional.of(exported.resolve("sub-01/fold-001_preparation.safetensors")),
                Optional.empty(),
                0,
                Optional.empty()),
            ResponseFiles.of(responses),
            temporary.resolve("foreign"),
            Execution.Existing.RESUME,
            Optional.empty(),
            5);
    refused(foreign, NoesisException.class, 6, "--input");
    refused(
        foreign.telling(new ToldFiles(Map.of("first-frame", turned))),
        DataException.class,
        3,
        axes);
    close(again, Encoding.of(foreign.telling(told), Progress.NONE).embeddings(), 1e-4);
  }

  /** Each decoder of a run is told what it asks for; here ridge beside asks for nothing. */
  @Test
  void newResponsesAreDecodedIntoFurtherTargetsThatAreToldNothing() {
    Path both = temporary.resolve("both");
    DecodingRecipe recipe =
        recipe(
            "encoder.training.epochs=1", "also={text: {targets: {of: caption, pack: embedded}}}");
    new Experiment(recipe, execution(study, both)).train();
    Path responses = temporary.resolve("responses.npy");
    PriorExperimentTest.testResponses(recipe, study, both, "01", responses);
    int rows = Npy.read(responses).dim(0);
    Path frames = temporary.resolve("frames.npy");
    Npy.write(frames, Tensor.zeros(rows, SIDE * SIDE, 4));
    Path out = temporary.resolve("new");
    EncodingSpec plain = EncodingSpec.of(both, ResponseFiles.of(responses), out);
    refused(plain, RecipeException.class, 2, "must be told first-frame");
    ToldFiles told = new ToldFiles(Map.of("first-frame", frames));
    Encoding.of(plain.telling(told), Progress.NONE);
    close(
        Decoded.read(RunFolder.open(both.resolve("also/text")), "01").values(),
        Npy.read(out.resolve("also/text/embeddings.npy")),
        1e-4);
  }

  private static void close(Tensor expected, Tensor found, double tolerance) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.array()[i], found.array()[i], tolerance);
    }
  }

  private static void refused(
      EncodingSpec spec, Class<? extends NoesisException> as, int code, String part) {
    NoesisException e = assertThrows(as, () -> Encoding.of(spec, Progress.NONE));
    assertEquals(code, e.exitCode().code());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  /** A network for all people together is told the frame, and whose response it is. */
  @Test
  void peopleAreTrainedTogether() {
    Path out = temporary.resolve("together");
    new Experiment(
            recipe(
                "study.subjects=[\"01\",\"02\"]",
                "encoder.subjects=together",
                "encoder.settings.backbone.adapter=subject",
                "encoder.training.epochs=1"),
            execution(study, out))
        .train();
    for (String subject : List.of("01", "02")) {
      List<Tensor> exchanged =
          ExchangedResponses.read(ExchangedResponses.file(RunFolder.open(out), "sub-" + subject));
      assertEquals(99, exchanged.size());
      assertNotEquals(exchanged.get(0), exchanged.get(1));
      assertEquals(
          Decoded.read(RunFolder.open(out), subject).values().shape(), exchanged.get(0).shape());
    }
    try (OnnxModel model =
        OnnxModel.open(out.resolve("decoder/fold-001.onnx"), OnnxOptions.SINGLE_THREADED)) {
      assertEquals(
          Set.of("response", "first-frame", "subject"),
          Set.copyOf(model.inputs().stream().map(OnnxPort::name).toList()));
    }
  }

  private static LearningPanel.LearningLine point(Report report, String model, int trials) {
    return report.learning().newSubjects().get(0).points().stream()
        .filter(p -> p.model().equals(model) && p.trials() == trials)
        .filter(p -> p.score().metric().equals("end_point_error"))
        .findFirst()
        .orElseThrow();
  }

  /** Its map is the new person's own; codes, and what the frame says, are those of the others. */
  @Test
  void aNetworkThatIsToldTheFrameLearnsANewPerson() {
    Path parent = temporary.resolve("parent");
    new Experiment(
            recipe(
                "study.subjects=[\"01\",\"02\"]",
                "encoder.subjects=together",
                "encoder.settings.backbone.adapter=subject"),
            execution(study, parent))
        .train();
    AdaptationSpec how =
        new AdaptationSpec(
            parent,
            List.of(1.0),
            List.of(40),
            AdaptationSpec.Tune.SUBJECT,
            Optional.empty(),
            List.of(AdaptationSpec.Against.values()));
    Path out = temporary.resolve("adapted");
    Report report =
        new Experiment(
                DecodingRecipe.of(Recipes.adapting(parent, how, List.of())),
                execution(study, out).withSubjects(List.of("03")))
            .run();
    assertEquals(codebook(parent, "decoder"), codebook(out, "sub-03/decoder"));
    RunFolder folder = RunFolder.open(out);
    for (String told : List.of("adapted", "scratch")) {
      for (int trials : new int[] {40, 240}) {
        LearningPoint kept = LearningPoint.read(folder, "03", told, trials).orElseThrow();
        assertEquals(99, kept.exchanged().size());
        assertEquals(kept.values().shape(), kept.exchanged().get(0).shape());
        ScoreLine score = point(report, told, trials).score();
        assertTrue(score.nullLow() > 0 && score.chance() < 2 * score.nullLow(), score::toString);
      }
    }
    assertEquals(
        List.of(), LearningPoint.read(folder, "03", "ridge", 40).orElseThrow().exchanged());
    ScoreLine all = point(report, "adapted", 240).score();
    assertEquals(error(out, "brain-nrds", "value"), all.value(), 1e-9);
    assertEquals(error(out, "brain-nrds", "chance"), all.chance(), 1e-9);
    assertEquals(0.01, all.p(), 1e-12);
    double few = point(report, "adapted", 40).score().value();
    double scratch = point(report, "scratch", 40).score().value();
    double mean = error(out, "mean of training targets", "value");
    assertTrue(few < 0.9 * scratch, few + " of 40 trials, from scratch " + scratch);
    assertTrue(all.value() < 0.75 * mean, all.value() + " against the mean flow's " + mean);
    refusedAdaptation(
        parent, how, "first-frame", "encoder.inputs.first-frame.file=stimuli/flow.npy");
  }

  /** Clips of a later study are others: their file is not that of the parent. */
  @Test
  void aLaterStudyBringsItsOwnClipsAlong() throws IOException {
    Path parent = temporary.resolve("parent");
    new Experiment(
            recipe(
                "study.subjects=[\"01\",\"02\"]",
                "encoder.subjects=together",
                "encoder.settings.backbone.adapter=subject",
                "encoder.training.epochs=1"),
            execution(study, parent))
        .train();
    Map<Path, byte[]> before = new LinkedHashMap<>();
    try {
      for (String name : List.of("flow", "first_frame")) {
        Path numbers = study.resolve("stimuli/" + name + ".npy");
        Path ids = study.resolve("stimuli/" + name + ".tsv");
        before.put(numbers, Files.readAllBytes(numbers));
        before.put(ids, Files.readAllBytes(ids));
        Tensor rows = Npy.read(numbers);
        int count = rows.dim(0);
        Npy.write(numbers, rows.rows(IntStream.range(0, count).map(i -> count - 1 - i).toArray()));
        List<String> lines = new ArrayList<>(Files.readAllLines(ids));
        Collections.reverse(lines.subList(1, lines.size()));
        Files.write(ids, lines);
      }
      Path out = temporary.resolve("later");
      new Experiment(
              DecodingRecipe.of(
                  Recipes.adapting(parent, AdaptationSpec.of(parent, List.of(1.0)), List.of())),
              execution(study, out).withSubjects(List.of("03")))
          .train();
      assertEquals(codebook(parent, "decoder"), codebook(out, "sub-03/decoder"));
    } finally {
      for (Map.Entry<Path, byte[]> file : before.entrySet()) {
        Files.write(file.getKey(), file.getValue());
      }
    }
  }

  private void refusedAdaptation(Path parent, AdaptationSpec how, String part, String override) {
    NoesisException e =
        assertThrows(
            NoesisException.class,
            () ->
                new Experiment(
                        DecodingRecipe.of(Recipes.adapting(parent, how, List.of(override))),
                        execution(study, temporary.resolve("refused")).withSubjects(List.of("03")))
                    .train());
    assertTrue(
        e.getMessage().contains(part) && e.getMessage().contains("encoder.inputs"), e::getMessage);
  }

  /** What the frame says of a further target is in its chance, too. */
  @Test
  void furtherTargetsHaveTheSameNull() throws IOException {
    Tensor flow = Npy.read(study.resolve("stimuli/flow.npy"));
    Npy.write(study.resolve("stimuli/again.npy"), flow.reshape(flow.dim(0), SIDE * SIDE * 2));
    Files.copy(study.resolve("stimuli/flow.tsv"), study.resolve("stimuli/again.tsv"));
    Path out = temporary.resolve("heads");
    new Experiment(
            recipe(
                "encoder.heads.again={of: array, file: stimuli/again.npy}",
                "encoder.training.loss.settings.parts=[{loss: cross-entropy, head: codes, target:"
                    + " codes}, {loss: mse, target: again}]",
                "encoder.training.epochs=6"),
            execution(study, out))
        .run();
    RunFolder folder = RunFolder.open(out);
    List<Tensor> exchanged = ExchangedResponses.read(HeadScores.exchanged(folder, "01", "again"));
    assertEquals(99, exchanged.size());
    assertEquals(
        ExchangedResponses.read(ExchangedResponses.file(folder, "sub-01")),
        exchanged,
        "of the embedding itself");
    TsvTable scores = Tsv.read(out.resolve("scores.tsv"));
    double chance = Double.NaN;
    for (int row = 0; row < scores.rows(); row++) {
      if (scores.texts("encoder").get(row).equals("brain-nrds, again")
          && scores.texts("metric").get(row).startsWith("image_from_brain.two_way")) {
        chance = Double.parseDouble(scores.texts("chance").get(row));
      }
    }
    assertNotEquals(0.5, chance, 1e-6, "that of a blind guess");
    Files.delete(HeadScores.exchanged(folder, "01", "again"));
    DataException missed =
        assertThrows(
            DataException.class, () -> new Evaluation(folder, execution(study, out)).evaluate());
    assertTrue(missed.getMessage().contains("again_exchanged.npy"), missed::getMessage);
    wrong(
        "heads of attributes",
        "encoder.heads.colour={of: attribute, attribute: {column: colour, concepts: [red, blue]}}",
        "encoder.training.loss.settings.parts=[{loss: mse, target: colour}]");
  }

  @Test
  void whatCannotBePretrainedIsRefused() {
    RecipeException e =
        assertThrows(
            RecipeException.class,
            () ->
                new Experiment(
                        recipe("encoder.pretraining={rows: training}"),
                        execution(study, temporary.resolve("pretrained")))
                    .train());
    assertTrue(e.getMessage().contains("nothing that it could learn"), e::getMessage);
  }

  @Test
  void recipesThatDoNotFitAreRefused() throws IOException {
    wrong("must be told first-frame", "encoder.inputs=null");
    wrong("other than [embedding, response, subject]", "encoder.inputs.subject={of: caption}");
    wrong("name one, others none", "targets.file=null");
    wrong(
        "there is no target 'flows'",
        "encoder.training.loss.settings.parts=[{loss: cross-entropy,"
            + " head: codes, target: flows}]");
    wrong("left-out categories have no null", "evaluation.pool=left-out");
    wrong("ridge cannot be added", "encoder.start=ridge");
    wrong(
        "other than its output 'codes'",
        "encoder.settings.input=codes",
        "encoder.inputs={codes: {of: array, file: stimuli/first_frame.npy}}");
    Npy.write(study.resolve("stimuli/odd.npy"), Tensor.zeros(264, 7));
    Files.copy(study.resolve("stimuli/flow.tsv"), study.resolve("stimuli/odd.tsv"));
    RecipeException places =
        assertThrows(
            RecipeException.class,
            () ->
                new Experiment(
                        recipe("encoder.inputs.first-frame.file=stimuli/odd.npy"),
                        execution(study, temporary.resolve("no")))
                    .train());
    assertTrue(places.getMessage().contains("16 places"), places.getMessage());
    DataException missing =
        assertThrows(
            DataException.class,
            () ->
                new Experiment(
                        recipe("targets.file=stimuli/none.npy"),
                        execution(study, temporary.resolve("none")))
                    .train());
    assertTrue(missing.getMessage().contains("there is no file"), missing.getMessage());
  }

  private static void wrong(String part, String... overrides) {
    RecipeException e = assertThrows(RecipeException.class, () -> recipe(overrides));
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
