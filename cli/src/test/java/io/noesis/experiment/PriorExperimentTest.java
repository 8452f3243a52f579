package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.train.Lineage;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.reconstruction.diffusion.EmbeddingPrior;
import io.noesis.reconstruction.diffusion.EmbeddingRequest;
import io.noesis.reconstruction.diffusion.Priors;
import io.noesis.reconstruction.diffusion.SamplingPlan;
import io.noesis.reconstruction.pack.ModelFolder;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.verify.GoldenPair;
import io.noesis.report.Report;
import io.noesis.run.CancelledException;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriorExperimentTest {
  @TempDir Path temporary;

  private static DecodingRecipe recipe(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "study.subjects=[\"01\"]",
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.prior.network={widths: [32, 16], timeWidth: 16, dropout: 0}",
                "encoder.prior.folds=2",
                "encoder.prior.training.epochs=3",
                "encoder.prior.training.batchSize=16",
                "encoder.prior.sampling.steps=4"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-prior", all));
  }

  private Report run(Path study, DecodingRecipe recipe, String out) {
    Execution execution = SmallPeople.execution(study, temporary.resolve(out));
    return new Experiment(recipe, execution.withAllowed(Set.of("NO-SIGNAL"))).run();
  }

  @Test
  void drawsReplaceWhatRidgeDecodedAndAreHeldAgainstIt() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    Report report = run(study, recipe(), "drawn");
    run(study, recipe(), "again");
    run(study, recipe("encoder.prior=null"), "ridge");
    Path drawn = temporary.resolve("drawn/sub-01");
    assertLearnedFromSubjectOne(drawn.resolve("decoder/fold-001_prior.onnx"));
    Tensor values = Npy.read(drawn.resolve("decoded.npy"));
    assertArrayEquals(
        values.array(), Npy.read(temporary.resolve("again/sub-01/decoded.npy")).array());
    Tensor ridge = Npy.read(temporary.resolve("ridge/sub-01/decoded.npy"));
    assertFalse(Arrays.equals(ridge.array(), values.array()), "draws, not what ridge decoded");
    assertArrayEquals(
        ridge.array(),
        Npy.read(drawn.resolve("ridge/fold-001_decoded.npy")).array(),
        1e-5f,
        "the ridge beside it is the run without a prior");
    assertEquals("01", report.ridge().subjects().get(0).subject());
    List<String> encoders =
        Tsv.read(temporary.resolve("drawn/scores.tsv")).texts("encoder").stream()
            .distinct()
            .toList();
    assertEquals(List.of("ridge and prior", "ridge"), encoders);
    drawsNewResponsesAsTheRunDrew(study);
  }

  private static void assertLearnedFromSubjectOne(Path prior) {
    try (OnnxModel graph = OnnxModel.open(prior, OnnxOptions.SINGLE_THREADED)) {
      Lineage lineage = Lineage.read(graph.metadata(), prior).orElseThrow();
      assertTrue(lineage.subjects().get(0).endsWith("/01"), lineage::toString);
      assertFalse(lineage.stimuli().isEmpty());
    }
  }

  private static DecodingRecipe mindEye1(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "evaluation.permutations=99",
                "evaluation.bootstraps=99",
                "encoder.settings.backbone.width=12",
                "encoder.settings.projector=8",
                "encoder.training.epochs=3",
                "encoder.training.batchSize=16",
                "encoder.prior.sampling.steps=4"));
    all.addAll(List.of(overrides));
    return DecodingRecipe.of(Recipes.tree("simulated-mindeye1", all));
  }

  /** Stopped while the prior learns, it goes on to the same bytes, and leaves no checkpoint. */
  @Test
  void aStoppedPriorGoesOnToTheSameBytes() throws IOException {
    Path study = SmallPeople.write(temporary.resolve("study"));
    DecodingRecipe recipe =
        recipe(
            "encoder.architecture=residual-mlp",
            "encoder.settings={width: 12, blocks: 1}",
            "encoder.training={epochs: 1, batchSize: 16}");
    run(study, recipe, "calm");
    Path out = temporary.resolve("stopped");
    Path training = out.resolve("sub-01/decoder/fold-001_prior");
    Execution often =
        SmallPeople.execution(study, out)
            .withAllowed(Set.of("NO-SIGNAL"))
            .withCheckpointEvery(Duration.ZERO);
    Execution stopping =
        often.withCancelled(() -> Files.exists(training.resolve("checkpoint.safetensors")));
    CancelledException stopped =
        assertThrows(CancelledException.class, () -> new Experiment(recipe, stopping).run());
    assertTrue(stopped.getMessage().contains("after step 1 of"), stopped::getMessage);
    assertTrue(stopped.getMessage().contains("Run the same command again"), stopped::getMessage);
    assertFalse(Files.exists(out.resolve("sub-01/decoder/fold-001_prior.onnx")));
    new Experiment(recipe, often).run();
    assertEquals(3, Files.readAllLines(training.resolve(SmallPeople.METRICS)).size());
    for (String file : List.of("sub-01/decoder/fold-001_prior.onnx", "sub-01/decoded.npy")) {
      assertEquals(
          -1, Files.mismatch(temporary.resolve("calm").resolve(file), out.resolve(file)), file);
    }
    try (Stream<Path> files = Files.walk(out)) {
      assertEquals(List.of(), files.filter(f -> f.endsWith("checkpoint.safetensors")).toList());
    }
  }

  /** One prior for both people, whose voxels differ; each one's draws are drawn again. */
  @Test
  void aPriorThatWasTrainedTogetherWithTheNetworkOfSeveralDraws() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    DecodingRecipe recipe =
        mindEye1(
            "study.subjects=[\"01\", \"02\"]",
            "encoder.subjects=together",
            "encoder.settings.backbone.adapter=subject",
            "encoder.training.batches.subjects=balanced");
    run(study, recipe, "together");
    Path run = temporary.resolve("together");
    assertTrue(Files.isRegularFile(run.resolve("decoder/fold-001_prior.onnx")));
    for (String subject : List.of("01", "02")) {
      assertDrawnAgain(recipe, study, run, subject);
    }
    assertEquals(
        List.of("mindeye and prior", "ridge"),
        Tsv.read(run.resolve("scores.tsv")).texts("encoder").stream().distinct().toList());
  }

  /** What two taught, network and prior, draws for the third, whose own trials taught neither. */
  @Test
  void aPriorThatWasTrainedTogetherWithTheNetworkOfOthersDraws() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    DecodingRecipe recipe =
        mindEye1(
            "study.subjects=[\"01\", \"02\", \"03\"]",
            "encoder.subjects=others",
            "encoder.training.epochs=1",
            "encoder.training.batches.subjects=balanced",
            "responses.alignment.method=shared-response",
            "responses.alignment.features=20");
    run(study, recipe, "others");
    Path run = temporary.resolve("others");
    Set<String> priors = new HashSet<>();
    for (String subject : List.of("01", "02", "03")) {
      assertDrawnAgain(recipe, study, run, subject);
      priors.add(
          Fingerprint.ofFile(run.resolve("sub-" + subject + "/decoder/fold-001_prior.onnx")));
    }
    assertEquals(3, priors.size(), "one prior for each, without its own trials");
    assertEquals(
        List.of("mindeye and prior", "ridge"),
        Tsv.read(run.resolve("scores.tsv")).texts("encoder").stream().distinct().toList());
  }

  /** The condition is the output tokens, which the exported graph gives under this name. */
  @Test
  void itsExportedPackDrawsFromTheGraphsOutput() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    run(study, mindEye1("study.subjects=[\"01\"]"), "mindeye1");
    Path run = temporary.resolve("mindeye1");
    assertDrawnAgain(mindEye1("study.subjects=[\"01\"]"), study, run, "01");
    DecoderExport.Exported exported =
        DecoderExport.write(
                RunFolder.open(run),
                List.of(),
                OptionalInt.empty(),
                temporary.resolve("graphs"),
                Progress.NONE)
            .get(0);
    ModelPack added =
        new ModelFolder(temporary.resolve("models"))
            .add(exported.prior().orElseThrow(), Progress.NONE);
    assertTrue(GoldenPair.check(added, Progress.NONE).isPresent());
  }

  @Test
  void aPriorBehindTheNetworkOfSeveralDraws() {
    Path study = SmallPeople.write(temporary.resolve("study"));
    DecodingRecipe recipe =
        recipe(
            "study.subjects=[\"01\", \"02\"]",
            "encoder.subjects=together",
            "encoder.architecture=residual-mlp",
            "encoder.settings={width: 12, blocks: 1, adapter: subject}",
            "encoder.training={epochs: 2, batchSize: 16}");
    run(study, recipe, "several");
    Path run = temporary.resolve("several");
    assertTrue(Files.isRegularFile(run.resolve("decoder/fold-001_prior.onnx")));
    assertDrawnAgain(recipe, study, run, "02");
  }

  @Test
  void aPriorTogetherNeedsItsPartOfTheLoss() {
    RecipeException refused =
        assertThrows(RecipeException.class, () -> mindEye1("encoder.training.loss={name: mse}"));
    assertTrue(refused.getMessage().contains("{loss: prior, weight: 30}"), refused.getMessage());
  }

  private void assertDrawnAgain(DecodingRecipe recipe, Path study, Path run, String subject) {
    Path responses =
        testResponses(recipe, study, run, subject, temporary.resolve("again-" + subject + ".npy"));
    EncodingSpec spec =
        EncodingSpec.of(
                run, ResponseFiles.of(responses), temporary.resolve(run.getFileName() + subject))
            .with(new EncodingSpec.Decoder.OfRun(run, Optional.of(subject), OptionalInt.empty()));
    assertArrayEquals(
        Npy.read(run.resolve("sub-" + subject + "/decoded.npy")).array(),
        Encoding.of(spec, Progress.NONE).embeddings().array(),
        "drawn again of subject " + subject);
  }

  /** The fold's test trials in their order, as if they were new. */
  private void drawsNewResponsesAsTheRunDrew(Path study) {
    Path run = temporary.resolve("drawn");
    Path responses = testResponses(recipe(), study, run, "01", temporary.resolve("again.npy"));
    Path out = temporary.resolve("new");
    EncodingSpec spec = EncodingSpec.of(run, ResponseFiles.of(responses), out);
    Encoding.Encoded encoded = Encoding.of(spec, Progress.NONE);
    float[] drawn = Npy.read(run.resolve("sub-01/decoded.npy")).array();
    assertArrayEquals(drawn, encoded.embeddings().array());
    assertArrayEquals(drawn, Npy.read(out.resolve("embeddings.npy")).array());
    exportedPriorsAreModelPacks(
        run, responses, Npy.read(temporary.resolve("ridge/sub-01/decoded.npy")));
    Path prior = run.resolve("sub-01/decoder/fold-001_prior.onnx");
    assertTrue(read(out.resolve("provenance.json")).contains(Fingerprint.ofFile(prior)));
    damage(prior);
    EncodingSpec again = EncodingSpec.of(run, ResponseFiles.of(responses), temporary.resolve("x"));
    ModelException e = assertThrows(ModelException.class, () -> Encoding.of(again, Progress.NONE));
    assertTrue(e.getMessage().contains("fold-001_prior.onnx"), e::getMessage);
    assertFalse(Files.exists(temporary.resolve("x")));
  }

  /** Graph, statistics and the prior's pack, as another program would take them. */
  private void exportedPriorsAreModelPacks(Path run, Path responses, Tensor decodedAgain) {
    Path graphs = temporary.resolve("graphs");
    DecoderExport.Exported exported =
        DecoderExport.write(
                RunFolder.open(run), List.of(), OptionalInt.empty(), graphs, Progress.NONE)
            .get(0);
    Path pack = exported.prior().orElseThrow();
    assertTrue(read(graphs.resolve(DecoderExport.MANIFEST)).contains("fold-001_prior"));
    assertTrue(read(pack.resolve(ModelPack.MANIFEST)).contains("training trials of the split"));
    ModelFolder folder = new ModelFolder(temporary.resolve("models"));
    ModelPack added = folder.add(pack, Progress.NONE);
    String golden = GoldenPair.check(added, Progress.NONE).orElseThrow();
    assertTrue(golden.startsWith("its embedding comes out within"), golden);
    try (EmbeddingPrior prior = Priors.open(added, OnnxOptions.SINGLE_THREADED)) {
      assertEquals(TargetTable.read(RunFolder.open(run)).embeddings().space(), prior.space());
      assertEquals(prior.space(), prior.given());
      int rows = decodedAgain.dim(0);
      List<Long> seeds = IntStream.range(0, rows).mapToObj(i -> (long) i).toList();
      Tensor drawn =
          prior.draw(EmbeddingRequest.of(decodedAgain, seeds, prior.plan()), Progress.NONE);
      assertEquals(decodedAgain.shape(), drawn.shape());
      assertFalse(Arrays.equals(decodedAgain.array(), drawn.array()));
      Tensor one =
          prior.draw(
              EmbeddingRequest.of(decodedAgain.rows(new int[] {1}), List.of(1L), prior.plan()),
              Progress.NONE);
      assertArrayEquals(drawn.rows(new int[] {1}).array(), one.array(), "a row alone");
      Path statistics = exported.graph().resolveSibling("fold-001_preparation.safetensors");
      EncodingSpec spec =
          EncodingSpec.of(run, ResponseFiles.of(responses), temporary.resolve("by-graph"))
              .with(
                  new EncodingSpec.Decoder.Onnx(
                      exported.graph(),
                      Optional.of(statistics),
                      Optional.empty(),
                      0,
                      Optional.of(PriorPackSpec.of(pack.toString()))));
      Tensor byGraph = Encoding.of(spec, Progress.NONE).embeddings();
      assertArrayEquals(drawn.array(), byGraph.array(), 1e-3f, "graph, statistics and prior");
      PriorPackSpec given =
          new PriorPackSpec(
              pack.toString(),
              OptionalInt.of(2),
              OptionalDouble.empty(),
              Map.of("eta", 0.5),
              OptionalLong.of(7));
      Tensor other =
          Encoding.of(
                  new EncodingSpec(
                      new EncodingSpec.Decoder.Onnx(
                          exported.graph(),
                          Optional.of(statistics),
                          Optional.empty(),
                          0,
                          Optional.of(given)),
                      spec.responses(),
                      temporary.resolve("by-keys"),
                      Execution.Existing.RESUME,
                      Optional.empty(),
                      5),
                  Progress.NONE)
              .embeddings();
      List<Long> sevens = IntStream.range(0, rows).mapToObj(i -> 7L + i).toList();
      SamplingPlan two = SamplingPlan.of(2, prior.plan().guidance()).with(Map.of("eta", 0.5));
      assertArrayEquals(
          prior.draw(EmbeddingRequest.of(decodedAgain, sevens, two), Progress.NONE).array(),
          other.array(),
          1e-3f);
      String facts = read(temporary.resolve("by-keys/provenance.json"));
      assertTrue(facts.contains("2 steps with guidance") && facts.contains("seed 7"), facts);
      assertTrue(facts.contains("in the place of the prior's own\" : \"4 steps"), facts);
      String told = read(temporary.resolve("by-graph/encoding.json"));
      assertTrue(told.contains(prior.space().model()), told);
    }
  }

  /** Responses of the first fold's test trials as the study has them, in the order of decoding. */
  static Path testResponses(
      DecodingRecipe recipe, Path study, Path run, String subject, Path file) {
    TsvTable rows = Tsv.read(run.resolve("sub-" + subject + "/decoded.tsv"));
    int[] trials = IntStream.range(0, rows.rows()).map(r -> rows.whole(r, "trial")).toArray();
    OpenedStudy opened = OpenedStudy.open(recipe.study(), Optional.of(study));
    Npy.write(file, opened.study().responses(subject, Progress.NONE).responses().rows(trials));
    return file;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void damage(Path file) {
    try {
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
