package io.noesis.reconstruction.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.run.Seed;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Draws come as often as the definition of the nucleus says. */
class NucleusChoiceTest {
  private static final int WORDS = 200;
  private static final int DRAWS = 40_000;

  @ParameterizedTest
  @CsvSource({"1, 0.9", "0.7, 0.5", "1.5, 1", "1, 0.001"})
  void wordsAreDrawnByTheirShareOfTheNucleus(double temperature, double topP) {
    float[] logits = new float[WORDS];
    for (int i = 0; i < WORDS; i++) {
      logits[i] = 4 * (float) Math.sin(1.7 * i);
    }
    logits[17] = Float.NEGATIVE_INFINITY;
    logits[40] = logits[41]; // Equals go by id.
    double[] expected = shares(logits, temperature, topP);
    NucleusChoice choice =
        new NucleusChoice(
            new WordSearch.Nucleus(temperature, topP), Seed.of(3).child("draws").random());
    int[] drawn = new int[WORDS];
    for (int draw = 0; draw < DRAWS; draw++) {
      drawn[choice.word(Logits.of(FloatBuffer.wrap(logits)))]++;
    }
    for (int i = 0; i < WORDS; i++) {
      double spread = Math.sqrt(DRAWS * expected[i] * (1 - expected[i]));
      assertEquals(DRAWS * expected[i], drawn[i], 5 * spread, "word " + i);
    }
  }

  private static double[] shares(float[] logits, double temperature, double topP) {
    double[] weight = new double[WORDS];
    Arrays.setAll(weight, i -> Math.exp(logits[i] / temperature));
    double sum = Arrays.stream(weight).sum();
    int[] order =
        IntStream.range(0, WORDS)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -weight[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] out = new double[WORDS];
    double mass = 0;
    for (int i = 0; i < WORDS && (i == 0 || mass < topP * sum); i++) {
      out[order[i]] = weight[order[i]];
      mass += weight[order[i]];
    }
    double held = mass;
    return Arrays.stream(out).map(w -> w / held).toArray();
  }
}
