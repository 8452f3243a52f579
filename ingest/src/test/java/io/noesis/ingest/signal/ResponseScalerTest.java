package io.noesis.ingest.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.ingest.signal.ResponseScaler.Spread;
import io.noesis.ingest.signal.ResponseScaler.Unit;
import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Numbers of scikit-learn 1.8 and NumPy 2.4 for the same epochs. */
class ResponseScalerTest {
  private static final float[] VALUES = {
    1, 5, 2, 0, 0, 1, 8, 3, 3, 4, -7, 2, 2, 2, 9, 1, 1, 1, 6, -4, 0, 3, 5, 8
  };
  private static final Tensor EPOCHS = Tensor.wrap(VALUES, 4, 2, 3);
  private static final int[] ROWS = {3, 5, 7, 9};

  private static ResponseScaler fit(Unit unit, Spread spread) {
    return ResponseScaler.fit(EPOCHS, unit, spread, ROWS);
  }

  @Test
  void channelsHaveMeanAndDeviationOverTrialsAndTime() {
    ResponseScaler scaler = fit(Unit.CHANNEL, Spread.STANDARD);
    assertArrayEquals(new double[] {3.08333333, 1.58333333}, scaler.centres(), 1e-8);
    assertArrayEquals(new double[] {3.40240928, 3.4268142}, scaler.spreads(), 1e-8);
    assertArrayEquals(ROWS, scaler.fittedRows());
    Tensor scaled = scaler.apply(EPOCHS);
    assertEquals(EPOCHS.shape(), scaled.shape());
    assertEquals((1 - 3.08333333) / 3.40240928, scaled.array()[0], 1e-6);
    assertEquals((1 - 1.58333333) / 3.4268142, scaled.array()[5], 1e-6);
  }

  @Test
  void quartilesAreScikitLearnsOrThoseByIndex() {
    ResponseScaler robust = fit(Unit.CHANNEL, Spread.ROBUST);
    assertArrayEquals(new double[] {2.5, 1}, robust.centres(), 1e-12);
    assertArrayEquals(new double[] {3.5, 2.5}, robust.spreads(), 1e-12);
    ResponseScaler byIndex = fit(Unit.CHANNEL, Spread.ROBUST_BY_INDEX);
    assertArrayEquals(new double[] {3, 1}, byIndex.centres(), 1e-12);
    assertArrayEquals(new double[] {4, 3}, byIndex.spreads(), 1e-12);
    Tensor flat = Tensor.wrap(new float[] {1, 4, 1, 9, 1, 4}, 3, 2);
    ResponseScaler constant =
        ResponseScaler.fit(flat, Unit.FEATURE, Spread.ROBUST, new int[] {0, 1, 2});
    assertArrayEquals(
        new double[] {1, 2.5}, constant.spreads(), 1e-12, "a spread of 0 counts as 1");
  }

  @Test
  void featuresAreScaledAsByTheStandardizer() {
    Tensor rows = EPOCHS.reshape(4, 6);
    Tensor expected = Standardizer.fit(rows, ROWS).apply(rows);
    assertEquals(expected, fit(Unit.FEATURE, Spread.STANDARD).apply(EPOCHS).reshape(4, 6));
    assertEquals(
        expected, ResponseScaler.fit(rows, Unit.FEATURE, Spread.STANDARD, ROWS).apply(rows));
  }

  @Test
  void whatCannotBeScaledIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ResponseScaler.fit(EPOCHS.reshape(4, 6), Unit.CHANNEL, Spread.ROBUST, ROWS));
    float[] broken = VALUES.clone();
    broken[7] = Float.NaN;
    assertThrows(
        DataException.class,
        () -> ResponseScaler.fit(Tensor.wrap(broken, 4, 2, 3), Unit.CHANNEL, Spread.ROBUST, ROWS));
    assertThrows(
        DataException.class,
        () ->
            ResponseScaler.fit(
                EPOCHS.rows(new int[] {1}), Unit.CHANNEL, Spread.STANDARD, new int[] {1}));
    ResponseScaler scaler = fit(Unit.CHANNEL, Spread.STANDARD);
    assertThrows(IllegalArgumentException.class, () -> scaler.apply(Tensor.zeros(2, 3, 3)));
  }

  @Test
  void stepsThatLearnNothing() {
    Tensor based = Epochs.withoutMean(EPOCHS, 0, 2);
    assertArrayEquals(new float[] {-2, 2, -1, 0, 0, 1}, Arrays.copyOf(based.array(), 6));
    Tensor cut = Epochs.cut(EPOCHS, 1, 2);
    assertArrayEquals(new int[] {4, 2, 2}, cut.shape().toArray());
    assertArrayEquals(new float[] {5, 2, 0, 1}, Arrays.copyOf(cut.array(), 4));
    assertArrayEquals(
        new float[] {-3, 2, 3}, Epochs.clamp(Tensor.wrap(new float[] {-7, 2, 9}, 3), 3).array());
    assertThrows(IllegalArgumentException.class, () -> Epochs.cut(EPOCHS, 2, 2));
  }
}
