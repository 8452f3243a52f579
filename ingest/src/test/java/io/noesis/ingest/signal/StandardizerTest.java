package io.noesis.ingest.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import org.junit.jupiter.api.Test;

class StandardizerTest {
  private static final Tensor ROWS = Tensor.wrap(new float[] {1, 5, 3, 5, 5, 5}, 3, 2);

  @Test
  void remembersItsRowsAndZeroesConstantColumns() {
    int[] ids = {40, 7, 12};
    Standardizer fitted = Standardizer.fit(ROWS, ids);
    ids[0] = -1;
    assertArrayEquals(new int[] {40, 7, 12}, fitted.fittedRows());
    Tensor other = fitted.apply(Tensor.wrap(new float[] {7, 6}, 1, 2));
    assertArrayEquals(new float[] {(float) (4 / Math.sqrt(8.0 / 3)), 0}, other.array(), 1e-6f);
    assertEquals(1, fitted.constantColumns());
  }

  @Test
  void comesBackFromItsNumbers() {
    Standardizer fitted = Standardizer.fit(ROWS, new int[] {0, 1, 2});
    Standardizer again = Standardizer.of(fitted.means(), fitted.deviations(), fitted.fittedRows());
    assertEquals(fitted.apply(ROWS), again.apply(ROWS));
  }

  @Test
  void refusesTooFewRowsAndNan() {
    assertThrows(DataException.class, () -> Standardizer.fit(Tensor.zeros(1, 2), new int[] {0}));
    Tensor nan = Tensor.wrap(new float[] {1, Float.NaN}, 2, 1);
    assertThrows(DataException.class, () -> Standardizer.fit(nan, new int[] {0, 1}));
    assertThrows(IllegalArgumentException.class, () -> Standardizer.fit(ROWS, new int[] {0, 1}));
  }
}
