package io.noesis.ingest.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TimeSeriesTest {
  /** Columns: a constant, a line, a parabola, a step. */
  private static Tensor series(int rows) {
    float[] values = new float[rows * 4];
    for (int t = 0; t < rows; t++) {
      values[4 * t] = 1e6f / 3;
      values[4 * t + 1] = 0.1f * t + 500;
      values[4 * t + 2] = 0.01f * t * t;
      values[4 * t + 3] = t < rows / 2 ? 0 : 1;
    }
    return Tensor.wrap(values, rows, 4);
  }

  @Test
  void aTrendRemovesExactlyItsOwnCurve() {
    Tensor linear = TimeSeries.detrend(series(50), 1);
    Tensor quadratic = TimeSeries.detrend(series(50), 2);
    double parabolaLeft = 0;
    for (int t = 0; t < 50; t++) {
      assertEquals(0, linear.at(t, 0), 1e-6);
      assertEquals(0, linear.at(t, 1), 1e-4);
      assertEquals(0, quadratic.at(t, 2), 1e-5);
      parabolaLeft = Math.max(parabolaLeft, Math.abs(linear.at(t, 2)));
    }
    assertTrue(parabolaLeft > 1, "a line leaves the parabola: " + parabolaLeft);
  }

  @Test
  void aLineIsConstantOnceItsTrendIsGone() {
    TimeSeries.Cleaned cleaned =
        TimeSeries.cleanWithin(series(50), new int[50], Trend.LINEAR, Scaling.ZSCORE_POPULATION);
    assertEquals(2, cleaned.constantColumns(), "rounding left over is not signal");
    for (int t = 0; t < 50; t++) {
      assertEquals(0, cleaned.values().at(t, 0));
      assertEquals(0, cleaned.values().at(t, 1));
    }
  }

  @Test
  void groupsMayLieInAnyOrderAndTheInputStays() {
    Tensor x = Tensor.wrap(new float[] {1, 10, 3, 30, 5, 50}, 6, 1);
    TimeSeries.Cleaned cleaned =
        TimeSeries.cleanWithin(x, new int[] {7, 2, 7, 2, 7, 2}, Trend.NONE, Scaling.ZSCORE_SAMPLE);
    assertArrayEquals(new float[] {-1, -1, 0, 0, 1, 1}, cleaned.values().array(), 1e-6f);
    assertEquals(30, x.at(3, 0));
  }

  @Test
  void scalingFactorsDiffer() {
    Tensor x = Tensor.wrap(new float[] {1, 3}, 2, 1);
    int[] one = {0, 0};
    float population =
        TimeSeries.cleanWithin(x, one, Trend.NONE, Scaling.ZSCORE_POPULATION).values().at(1, 0);
    float sample =
        TimeSeries.cleanWithin(x, one, Trend.NONE, Scaling.ZSCORE_SAMPLE).values().at(1, 0);
    assertEquals(1, population, 1e-6);
    assertEquals(Math.sqrt(0.5), sample, 1e-6);
    Tensor same = TimeSeries.cleanWithin(x, one, Trend.NONE, Scaling.NONE).values();
    assertEquals(x, same);
  }

  @Test
  void groupsTooShortAreRefused() {
    Tensor x = Tensor.zeros(3, 2);
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                TimeSeries.cleanWithin(x, new int[] {1, 1, 4}, Trend.NONE, Scaling.ZSCORE_SAMPLE));
    assertTrue(e.getMessage().contains("group 4 has 1 row"), e.getMessage());
    assertThrows(DataException.class, () -> TimeSeries.detrend(x, 3));
  }

  @Test
  void nanStaysVisible() {
    Tensor x = Tensor.wrap(new float[] {1, Float.NaN, 3}, 3, 1);
    Tensor out =
        TimeSeries.cleanWithin(x, new int[3], Trend.LINEAR, Scaling.ZSCORE_POPULATION).values();
    assertTrue(Float.isNaN(out.at(0, 0)));
  }
}
