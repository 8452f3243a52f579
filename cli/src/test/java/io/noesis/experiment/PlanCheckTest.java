package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.NoesisException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run refuses before anything is trained, a check refuses with the same words. */
class PlanCheckTest {
  private static final int SIDE = 8;
  private static final int DATA = 3;
  private static final int RECIPE = 2;
  private static final int MODEL = 6;

  @TempDir static Path shared;
  @TempDir Path temporary;
  private static Path study;

  @BeforeAll
  static void simulate() {
    study = SmallPeople.writeMoving(shared.resolve("study"), SIDE);
  }

  private static void refused(int code, String words, String of, String... overrides) {
    DecodingRecipe recipe = DecodingRecipe.of(Recipes.tree(of, List.of(overrides)));
    Path out = Folders.ofThisProcess("plan-check").resolve("out");
    Execution execution = SmallPeople.execution(study, out);
    NoesisException checked =
        assertThrows(NoesisException.class, () -> new Experiment(recipe, execution).check());
    assertTrue(checked.getMessage().contains(words), checked::getMessage);
    assertEquals(code, checked.exitCode().code());
    assertFalse(Files.exists(execution.out()), "a check writes nothing");
    NoesisException trained =
        assertThrows(NoesisException.class, () -> new Experiment(recipe, execution).train());
    assertEquals(checked.getMessage(), trained.getMessage());
    assertEquals(checked.exitCode(), trained.exitCode());
  }

  @Test
  void filesOfTargetsAndInputs() throws IOException {
    String motion = "simulated-motion";
    refused(DATA, "no file " + study.resolve("none.npy"), motion, "targets.file=none.npy");
    refused(
        DATA,
        "no file " + study.resolve("none.npy"),
        motion,
        "encoder.inputs.first-frame.file=none.npy");
    refused(DATA, "expected [stimuli, places, 2]", motion, "targets.file=stimuli/first_frame.npy");
    refused(
        DATA,
        "no file " + study.resolve("none.npy"),
        motion,
        "also={more: {targets: {of: array, file: none.npy}}}");
    refused(DATA, "brings none along", motion, "targets={of: given}");
    Tensor flow = Npy.read(study.resolve("stimuli/flow.npy"));
    flow.array()[flow.size() - 1] = Float.NaN;
    Npy.write(study.resolve("stimuli/broken.npy"), flow);
    List<String> ids = Files.readAllLines(study.resolve("stimuli/flow.tsv"));
    Files.write(study.resolve("stimuli/broken.tsv"), ids);
    refused(DATA, "holds NaN", motion, "targets.file=stimuli/broken.npy");
    ids.set(ids.size() - 1, ids.get(ids.size() - 1).replaceFirst("^[^\t]*", "unknown"));
    Files.write(study.resolve("stimuli/broken.tsv"), ids);
    refused(DATA, "rows is of the stimulus", motion, "targets.file=stimuli/broken.npy");
  }

  @Test
  void columnsOfAttributes() {
    String tensorBrain = "simulated-tensor-brain";
    refused(
        DATA,
        "taking the attribute 'hue'",
        tensorBrain,
        "encoder.heads.colour.attribute.column=hue");
    refused(
        DATA,
        "which is none of the concepts",
        tensorBrain,
        "encoder.heads.colour.attribute.column=category");
  }

  @Test
  void weightsOfOthers() throws IOException {
    Path none = temporary.resolve("none.safetensors");
    Path other = temporary.resolve("other.safetensors");
    new SafetensorsWriter().add("a", Tensor.zeros(1)).write(other);
    Path text = Files.writeString(temporary.resolve("text.safetensors"), "text");
    String pretraining =
        "encoder.pretraining={rows: published, weights: {program: mind-vis-mae, file: '%s'}}";
    refused(RECIPE, "no file " + none, "simulated-mae", pretraining.formatted(none));
    refused(DATA, text.toString(), "simulated-mae", pretraining.formatted(text));
    String loss =
        "encoder.training.loss={name: sum, settings: {parts: [{loss: mse}, {loss: language-model,"
            + " settings: {decoder: '%s'}, target: words}]}}";
    String words = "encoder.heads={words: {of: words, pack: '" + TinyDecoder.PACK + "', words: 9}}";
    String network = "simulated-network";
    refused(
        RECIPE, "no file " + none, network, "encoder.start=random", words, loss.formatted(none));
    refused(
        MODEL,
        "it has no 'shared.weight'",
        network,
        "encoder.start=random",
        words,
        loss.formatted(other));
  }

  @Test
  void packs() {
    refused(MODEL, "pack 'nowhere'", "simulated-network", "targets={of: image, pack: nowhere}");
    refused(MODEL, "pack 'nowhere'", "simulated", "captions={pack: nowhere}");
    refused(
        MODEL, "pack 'nowhere'", "simulated-pictures", "captions=null", "pictures.pack=nowhere");
  }

  /** Of voxels nothing has an order in time. */
  @Test
  void augmentationsOfEpochs() {
    String shuffle = "batches.augment=[{name: channel-dropout}, {name: time-shuffle}]";
    refused(
        RECIPE,
        "time-shuffle needs epochs [trials, channels, samples], and these responses are [trials,"
            + " voxels]",
        "simulated-network",
        "encoder.training." + shuffle);
    refused(
        RECIPE,
        "time-shuffle needs epochs",
        "simulated-mae",
        "encoder.pretraining.training=[{batches: {augment: [{name: time-shuffle}]}}]");
  }

  @Test
  void memory() throws IOException {
    Path own = temporary.resolve("own");
    Npy.write(own.resolve("responses.npy"), Tensor.zeros(10, 30_000));
    Npy.write(own.resolve("embeddings.npy"), Tensor.zeros(10, 4));
    StringBuilder trials = new StringBuilder("stimulus\n");
    for (int i = 0; i < 10; i++) {
      trials.append(i).append('\n');
    }
    Files.writeString(own.resolve("trials.tsv"), trials);
    DecodingRecipe recipe = DecodingRecipe.of(Recipes.tree("arrays-embeddings", List.of()));
    Execution execution = SmallPeople.execution(own, temporary.resolve("none"));
    Experiment small = new Experiment(recipe, execution.withMemoryLimitMb(2));
    NoesisException checked = assertThrows(NoesisException.class, small::check);
    assertTrue(checked.getMessage().contains("the limit is 2 MB"), checked::getMessage);
    NoesisException trained = assertThrows(NoesisException.class, small::train);
    assertEquals(checked.getMessage(), trained.getMessage());
    assertEquals(List.of(), new Experiment(recipe, execution).check().blocking());
  }
}
