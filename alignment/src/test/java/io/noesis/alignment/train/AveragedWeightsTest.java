package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.TrainingRows;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.torch.Arithmetic;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A running average of weights against gradient descent of a line in double precision. */
class AveragedWeightsTest {
  private static final int ROWS = 16;
  private static final int EPOCHS = 6;
  private static final double RATE = 0.4;
  private static final double DECAY = 0.3;
  private static final double PART = 0.25;
  private static final Seed SEED = Seed.of(4);
  private static final Layer LINE = Linear.of(1, 1);
  private static final TrainingRows TABLE =
      new TrainingRows(
          TrainerTest.normal("x", ROWS, 1),
          TrainerTest.normal("y", ROWS, 1),
          IntStream.range(0, ROWS).mapToObj(i -> "run-" + i).toList());

  private static TrainedNetwork train(double decay) {
    TrainingSpec spec =
        new TrainingSpec(
            TrainerTest.MSE,
            EPOCHS,
            (int) (ROWS * (1 - PART)),
            BatchSpec.defaults(),
            1,
            0,
            decay,
            new OptimizerSpec(OptimizerSpec.Rule.SGD, RATE, 0, OptimizerSpec.Decayed.ALL, 0, 0),
            new ScheduleSpec(ScheduleSpec.Shape.CONSTANT, 0, 0, 0.5, 1, 1),
            new ValidationSpec(PART, 0),
            FreezeSpec.defaults(),
            Map.of(),
            Arithmetic.FLOAT32);
    return new Trainer(spec, LINE)
        .startingFrom(Map.of("weight", Tensor.zeros(1, 1), "bias", Tensor.zeros(1)))
        .train(TABLE, SEED, TrainingRun.silent());
  }

  /** Slope and constant. */
  private record Point(double slope, double constant) {
    Point step(int[] rows) {
      double bySlope = 0;
      double byConstant = 0;
      for (int row : rows) {
        double left = error(row);
        bySlope += 2 * left * TABLE.responses().array()[row] / rows.length;
        byConstant += 2 * left / rows.length;
      }
      return new Point(slope - RATE * bySlope, constant - RATE * byConstant);
    }

    Point towards(Point other, double fraction) {
      return new Point(
          slope + fraction * (other.slope - slope),
          constant + fraction * (other.constant - constant));
    }

    double error(int row) {
      return slope * TABLE.responses().array()[row] + constant - TABLE.targets().array()[row];
    }

    double loss(int[] rows) {
      return IntStream.of(rows).mapToDouble(row -> error(row) * error(row)).average().orElseThrow();
    }
  }

  /** After step k it keeps min(decay, (1 + k) / (10 + k)) of itself. */
  private static List<Point> averages(int[] rows, double decay) {
    Point weights = new Point(0, 0);
    Point average = weights;
    List<Point> all = new ArrayList<>();
    for (int k = 1; k <= EPOCHS; k++) {
      weights = weights.step(rows);
      double kept = decay == 0 ? 0 : Math.min(decay, (1.0 + k) / (10 + k));
      average = average.towards(weights, 1 - kept);
      all.add(average);
    }
    return all;
  }

  @Test
  void whatIsValidatedAndKeptIsTheAverage() {
    HeldOut held = HeldOut.of(TABLE, PART, SEED.child("validation"));
    Map<Double, Double> kept = new java.util.HashMap<>();
    for (double decay : new double[] {0, DECAY}) {
      List<Point> expected = averages(held.training(), decay);
      TrainedNetwork trained = train(decay);
      int best = 0;
      for (int k = 0; k < EPOCHS; k++) {
        double loss = expected.get(k).loss(held.validation());
        assertEquals(
            loss, trained.history().get(k).validation().getAsDouble(), 1e-5, "epoch " + (k + 1));
        best = loss < expected.get(best).loss(held.validation()) ? k : best;
      }
      assertEquals(best + 1, trained.chosenEpoch());
      Point chosen = expected.get(best);
      assertArrayEquals(
          new float[] {(float) chosen.slope()}, trained.weights().get("weight").array(), 1e-5f);
      assertArrayEquals(
          new float[] {(float) chosen.constant()}, trained.weights().get("bias").array(), 1e-5f);
      kept.put(decay, chosen.slope());
    }
    // Far more than the tolerance: without an average the weights would be others.
    assertTrue(Math.abs(kept.get(0.0) - kept.get(DECAY)) > 1e-3, kept::toString);
  }
}
