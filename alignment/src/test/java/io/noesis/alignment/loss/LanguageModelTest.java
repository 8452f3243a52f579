package io.noesis.alignment.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.train.EpochRecord;
import io.noesis.alignment.train.OptimizerSpec;
import io.noesis.alignment.train.TrainedNetwork;
import io.noesis.alignment.train.Trainer;
import io.noesis.alignment.train.TrainingRun;
import io.noesis.alignment.train.TrainingSpec;
import io.noesis.alignment.train.ValidationSpec;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Parameters;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.Value;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A frozen T5 decoder as a loss: transformers', from fixtures/make/text_decoder.py. */
class LanguageModelTest {
  private static final int WIDTH = 16;
  private static final int WORDS = 24;

  private static Path file(String name) {
    try {
      return Path.of(LanguageModelTest.class.getResource(name + ".safetensors").toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LossSizes sizes(Integer... output) {
    return new LossSizes(List.of(output), List.of(WORDS), Map.of(), Map.of());
  }

  private static void close(Tensor expected, Tensor found) {
    double largest = 0;
    for (float value : expected.array()) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertEquals(expected.shape(), found.shape());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.array()[i], found.array()[i], 1e-4 * largest, "number " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"t5-decoder", "t5-tied"})
  void lossAndGradientAreThoseOfTransformers(String name) {
    LanguageModel.Sized loss =
        (LanguageModel.Sized) LanguageModel.of(file(name)).of(sizes(5, WIDTH));
    try (Safetensors python = Safetensors.open(file("language-model"))) {
      Parameters weights = Parameters.of(new LossTest.Only(loss), Seed.of(1));
      assertEquals(0, Parameters.count(new LossTest.Only(loss)), "nothing of it is learned");
      assertTrue(weights.learned().isEmpty());
      Scope.run(
          () -> {
            Value states = Value.of(python.read("states")).requireGradient();
            LossBatch batch = LossBatch.of(states, Value.of(python.read("words")));
            Pass pass = Pass.evaluation(weights);
            close(python.read(name + "/logits"), loss.logits(pass, batch).toTensor());
            Value value = loss.compute(pass, batch);
            double expected = python.read(name + "/loss").array()[0];
            assertEquals(expected, value.item(), 1e-4 * expected);
            value.backward();
            close(python.read(name + "/gradient"), states.gradient().toTensor());
          });
      weights.free();
    }
  }

  private static final int ROWS = 16;
  private static final int STATES = 4;

  /** Two responses, two sentences. */
  private static TrainingRows twoSentences() {
    Tensor x = Tensor.zeros(ROWS, 2);
    Tensor words = Tensor.zeros(ROWS, WORDS);
    for (int row = 0; row < ROWS; row++) {
      x.array()[row * 2 + row % 2] = 1;
      for (int i = 0; i < WORDS; i++) {
        int word = row % 2 == 0 ? 3 + i : 30 - i;
        words.array()[row * WORDS + i] = i < 8 ? word : -1;
      }
    }
    List<String> groups = IntStream.range(0, ROWS).mapToObj(Integer::toString).toList();
    return new TrainingRows(x, Tensor.zeros(ROWS, STATES, WIDTH), groups)
        .showing(Shown.UNKNOWN.with("words", words));
  }

  private static TrainingSpec spec(Path decoder, int epochs, ValidationSpec validation) {
    WeightedSum loss =
        new WeightedSum(
            List.of(
                WeightedSum.Part.of("language-model", LanguageModel.of(decoder), 1)
                    .between(Optional.empty(), Optional.of("words"))));
    return TrainingSpec.defaults()
        .withLoss(LossSpec.of("sum", loss))
        .withEpochs(epochs)
        .withBatchesOf(ROWS / 2)
        .withOptimizer(
            new OptimizerSpec(
                OptimizerSpec.Rule.ADAM, 0.1, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999))
        .withValidation(validation);
  }

  private static Layer network() {
    return Sequence.builder()
        .add("out", Linear.of(2, STATES * WIDTH))
        .add("tokens", new Reshape(List.of(STATES, WIDTH)))
        .build();
  }

  /** The frozen decoder is led to say each sentence. */
  @Test
  void aNetworkLearnsWhatTheDecoderMustReadToSayASentence() {
    TrainingSpec spec = spec(file("t5-decoder"), 75, new ValidationSpec(0, 0));
    List<EpochRecord> history =
        new Trainer(spec, network())
            .train(twoSentences(), Seed.of(1), TrainingRun.silent())
            .history();
    double first = history.get(0).loss();
    double last = history.get(history.size() - 1).loss();
    assertTrue(last < 0.3 * first, first + " to " + last);
  }

  /** It may have gigabytes: it is in its file, and a checkpoint knows that file by its content. */
  @Test
  void theDecoderStaysInItsFile(@TempDir Path folder) throws IOException {
    Path decoder = Files.copy(file("t5-decoder"), folder.resolve("t5.safetensors"));
    ObjectNode tree = RecordBinder.tree(spec(decoder, 6, new ValidationSpec(0.25, 0)));
    TrainingSpec spec =
        RecordBinder.bind(tree.put("averageDecay", 0.9), TrainingSpec.class, "training");
    Trainer trainer = new Trainer(spec, network());
    TrainedNetwork whole = trainer.train(twoSentences(), Seed.of(1), TrainingRun.silent());
    assertEquals(Map.of(), whole.loss().weights());
    AtomicInteger left = new AtomicInteger(4);
    TrainingRun resuming = TrainingRun.silent().in(folder, TrainingRun.Start.RESUME);
    TrainingRun stopped = resuming.stoppedBy(() -> left.getAndDecrement() == 0);
    assertThrows(
        CancelledException.class, () -> trainer.train(twoSentences(), Seed.of(1), stopped));
    try (Safetensors checkpoint = Safetensors.open(folder.resolve(TrainingRun.CHECKPOINT))) {
      Set<String> weights = new TreeSet<>();
      for (String kind : List.of("parameters", "averaged", "best")) {
        weights.add(kind + "/network.out.bias");
        weights.add(kind + "/network.out.weight");
      }
      Set<String> kept = new TreeSet<>(checkpoint.names());
      kept.removeIf(name -> name.startsWith("optimizer/"));
      assertEquals(weights, kept);
    }
    byte[] before = Files.readAllBytes(decoder);
    byte[] other = before.clone();
    other[other.length - 1] ^= 1;
    Files.write(decoder, other);
    ModelException changed =
        assertThrows(
            ModelException.class, () -> trainer.train(twoSentences(), Seed.of(1), resuming));
    assertTrue(changed.getMessage().contains("with other files of its loss"), changed::getMessage);
    Files.write(decoder, before);
    TrainedNetwork resumed = trainer.train(twoSentences(), Seed.of(1), resuming);
    assertEquals(whole.weights(), resumed.weights());
    assertEquals(whole.history(), resumed.history());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    RecipeException width =
        assertThrows(
            RecipeException.class, () -> LanguageModel.of(file("t5-decoder")).of(sizes(5, 12)));
    assertTrue(width.getMessage().contains("reads tokens of 16 numbers"), width::getMessage);
    ModelException none =
        assertThrows(
            ModelException.class,
            () -> LanguageModel.of(Path.of("none.safetensors")).of(sizes(5, WIDTH)));
    assertTrue(none.getMessage().contains("no such file"), none::getMessage);
    ModelException other =
        assertThrows(
            ModelException.class, () -> LanguageModel.of(file("losses")).of(sizes(5, WIDTH)));
    assertTrue(other.getMessage().contains("'shared.weight'"), other::getMessage);
    LanguageModel beyond = new LanguageModel(file("t5-decoder"), OptionalInt.of(37));
    RecipeException start = assertThrows(RecipeException.class, () -> beyond.of(sizes(5, WIDTH)));
    assertTrue(start.getMessage().contains("knows 37"), start::getMessage);
    Loss loss = LanguageModel.of(file("t5-decoder")).of(sizes(5, WIDTH));
    Tensor far = Tensor.zeros(1, WORDS);
    far.array()[2] = 37;
    RecipeException word =
        assertThrows(
            RecipeException.class, () -> LossTest.value(loss, Tensor.zeros(1, 5, WIDTH), far));
    assertTrue(word.getMessage().contains("of the 37 words"), word::getMessage);
  }
}
