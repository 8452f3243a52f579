package io.noesis.ingest.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AffineTest {
  @Property(tries = 300)
  void theInverseLeadsBack(
      @ForAll @DoubleRange(min = -3, max = 3) double turn,
      @ForAll @DoubleRange(min = 0.1, max = 9) double zoom,
      @ForAll @DoubleRange(min = -300, max = 300) double shift,
      @ForAll @IntRange(min = 0, max = 500) int i) {
    double c = Math.cos(turn);
    double s = Math.sin(turn);
    Affine affine = Affine.ofRows(zoom * c, -s, 0.1, shift, zoom * s, c, 0, -7, 0, 0.2, -2, 30);
    double[] there = affine.toWorld(i, 3, 20);
    double[] back = affine.inverse().toWorld(there[0], there[1], there[2]);
    assertArrayEquals(new double[] {i, 3, 20}, back, 1e-8);
    assertTrue(affine.inverse().inverse().near(affine, 1e-9));
  }

  @Test
  void axesAreNamedByWhereTheyLead() {
    assertEquals("RAS", Affine.diagonal(1, 2, 3).orientation());
    assertEquals("LPI", Affine.diagonal(-1, -2, -3).orientation());
    assertEquals("ASL", Affine.ofRows(0, 0, -3, 0, 2, 0, 0, 0, 0, 2, 0, 0).orientation());
    assertEquals("RA?", Affine.diagonal(1, 2, 0).orientation());
  }

  @Test
  void singularAndInfiniteAffinesAreRefused() {
    assertThrows(DataException.class, () -> Affine.diagonal(1, 2, 0).inverse());
    assertThrows(IllegalArgumentException.class, () -> Affine.diagonal(1, 2, Double.NaN));
  }

  @Test
  void gridsMatchWithinAHundredthOfAVoxelAtEveryCorner() {
    Grid grid = new Grid(64, 64, 30, Affine.diagonal(3, 3, 3));
    assertTrue(grid.matches(new Grid(64, 64, 30, Affine.diagonal(3.0001, 3, 3))));
    // 0.001 mm per step is 0.063 mm at the far end.
    assertFalse(grid.matches(new Grid(64, 64, 30, Affine.diagonal(3.001, 3, 3))));
    assertFalse(grid.matches(new Grid(64, 30, 64, Affine.diagonal(3, 3, 3))));
    assertEquals(2 + 64 * (3 + 64 * 4), grid.index(2, 3, 4));
    assertThrows(IllegalArgumentException.class, () -> new Grid(70_000, 70_000, 1, grid.affine()));
  }
}
