package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.noesis.alignment.loss.LossSpec;
import io.noesis.alignment.loss.MeanSquared;
import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Linear;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every augmentation of the registry, and what each is for. */
class AugmentationsTest {
  private static final int ROWS = 4;
  private static final int CHANNELS = 10;
  private static final int SAMPLES = 3;

  static Stream<String> names() {
    return Augmentations.registry().names().stream();
  }

  private static Augmentations.Spec spec(String name, Object... settings) {
    JsonNode tree = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < settings.length; i += 2) {
      ((com.fasterxml.jackson.databind.node.ObjectNode) tree)
          .put((String) settings[i], (Double) settings[i + 1]);
    }
    return new Augmentations.Spec(name, Optional.of(tree));
  }

  /** All numbers differ and none is zero. */
  private static Tensor counted(int... sizes) {
    Tensor rows = Tensor.zeros(sizes);
    for (int i = 0; i < rows.size(); i++) {
      rows.array()[i] = i + 1;
    }
    return rows;
  }

  private static Augmenting augmenting(Augmentations.Spec spec, Tensor responses) {
    int rows = responses.dim(0);
    return new Augmenting(
        List.of(spec),
        new TrainingRows(responses, Tensor.zeros(rows, 1), Collections.nCopies(rows, "a")));
  }

  private static Tensor altered(Augmentations.Spec spec, Tensor responses, long seed) {
    int[] all = IntStream.range(0, responses.dim(0)).toArray();
    return augmenting(spec, responses).of(responses.rows(all), all, Seed.of(seed));
  }

  @ParameterizedTest
  @MethodSource("names")
  void anyChangesEachRowByItselfAndAlikeForOneSeed(String name) {
    Tensor responses = counted(ROWS, CHANNELS, SAMPLES);
    Augmentations.Spec spec = new Augmentations.Spec(name, Optional.empty());
    Tensor once = altered(spec, responses, 1);
    assertEquals(once, altered(spec, responses, 1));
    assertFalse(once.equals(altered(spec, responses, 2)), "another seed, other draws");
    assertFalse(once.equals(responses));
    int size = CHANNELS * SAMPLES;
    for (int i = 0; i < once.size(); i++) {
      float value = once.array()[i];
      assertTrue(value == 0 || (int) (value - 1) / size == i / size, "of its own row: " + value);
    }
    Tensor first = altered(spec, responses.rows(new int[] {0}), 1);
    assertArrayEquals(
        first.array(), java.util.Arrays.copyOf(once.array(), size), "others do not matter");
    assertFalse(spec.make().describe().isBlank());
  }

  @Test
  void aFifthOfTheChannelsIsZeroWholeAndEachAsOften() {
    Tensor responses = counted(ROWS, CHANNELS, SAMPLES);
    int[] out = new int[CHANNELS];
    int draws = 500;
    for (int draw = 0; draw < draws; draw++) {
      Tensor altered = altered(spec("channel-dropout", "part", 0.2), responses, draw);
      for (int row = 0; row < ROWS; row++) {
        int zero = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
          boolean gone = altered.at(row, channel, 0) == 0;
          zero += gone ? 1 : 0;
          out[channel] += gone ? 1 : 0;
          for (int t = 0; t < SAMPLES; t++) {
            float expected = gone ? 0 : responses.at(row, channel, t);
            assertEquals(expected, altered.at(row, channel, t));
          }
        }
        assertEquals(2, zero);
      }
    }
    // Binomial of 2000 draws with 0.2: a standard deviation of 18.
    for (int channel = 0; channel < CHANNELS; channel++) {
      assertEquals(0.2 * draws * ROWS, out[channel], 80, "channel " + channel);
    }
  }

  @Test
  void samplesAreShuffledAlikeInAllChannelsAndEachOrderIsAsOften() {
    Tensor responses = counted(1, CHANNELS, SAMPLES);
    Map<List<Float>, Integer> orders = new java.util.HashMap<>();
    int draws = 1200;
    for (int draw = 0; draw < draws; draw++) {
      Tensor altered = altered(spec("time-shuffle"), responses, draw);
      orders.merge(
          List.of(altered.at(0, 0, 0), altered.at(0, 0, 1), altered.at(0, 0, 2)), 1, Integer::sum);
      for (int channel = 1; channel < CHANNELS; channel++) {
        for (int t = 0; t < SAMPLES; t++) {
          assertEquals(
              altered.at(0, 0, t) + channel * SAMPLES, altered.at(0, channel, t), "channel");
        }
      }
    }
    assertEquals(6, orders.size());
    orders.values().forEach(count -> assertEquals(draws / 6.0, count, 60));
    assertEquals(
        responses, altered(spec("time-shuffle", "probability", 0.0), responses, 1), "never");
  }

  @Test
  void zerosBehindANarrowerSubjectAreNoneOfItsChannels() {
    TrainingRows narrow =
        new TrainingRows(counted(1, 4, SAMPLES), Tensor.zeros(1, 1), List.of("a"));
    TrainingRows wide =
        new TrainingRows(counted(1, CHANNELS, SAMPLES), Tensor.zeros(1, 1), List.of("b"));
    TrainingRows joined =
        TrainingRows.join(new java.util.TreeMap<>(Map.of("01", narrow, "02", wide)));
    Augmenting augmenting = new Augmenting(List.of(spec("channel-dropout", "part", 0.5)), joined);
    int[] both = {0, 1};
    Tensor altered = augmenting.of(joined.responses().rows(both), both, Seed.of(1));
    int[] zero = new int[2];
    for (int row = 0; row < 2; row++) {
      for (int channel = 0; channel < (row == 0 ? 4 : CHANNELS); channel++) {
        zero[row] += altered.at(row, channel, 0) == 0 ? 1 : 0;
      }
    }
    assertArrayEquals(new int[] {2, 5}, zero);
  }

  /** Where every response is left out the weights stay at zero, and the bias learns the mean. */
  @Test
  void theNetworkIsTrainedOnWhatWasAlteredAndChosenOnWhatWasNot() {
    Tensor x = TrainerTest.normal("x", 40, 2);
    Tensor y = Tensor.zeros(40, 1);
    for (int row = 0; row < 40; row++) {
      y.array()[row] = 1 + 3 * x.at(row, 0);
    }
    List<String> groups = IntStream.range(0, 40).mapToObj(Integer::toString).toList();
    JsonNode most = JsonNodeFactory.instance.objectNode().put("part", 0.99);
    BatchSpec without =
        new BatchSpec(
            BatchSpec.Subjects.ANY,
            BatchSpec.Repetitions.ALL,
            BatchSpec.Blend.NONE,
            1,
            0,
            0,
            List.of(new Augmentations.Spec("channel-dropout", Optional.of(most))));
    TrainingSpec spec =
        TrainingSpec.defaults()
            .withLoss(LossSpec.of("mse", MeanSquared.defaults()))
            .withEpochs(60)
            .withBatchesOf(10)
            .withOptimizer(
                new OptimizerSpec(
                    OptimizerSpec.Rule.ADAM, 0.05, 0, OptimizerSpec.Decayed.ALL, 0.9, 0.999))
            .withValidation(new ValidationSpec(0.25, 0));
    Map<String, Tensor> zeros = Map.of("weight", Tensor.zeros(1, 2), "bias", Tensor.zeros(1));
    Map<String, Tensor> blind = trained(spec.withBatches(without), zeros, x, y, groups);
    assertArrayEquals(new float[2], blind.get("weight").array());
    assertEquals(1, blind.get("bias").array()[0], 0.6);
    Map<String, Tensor> seeing = trained(spec, zeros, x, y, groups);
    assertEquals(3, seeing.get("weight").array()[0], 0.1);
  }

  private static Map<String, Tensor> trained(
      TrainingSpec spec, Map<String, Tensor> start, Tensor x, Tensor y, List<String> groups) {
    return new Trainer(spec, Linear.of(2, 1))
        .startingFrom(start)
        .train(new TrainingRows(x, y, groups), Seed.of(1), TrainingRun.silent())
        .weights();
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    RecipeException time =
        assertThrows(
            RecipeException.class, () -> augmenting(spec("time-shuffle"), counted(ROWS, CHANNELS)));
    assertTrue(time.getMessage().contains("time-shuffle needs epochs"), time::getMessage);
    RecipeException name = assertThrows(RecipeException.class, () -> spec("channel-dropot"));
    assertTrue(name.getMessage().contains("channel-dropout"), name::getMessage);
    assertThrows(RecipeException.class, () -> spec("channel-dropout", "part", 1.0));
    assertThrows(RecipeException.class, () -> spec("time-shuffle", "probability", 1.5));
  }
}
