package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.tensor.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Learning rates: PyTorch's, from fixtures/make/torch_losses.py and torch_objectives.py, and closed
 * forms.
 */
class ScheduleTest {
  private static double[] python(String name) throws Exception {
    return python("schedules", name);
  }

  private static double[] python(String source, String name) throws Exception {
    Path file = Path.of(ScheduleTest.class.getResource(source + ".safetensors").toURI());
    try (Safetensors in = Safetensors.open(file)) {
      return in.readDoubles(name).array();
    }
  }

  @Test
  void oneCycleIsThatOfPyTorch() throws Exception {
    double[] expected = python("one-cycle");
    ScheduleSpec schedule =
        new ScheduleSpec(ScheduleSpec.Shape.ONE_CYCLE, 0.2, 1 / 25_000.0, 0.5, 1, 3);
    for (int step = 0; step < expected.length; step++) {
      double rate = 3e-4 * schedule.factor(step, expected.length, List.of());
      assertEquals(expected[step], rate, 1e-15, "step " + step);
    }
  }

  @Test
  void plateauIsThatOfPyTorch() throws Exception {
    double[] expected = python("plateau");
    double[] validation = python("validation");
    ScheduleSpec schedule = new ScheduleSpec(ScheduleSpec.Shape.PLATEAU, 0, 0, 0.5, 2, 3);
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
    ScheduleSpec schedule = new ScheduleSpec(ScheduleSpec.Shape.COSINE, 0.1, 0.2, 0.5, 1, 3);
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
    ScheduleSpec warm = new ScheduleSpec(ScheduleSpec.Shape.CONSTANT, 0.5, 0, 0.5, 1, 3);
    assertEquals(1 / 6.0, warm.factor(0, 10, List.of()), 1e-12);
    assertEquals(1, warm.factor(5, 10, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "one-cycle, ONE_CYCLE, 0.25, 4e-5, 1",
    "cosine, COSINE, 0, 0.1, 1",
    "warm-cosine, COSINE, 0.2, 0.1, 1",
    "restarts, RESTARTS, 0, 0.1, 4",
    "linear, LINEAR, 0, 0.1, 1",
    "exponential, EXPONENTIAL, 0, 0.1, 1",
    "stairs, STAIRS, 0, 0, 3",
    "constant, CONSTANT, 0.2, 0, 1"
  })
  void coursesAreThoseOfPyTorch(
      String name, ScheduleSpec.Shape shape, double warmUp, double floor, int parts)
      throws Exception {
    double[] expected = python("rates", name);
    ScheduleSpec schedule = new ScheduleSpec(shape, warmUp, floor, 0.5, 5, parts);
    for (int step = 0; step < expected.length; step++) {
      double factor = schedule.factor(step, expected.length, List.of());
      assertEquals(expected[step], factor, 1e-12, name + ", step " + step);
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new ScheduleSpec(ScheduleSpec.Shape.COSINE, 1, 0, 0.5, 1, 3));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ScheduleSpec(ScheduleSpec.Shape.PLATEAU, 0, 0, 1, 1, 3));
  }
}
