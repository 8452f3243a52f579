package io.noesis.encoders.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.torch.Scope;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sensors have weight. */
class SpatialAttentionTest {
  private static final int SIDE = 7;
  private static final int SENSORS = SIDE * SIDE + 1;
  private static final double RADIUS = 0.3;

  /** A grid, and a sensor without a place. */
  private static Tensor sensors() {
    float[] places = new float[2 * SENSORS];
    for (int i = 0; i < SIDE * SIDE; i++) {
      places[2 * i] = i / SIDE / (float) (SIDE - 1);
      places[2 * i + 1] = i % SIDE / (float) (SIDE - 1);
    }
    places[2 * SENSORS - 2] = -0.1f;
    places[2 * SENSORS - 1] = -0.1f;
    return Tensor.wrap(places, SENSORS, 2);
  }

  /** The weights themselves: what comes out of the identity. */
  private static Tensor weights(Pass pass) {
    float[] identity = new float[SENSORS * SENSORS];
    for (int i = 0; i < SENSORS; i++) {
      identity[i * SENSORS + i] = 1;
    }
    SpatialAttention layer = layer();
    return Scope.get(
        () -> layer.forward(pass, Value.of(Tensor.wrap(identity, 1, SENSORS, SENSORS))).toTensor());
  }

  private static SpatialAttention layer() {
    return new SpatialAttention(3, new FourierPositions(2, 4, 0.2), RADIUS, sensors());
  }

  @Test
  void evaluationUsesAllSensorsWithAPlace() {
    Parameters parameters = Parameters.of(layer(), Seed.of(1));
    Tensor weights = weights(Pass.evaluation(parameters));
    for (int channel = 0; channel < 3; channel++) {
      double sum = 0;
      for (int sensor = 0; sensor < SENSORS; sensor++) {
        float weight = weights.at(0, channel, sensor);
        assertEquals(sensor < SENSORS - 1, weight > 0, "sensor " + sensor);
        sum += weight;
      }
      assertEquals(1, sum, 1e-5);
    }
    parameters.free();
  }

  @Test
  void trainingLeavesOutADiscThatMoves() {
    Parameters parameters = Parameters.of(layer(), Seed.of(1));
    Tensor places = sensors();
    List<Integer> counts = new ArrayList<>();
    List<List<Integer>> discs = new ArrayList<>();
    for (int draw = 0; draw < 12; draw++) {
      Tensor weights = weights(Pass.training(parameters, TorchRandom.ofNumber(draw)));
      List<Integer> out = new ArrayList<>();
      for (int sensor = 0; sensor < SENSORS - 1; sensor++) {
        if (weights.at(0, 1, sensor) == 0) {
          out.add(sensor);
        }
      }
      for (int a : out) {
        for (int b : out) {
          double distance =
              Math.hypot(places.at(a, 0) - places.at(b, 0), places.at(a, 1) - places.at(b, 1));
          assertTrue(distance <= 2 * RADIUS, a + " and " + b + " are " + distance + " apart");
        }
      }
      counts.add(out.size());
      discs.add(out);
    }
    // A disc covers π·0.3²·36 ≈ 10 places of the grid, a quarter of that in a corner.
    assertTrue(counts.stream().allMatch(count -> count >= 2 && count <= 14), counts.toString());
    assertTrue(discs.stream().distinct().count() > 6, discs.toString());
    parameters.free();
  }
}
