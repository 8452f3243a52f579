package io.noesis.alignment.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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

  /** Two responses, two sentences: the frozen decoder is led to say each, and stays as it is. */
  @Test
  void aNetworkLearnsWhatTheDecoderMustReadToSayASentence() {
    int rows = 16;
    int states = 4;
    Tensor x = Tensor.zeros(rows, 2);
    Tensor words = Tensor.zeros(rows, WORDS);
    for (int row = 0; row < rows; row++) {
      x.array()[row * 2 + row % 2] = 1;
      for (int i = 0; i < WORDS; i++) {
        int word = row % 2 == 0 ? 3 + i : 30 - i;
        words.array()[row * WORDS + i] = i < 8 ? word : -1;
      }
    }
    WeightedSum loss =
        new WeightedSum(
            List.of(
                WeightedSum.Part.of("language-model", LanguageModel.of(file("t5-decoder")), 1)
                    .between(Optional.empty(), Optional.of("words"))));
    TrainingSpec spec =
        TrainingSpec.defaults()
            .withLoss(LossSpec.of("sum", loss))
            .withEpochs(150)
            .withBatchesOf(rows)
            .withOptimizer(
                new OptimizerSpec(
                    OptimizerSpec.Rule.ADAM, 0.1, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999))
            .withValidation(new ValidationSpec(0, 0));
    List<String> groups = IntStream.range(0, rows).mapToObj(Integer::toString).toList();
    TrainingRows given =
        new TrainingRows(x, Tensor.zeros(rows, states, WIDTH), groups)
            .showing(Shown.UNKNOWN.with("words", words));
    Layer network =
        Sequence.builder()
            .add("out", Linear.of(2, states * WIDTH))
            .add("tokens", new Reshape(List.of(states, WIDTH)))
            .build();
    List<TrainedNetwork> kept = new ArrayList<>();
    new Trainer(spec, network).train(given, Seed.of(1), TrainingRun.silent().givingTo(kept::add));
    List<EpochRecord> history = kept.get(0).history();
    double first = history.get(0).loss();
    double last = history.get(history.size() - 1).loss();
    assertTrue(last < 0.3 * first, first + " to " + last);
    try (Safetensors before = Safetensors.open(file("t5-decoder"))) {
      Tensor head = kept.get(0).loss().weights().get("part0.decoder.head.weight");
      assertEquals(before.read("lm_head.weight"), head, "frozen");
    }
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
