package io.noesis.experiment.geometry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.Npy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.format.Mat5File;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Struct;

class DistanceFileTest {
  /** Two matrices of three conditions, distances 1 2 3 and 4 5 6. */
  private static final double[] FIRST = {0, 1, 2, 1, 0, 3, 2, 3, 0};

  private static final double[] SECOND = {0, 4, 5, 4, 0, 6, 5, 6, 0};

  @TempDir Path folder;

  @Test
  void allShapesOfArrays() {
    double[] stacked = new double[18];
    double[] last = new double[18];
    for (int e = 0; e < 9; e++) {
      stacked[e] = FIRST[e];
      stacked[9 + e] = SECOND[e];
      last[2 * e] = FIRST[e];
      last[2 * e + 1] = SECOND[e];
    }
    assertBoth(DoubleArray.wrap(stacked, 2, 3, 3));
    assertBoth(DoubleArray.wrap(last, 3, 3, 2));
    assertBoth(DoubleArray.wrap(new double[] {1, 2, 3, 4, 5, 6}, 2, 3));
    for (int[] shape : List.of(new int[] {3}, new int[] {1, 3}, new int[] {3, 1})) {
      List<DistanceFile.Entry> one =
          DistanceFile.array(DoubleArray.wrap(new double[] {1, 2, 3}, shape), "test");
      assertEquals(1, one.size());
      assertArrayEquals(FIRST, one.get(0).square().array());
    }
    List<DistanceFile.Entry> square = DistanceFile.array(DoubleArray.wrap(FIRST, 3, 3), "test");
    assertArrayEquals(FIRST, square.get(0).square().array());
  }

  private static void assertBoth(DoubleArray array) {
    List<DistanceFile.Entry> entries = DistanceFile.array(array, "test");
    assertEquals(2, entries.size(), array::toString);
    assertArrayEquals(FIRST, entries.get(0).square().array(), array::toString);
    assertArrayEquals(SECOND, entries.get(1).square().array(), array::toString);
  }

  @Test
  void otherShapesAreRefused() {
    for (int[] shape : List.of(new int[] {2, 4}, new int[] {2, 3, 4}, new int[] {2, 1, 3, 3})) {
      int size = 1;
      for (int s : shape) {
        size *= s;
      }
      DoubleArray array = DoubleArray.wrap(new double[size], shape);
      DataException e = assertThrows(DataException.class, () -> DistanceFile.array(array, "test"));
      assertTrue(e.getMessage().contains("expected square matrices"), e.getMessage());
    }
  }

  @Test
  void variablesAndStructsOfMatlab() throws IOException {
    Struct models = Mat5.newStruct(1, 2);
    for (int m = 0; m < 2; m++) {
      models.set("name", m, Mat5.newString(m == 0 ? "near" : "far"));
      models.set("RDM", m, matrix(m == 0 ? FIRST : SECOND));
    }
    Path file = folder.resolve("models.mat");
    try (Mat5File content = Mat5.newMatFile()) {
      content.addArray("Models", models).addArray("Plain", matrix(SECOND));
      Mat5.writeToFile(content, file.toFile());
    }
    List<DistanceFile.Entry> entries = read(file, Optional.of("Models"));
    assertEquals(List.of("near", "far"), entries.stream().map(DistanceFile.Entry::label).toList());
    assertArrayEquals(SECOND, entries.get(1).square().array());
    assertArrayEquals(SECOND, read(file, Optional.of("Plain")).get(0).square().array());
    assertTrue(message(file, Optional.empty()).contains("the variables Models, Plain"));
    assertTrue(message(file, Optional.of("models")).contains("'Models'"));
    DataException field =
        assertThrows(
            DataException.class,
            () ->
                DistanceFile.read(
                    file, Optional.of("Models"), new DistanceFile.Fields("D", "name")));
    assertTrue(field.getMessage().contains("expected a field 'D'"), field.getMessage());
  }

  @Test
  void filesOfOtherKindsAreRefused() {
    Path npy = folder.resolve("d.npy");
    Npy.write(npy, DoubleArray.wrap(FIRST, 3, 3));
    assertArrayEquals(FIRST, read(npy, Optional.empty()).get(0).square().array());
    assertTrue(message(npy, Optional.of("RDMs")).contains("has no variables"));
    assertThrows(
        UnsupportedDataException.class, () -> read(folder.resolve("d.csv"), Optional.empty()));
  }

  private static Matrix matrix(double[] values) {
    Matrix out = Mat5.newMatrix(3, 3);
    for (int e = 0; e < 9; e++) {
      out.setDouble(e / 3, e % 3, values[e]);
    }
    return out;
  }

  private static List<DistanceFile.Entry> read(Path file, Optional<String> variable) {
    return DistanceFile.read(file, variable, DistanceFile.Fields.USUAL);
  }

  private static String message(Path file, Optional<String> variable) {
    return assertThrows(DataException.class, () -> read(file, variable)).getMessage();
  }
}
