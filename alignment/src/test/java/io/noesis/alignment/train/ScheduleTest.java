package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.tensor.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Learning rates: PyTorch's, from fixtures/make/torch_losses.py, and closed forms. */
class ScheduleTest {
  private static double[] python(String name) throws Exception {
    Path file = Path.of(ScheduleTest.class.getResource("schedules.safetensors").toURI());
    try (Safetensors in = Safetensors.open(file)) {
      return in.readDoubles(name).array();
    }
  }

  @Test
  void oneCycleIsThatOfPyTorch() throws Exception {
    double[] expected = python("one-cycle");
    ScheduleSpec schedule =
        new ScheduleSpec(ScheduleSpec.Shape.ONE_CYCLE, 0.2, 1 / 25_000.0, 0.5, 1);
    for (int step = 0; step < expected.length; step++) {
      double rate = 3e-4 * schedule.factor(step, expected.length, List.of());
      assertEquals(expected[step], rate, 1e-15, "step " + step);
    }
  }

  @Test
  void plateauIsThatOfPyTorch() throws Exception {
    double[] expected = python("plateau");
    double[] validation = python("validation");
    ScheduleSpec schedule = new ScheduleSpec(ScheduleSpec.Shape.PLATEAU, 0, 0, 0.5, 2);
    List<Double> seen = new ArrayList<>();
    for (int epoch = 0; epoch < expected.length; epoch++) {
      assertEquals(expected[epoch], 0.1 * schedule.factor(epoch, 100, seen), 1e-12);
      if (epoch < validation.length) {
        seen.add(validation[epoch]);
      }
    }
  }

  @Test
  void cosineRisesInALineAndFallsAlongACosine() {
    ScheduleSpec schedule = new ScheduleSpec(ScheduleSpec.Shape.COSINE, 0.1, 0.2, 0.5, 1);
    assertEquals(1 / 11.0, schedule.factor(0, 100, List.of()), 1e-12);
    assertEquals(10 / 11.0, schedule.factor(9, 100, List.of()), 1e-12);
    assertEquals(1, schedule.factor(10, 100, List.of()), 1e-12);
    assertEquals(0.6, schedule.factor(55, 100, List.of()), 1e-12);
    assertEquals(0.2, schedule.factor(100, 100, List.of()), 1e-12);
  }

  @Test
  void aConstantRateIsConstantAfterItsWarmUp() {
    assertEquals(1, ScheduleSpec.constant().factor(0, 10, List.of()));
    assertEquals(1, ScheduleSpec.constant().factor(9, 10, List.of()));
    ScheduleSpec warm = new ScheduleSpec(ScheduleSpec.Shape.CONSTANT, 0.5, 0, 0.5, 1);
    assertEquals(1 / 6.0, warm.factor(0, 10, List.of()), 1e-12);
    assertEquals(1, warm.factor(5, 10, List.of()));
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ScheduleSpec(ScheduleSpec.Shape.COSINE, 1, 0, 0.5, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ScheduleSpec(ScheduleSpec.Shape.PLATEAU, 0, 0, 1, 1));
  }
}
