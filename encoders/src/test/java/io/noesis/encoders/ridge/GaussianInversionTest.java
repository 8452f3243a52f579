package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parity with tests/fixtures/make/gaussian_inversion.py, and what no fixture holds. */
class GaussianInversionTest {
  private static final InversionSpec ALONE = new InversionSpec(List.of(1.0), 5);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"tall", "few", "wide", "alone"})
  void agreesWithDenseMatricesInNumpy(String name) throws IOException {
    Path file = folder.resolve(name + ".npz");
    try (InputStream in = getClass().getResourceAsStream("inversion-" + name + ".npz")) {
      Files.write(file, in.readAllBytes());
    }
    try (Npz npz = Npz.open(file)) {
      Tensor x = npz.read("x");
      Tensor y = npz.read("y");
      int[] groups = IntStream.range(0, x.dim(0)).map(i -> i % 5).toArray();
      InversionModel model =
          npz.names().contains("seen")
              ? GaussianInversion.fit(
                  x, y, groups, TargetPrior.of(npz.read("seen")), InversionSpec.defaults())
              : GaussianInversion.fit(x, y, groups, InversionSpec.defaults());
      assertArrayEquals(npz.readDoubles("scores").array(), model.scores(), 1e-6);
      assertEquals(npz.readDoubles("exponent").array()[0], model.exponent());
      assertEquals(npz.readDoubles("independence").array()[0], model.independence());
      assertRelative(npz.readDoubles("weights").array(), model.weights());
      assertRelative(npz.readDoubles("predicted").array(), model.predict(npz.read("new")));
      for (int d = 0; d < y.dim(1); d++) {
        assertEquals(0, model.weights().at(3, d), "a constant voxel");
      }
    }
  }

  private static void assertRelative(double[] expected, Tensor found) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertEquals(expected.length, found.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found.array()[i], 1e-5 * largest, "number " + i);
    }
  }

  private static Tensor gaussian(int rows, int columns, String name) {
    PinnedRandom random = Seed.of(3).child(name).random();
    return Tensor.zeros(rows, columns).map(zero -> random.nextGaussian());
  }

  @Test
  void withoutNoiseThePlantedTargetsAreFound() {
    Tensor y = gaussian(60, 4, "targets");
    Tensor mixing = gaussian(4, 30, "mixing");
    Tensor x = io.noesis.tensor.LinearAlgebra.multiply(y, mixing);
    int[] groups = IntStream.range(0, 60).toArray();
    Tensor found = GaussianInversion.fit(x, y, groups, InversionSpec.defaults()).predict(x);
    for (int i = 0; i < y.size(); i++) {
      assertEquals(y.array()[i], found.array()[i], 0.05);
    }
  }

  @Test
  void noiseAloneIsDecodedAsTheMean() {
    Tensor y = gaussian(50, 6, "targets");
    InversionModel model =
        GaussianInversion.fit(
            gaussian(50, 40, "noise"), y, IntStream.range(0, 50).toArray(), ALONE);
    double[] mean = Columns.means(y);
    Tensor found = model.predict(gaussian(50, 40, "new"));
    double sum = 0;
    for (int i = 0; i < found.size(); i++) {
      double d = found.array()[i] - mean[i % 6];
      sum += d * d / found.size();
    }
    assertTrue(sum < 0.2, "about the mean by a variance of " + sum + ", targets have 1");
  }

  @Test
  void targetsThatAreAlikeOrVoxelsThatAreConstantGiveTheMean() {
    Tensor same = Tensor.zeros(20, 3).map(zero -> 2.5);
    int[] groups = IntStream.range(0, 20).toArray();
    InversionModel model =
        GaussianInversion.fit(gaussian(20, 8, "x"), same, groups, InversionSpec.defaults());
    assertEquals(same.rows(new int[] {0}), model.predict(gaussian(1, 8, "new")));
    Tensor y = gaussian(20, 3, "targets");
    Tensor nothing =
        GaussianInversion.fit(Tensor.zeros(20, 8), y, groups, InversionSpec.defaults())
            .predict(gaussian(1, 8, "new"));
    for (int d = 0; d < 3; d++) {
      assertEquals(Columns.means(y)[d], nothing.at(0, d), 1e-6);
    }
  }

  @Test
  void rowsOfOneGroupCannotChoose() {
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                GaussianInversion.fit(
                    gaussian(9, 4, "x"),
                    gaussian(9, 2, "y"),
                    new int[9],
                    InversionSpec.defaults()));
    assertTrue(e.getMessage().contains("1 group(s)"), e::getMessage);
    Tensor broken = gaussian(9, 4, "x");
    broken.array()[5] = Float.NaN;
    assertThrows(
        DataException.class,
        () -> GaussianInversion.fit(broken, gaussian(9, 2, "y"), new int[9], ALONE));
    assertThrows(IllegalArgumentException.class, () -> new InversionSpec(List.of(0.0), 5));
    assertThrows(IllegalArgumentException.class, () -> new InversionSpec(List.of(), 5));
  }

  @Test
  void itIsKeptToTheBit() throws IOException {
    Tensor x = gaussian(40, 12, "x");
    InversionModel model =
        GaussianInversion.fit(
            x, gaussian(40, 5, "y"), IntStream.range(0, 40).toArray(), InversionSpec.defaults());
    Path file = folder.resolve("inversion.safetensors");
    model.save(file, Map.of("subject", "01"));
    InversionModel read = InversionModel.load(file);
    assertEquals(model.predict(x), read.predict(x));
    assertEquals(model.independence(), read.independence());
    assertArrayEquals(model.scores(), read.scores());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThrows(ModelException.class, () -> InversionModel.load(file));
    assertThrows(ModelException.class, () -> InversionModel.load(folder.resolve("none")));
    assertTrue(GaussianInversion.bytes(9000, 15000, 768) > 5L * 9000 * 15000 * Double.BYTES);
  }
}
