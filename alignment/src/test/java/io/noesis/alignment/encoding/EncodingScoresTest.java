package io.noesis.alignment.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.ridge.BandedSpec;
import io.noesis.encoders.ridge.PenaltyChoice;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EncodingScoresTest {
  private static Tensor normal(String name, int... sizes) {
    PinnedRandom random = Seed.of(4).child(name).random();
    return Tensor.zeros(sizes).map(zero -> random.nextGaussian());
  }

  /** The example of Benjamini and Hochberg (1995), section 3.2: four of fifteen at 5 %. */
  @Test
  void fourOfFifteenAreDiscoveries() {
    float[] p = {
      0.0001f, 0.0004f, 0.0019f, 0.0095f, 0.0201f, 0.0278f, 0.0298f, 0.0344f, 0.0459f, 0.3240f,
      0.4262f, 0.5719f, 0.6528f, 0.7590f, 1.0f
    };
    int[] mixed = Seed.of(1).random().permutation(p.length);
    float[] shuffled = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      shuffled[i] = p[mixed[i]];
    }
    Tensor q = FalseDiscovery.adjusted(Tensor.wrap(shuffled, p.length));
    int found = 0;
    for (int i = 0; i < p.length; i++) {
      found += q.array()[i] <= 0.05 ? 1 : 0;
      assertEquals(mixed[i] < 4, q.array()[i] <= 0.05, "p " + shuffled[i]);
    }
    assertEquals(4, found);
    assertEquals(
        0.0015,
        q.array()[IntStream.range(0, 15).filter(i -> mixed[i] == 0).findFirst().orElseThrow()],
        1e-7);
  }

  @Test
  void partsSumToWhatIsExplained() {
    Tensor a = normal("a", 30, 4);
    Tensor b = normal("b", 30, 4);
    Tensor y = normal("y", 30, 4);
    Tensor split = VariancePartition.of(List.of(a, b), y);
    for (int v = 0; v < 4; v++) {
      double error = 0;
      double power = 0;
      double[] means = new double[2];
      for (int i = 0; i < 30; i++) {
        means[0] += y.at(i, v) / 30.0;
        means[1] += (a.at(i, v) + b.at(i, v)) / 30.0;
      }
      for (int i = 0; i < 30; i++) {
        double truth = y.at(i, v) - means[0];
        double guess = a.at(i, v) + b.at(i, v) - means[1];
        error += (truth - guess) * (truth - guess);
        power += truth * truth;
      }
      assertEquals(1 - error / power, split.at(0, v) + split.at(1, v), 1e-5);
    }
    Tensor alone = VariancePartition.of(List.of(y, Tensor.zeros(30, 4)), y);
    assertArrayEquals(new float[] {1, 1, 1, 1, 0, 0, 0, 0}, alone.array(), 1e-6f);
  }

  /** The first space makes the first voxel, the second the second, both the third. */
  @Test
  void bandedRidgeSaysWhichSpaceExplainsAVoxel() {
    Tensor a = normal("first", 200, 5);
    Tensor b = normal("second", 200, 40);
    Tensor noise = normal("noise", 200, 3);
    float[] y = new float[600];
    for (int i = 0; i < 200; i++) {
      double one = a.at(i, 0) + a.at(i, 1);
      double two = b.at(i, 0) + b.at(i, 1);
      y[i * 3] = (float) (one + 0.5 * noise.at(i, 0));
      y[i * 3 + 1] = (float) (two + 0.5 * noise.at(i, 1));
      y[i * 3 + 2] = (float) ((one + two) / Math.sqrt(2) + 0.5 * noise.at(i, 2));
    }
    Tensor responses = Tensor.wrap(y, 200, 3);
    int[] train = IntStream.range(0, 150).toArray();
    int[] test = IntStream.range(150, 200).toArray();
    BandedSpec spec =
        new BandedSpec(
            RidgeSpec.defaults().withChoice(PenaltyChoice.PER_TARGET),
            20,
            BandedSpec.defaults().concentrations(),
            List.of());
    int[] groups = IntStream.range(0, 150).map(i -> i / 15).toArray();
    EncodingModel model =
        EncodingModel.fitBanded(
            List.of(a.rows(train), b.rows(train)), responses.rows(train), groups, spec, Seed.of(3));
    List<Tensor> features = List.of(a.rows(test), b.rows(test));
    Tensor split = VariancePartition.of(model.contributions(features), responses.rows(test));
    assertTrue(split.at(0, 0) > 0.7 && Math.abs(split.at(1, 0)) < 0.15, split::toString);
    assertTrue(split.at(1, 1) > 0.6 && Math.abs(split.at(0, 1)) < 0.15, split::toString);
    assertTrue(split.at(0, 2) > 0.2 && split.at(1, 2) > 0.2, split::toString);
  }

  /** Over many voxels the bias of resampling is larger than what it draws apart. */
  @Test
  void theIntervalOfManyVoxelsHoldsTheirMean() {
    Tensor measured = normal("measured", 40, 3000);
    Tensor other = normal("other", 40, 3000);
    Tensor near = Tensor.zeros(40, 3000);
    for (int i = 0; i < near.size(); i++) {
      near.array()[i] = measured.array()[i] + other.array()[i];
    }
    MeanCorrelation good = MeanCorrelation.of(near, measured, 19, 99, Seed.of(5));
    assertTrue(good.low() < good.value() && good.value() < good.high(), good::toString);
  }

  @Test
  void theMeanCorrelationKnowsItsChance() {
    Tensor measured = normal("measured", 40, 30);
    Tensor other = normal("other", 40, 30);
    Tensor near = Tensor.zeros(40, 30);
    for (int i = 0; i < near.size(); i++) {
      near.array()[i] = measured.array()[i] + other.array()[i];
    }
    MeanCorrelation good = MeanCorrelation.of(near, measured, 99, 99, Seed.of(5));
    assertEquals(Math.sqrt(0.5), good.value(), 0.04);
    assertTrue(good.low() < good.value() && good.value() < good.high(), good::toString);
    assertEquals(0.01, good.p(), 1e-9);
    assertEquals(0, good.chance(), 0.02);
    MeanCorrelation none = MeanCorrelation.of(other, measured, 99, 99, Seed.of(5));
    assertTrue(none.p() > 0.05, none::toString);
    MeanCorrelation still = MeanCorrelation.of(Tensor.zeros(40, 30), measured, 99, 99, Seed.of(5));
    assertEquals(0, still.value());
    assertEquals(1, still.p());
  }
}
