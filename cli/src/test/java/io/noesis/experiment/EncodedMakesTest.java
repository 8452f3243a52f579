package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.score.Condition;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.run.CorruptDataException;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captions and pictures of responses that came after training, with models that copy. */
class EncodedMakesTest {
  private static final int ROWS = 24;

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path run;
  private static Path responses;
  private static CopyingModels models;
  private static StimulusSet stimuli;

  private Path folder;

  @BeforeAll
  static void train() {
    Path study = shared.resolve("study");
    SignalPlan usual = SignalPlan.defaults();
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(1, 60)
                .withPictures(new PicturePlan(60, 1, 12, 2, 32))
                .withSignal(
                    new SignalPlan(0.7, usual.noiseVoxels(), usual.rho(), usual.driftPercent())),
            Seed.of(3))
        .write(study, Existing.KEEP, Progress.NONE);
    DecodingRecipe recipe = DecodingRecipe.of(Recipes.tree("simulated", List.of()));
    run = shared.resolve("run");
    new Experiment(recipe, Execution.in(run).withRoot(study).withThreads(2)).train();
    OpenedStudy opened = OpenedStudy.open(recipe.study(), Optional.of(study));
    stimuli = opened.study().stimuli();
    models = new CopyingModels(TargetTable.read(RunFolder.open(run)).embeddings(), stimuli);
    responses =
        PriorExperimentTest.testResponses(recipe, study, run, "01", shared.resolve("new.npy"));
  }

  @BeforeEach
  void encode() {
    folder = temporary.resolve("encoded");
    Encoding.of(EncodingSpec.of(run, ResponseFiles.of(responses), folder), Progress.NONE);
  }

  private EncodedMakes makes() {
    return EncodedMakes.of(folder, Execution.in(folder).withThreads(2), models);
  }

  private static PicturesSpec pictures() {
    return pictures("{pack: copying}");
  }

  private static PicturesSpec pictures(String section) {
    return RecordBinder.bind(YamlTree.parse(section, "pictures"), PicturesSpec.class, "pictures");
  }

  private static List<String> of(List<Makes.Line> lines, Condition condition) {
    return lines.stream()
        .filter(l -> l.condition().equals(condition.key()))
        .map(Makes.Line::content)
        .toList();
  }

  @Test
  void sentencesFollowTheResponseAndTheirNullsDoNot() {
    List<Makes.Line> lines = makes().captions(CaptionsSpec.defaults(), "");
    Set<String> conditions = new HashSet<>();
    lines.forEach(l -> conditions.add(l.condition()));
    assertEquals(Set.of("decoded", "shuffled", "mean", "noise"), conditions, "no truth was told");
    TsvTable shown = Tsv.read(run.resolve("sub-01/decoded.tsv"));
    List<String> truth =
        IntStream.range(0, ROWS)
            .mapToObj(r -> stimuli.get(shown.required(r, "stimulus")).caption().orElseThrow())
            .toList();
    long right = hits(truth, of(lines, Condition.DECODED));
    // By chance a third of one: 72 different captions.
    assertTrue(right >= 6, right + " of " + ROWS + " sentences are of what was seen");
    for (Condition without : List.of(Condition.SHUFFLED, Condition.MEAN, Condition.NOISE)) {
      assertEquals(ROWS, of(lines, without).size());
      long found = hits(truth, of(lines, without));
      assertTrue(found <= right / 2, () -> found + " hits of " + without);
    }
    assertEquals(1, Set.copyOf(of(lines, Condition.MEAN)).size());
  }

  private static long hits(List<String> truth, List<String> said) {
    return IntStream.range(0, truth.size()).filter(i -> truth.get(i).equals(said.get(i))).count();
  }

  @Test
  void picturesLieBesideTheEmbeddingsAndSayThatTheyAreNotScored() throws IOException {
    List<Makes.Line> lines = makes().pictures(pictures(), "");
    assertEquals(4 * ROWS, lines.size());
    String third = of(lines, Condition.DECODED).get(3);
    assertEquals("sub-01/pictures/decoded/row-0003.png", third);
    Map<String, String> texts = MadePng.texts(folder.resolve("made").resolve(third));
    assertTrue(texts.get("Source").startsWith("AI-generated"), texts::toString);
    assertTrue(texts.get("Noesis scores").startsWith("not scored"), texts::toString);
    assertTrue(Files.readString(folder.resolve("made/pictures.json")).contains("not scored"));
    int before = models.made();
    assertEquals(lines, makes().pictures(pictures(), ""));
    assertEquals(before, models.made(), "what is there is not made again");
    Encoding.of(
        new EncodingSpec(
            new EncodingSpec.Decoder.OfRun(run, Optional.empty(), java.util.OptionalInt.empty()),
            ResponseFiles.of(responses),
            folder,
            Execution.Existing.REPLACE,
            Optional.empty(),
            5),
        Progress.NONE);
    assertFalse(Files.exists(folder.resolve("made")), "made of embeddings that are gone");
  }

  @Test
  void someRowsOrOneOfThem() {
    PicturesSpec few = pictures("{pack: copying, stretch: none, stimuli: 5, steps: 3}");
    List<String> made = of(makes().pictures(few, ""), Condition.DECODED);
    assertEquals(5, made.size());
    Map<String, String> texts = MadePng.texts(folder.resolve("made").resolve(made.get(0)));
    assertEquals("3", texts.get("Noesis steps"));
    assertEquals("usual", texts.get("Noesis profile"));
    assertEquals("cpu", texts.get("Noesis device"));
    List<Makes.Line> one = makes().captions(CaptionsSpec.defaults(), "row-0007");
    assertEquals(
        List.of("decoded", "mean", "noise"), one.stream().map(l -> l.condition()).toList());
    assertTrue(one.stream().allMatch(l -> l.stimulus().equals("row-0007")), one::toString);
    assertTrue(makes().plan(few).startsWith("would make up to 20 pictures of 5 rows"));
    assertNotEquals(-1, makes().plan(CaptionsSpec.defaults()).indexOf("96 captions of 24 rows"));
    RecipeException unknown =
        assertThrows(
            RecipeException.class, () -> makes().captions(CaptionsSpec.defaults(), "row-99"));
    assertTrue(unknown.getMessage().contains("no 'row-99'"), unknown::getMessage);
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    EmbeddingSpace other = new EmbeddingSpace("clip", "pooled", 77, EmbeddingSpace.Scaling.UNIT);
    EncodedMakes foreign = EncodedMakes.of(folder, Execution.in(folder), models.of(other));
    assertThrows(ModelException.class, () -> foreign.pictures(pictures(), ""));
    assertThrows(ModelException.class, () -> foreign.captions(CaptionsSpec.defaults(), ""));
    PicturesSpec nearest = pictures("{pack: copying, start: nearest, strength: 0.5}");
    assertTrue(
        assertThrows(RecipeException.class, () -> makes().pictures(nearest, ""))
            .getMessage()
            .contains("only the run has these"));
    assertFalse(Files.exists(folder.resolve("made")));
    Path mark = folder.resolve("encoding.json");
    String json = Files.readString(mark);
    Files.writeString(mark, json.replace("STIMULUS", "CATEGORY"));
    assertTrue(
        assertThrows(RecipeException.class, this::makes).getMessage().contains("for categories"));
    Files.writeString(mark, json.replace("training_distance", "other"));
    assertTrue(
        assertThrows(RecipeException.class, this::makes)
            .getMessage()
            .contains("noesis encode RUN"));
    Files.writeString(mark, json);
    Npy.write(folder.resolve("embeddings.npy"), Tensor.zeros(3, 4));
    assertTrue(
        assertThrows(CorruptDataException.class, this::makes).getMessage().contains("[3, 4]"));
  }
}
