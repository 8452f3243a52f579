package io.noesis.alignment.functional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Registry;
import io.noesis.run.Seed;
import io.noesis.tensor.DoubleArray;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Npy;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Against numpy and scipy (tests/fixtures/make/functional_alignment.py), and on known truths. */
class FunctionalAlignmentTest {
  private static final double TOLERANCE = 1e-5;

  private static Matrix fixture(String name) {
    URL url = Objects.requireNonNull(FunctionalAlignmentTest.class.getResource(name + ".npy"));
    try {
      DoubleArray array = Npy.readDoubles(Path.of(url.toURI()));
      return Matrix.wrap(array.shape().dim(0), array.shape().dim(1), array.array());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Matrix> responses() {
    return List.of(fixture("responses_0"), fixture("responses_1"), fixture("responses_2"));
  }

  private static void close(Matrix expected, Matrix found, double tolerance, String what) {
    assertEquals(expected.rows(), found.rows(), what);
    assertEquals(expected.columns(), found.columns(), what);
    for (int i = 0; i < expected.array().length; i++) {
      assertEquals(expected.array()[i], found.array()[i], tolerance, what + " number " + i);
    }
  }

  @Test
  void rotationsAreThoseOfScipy() {
    Matrix first = responses().get(0);
    double[] cut = new double[40 * 10];
    for (int i = 0; i < 40; i++) {
      System.arraycopy(first.array(), i * 12, cut, i * 10, 10);
    }
    List<Matrix> two = List.of(Matrix.wrap(40, 10, cut), responses().get(1));
    Matrix map = FunctionalAlignments.registry().get("procrustes").fit(two, 0).maps().get(1);
    close(fixture("procrustes_1_to_0"), map, TOLERANCE, "rotation");
  }

  @Test
  void hyperalignmentIsThatOfNumpy() {
    CommonSpace space = FunctionalAlignments.registry().get("hyperalignment").fit(responses(), 0);
    close(fixture("hyperalignment_common"), space.responses(), TOLERANCE, "common space");
    for (int s = 0; s < 3; s++) {
      close(fixture("hyperalignment_" + s), space.maps().get(s), TOLERANCE, "map " + s);
    }
  }

  @Test
  void sharedResponsesAreThoseOfNumpy() {
    CommonSpace space = FunctionalAlignments.registry().get("shared-response").fit(responses(), 4);
    close(fixture("shared_response"), space.responses(), TOLERANCE, "shared response");
    for (int s = 0; s < 3; s++) {
      close(fixture("shared_response_" + s), space.maps().get(s), TOLERANCE, "map " + s);
    }
  }

  /** Three subjects that are one, each seen in voxels rotated at random. */
  private static List<Matrix> rotated(int stimuli, int voxels) {
    PinnedRandom random = Seed.of(3).random();
    Matrix truth = gaussian(stimuli, voxels, random);
    List<Matrix> subjects = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      Matrix any = gaussian(voxels, voxels, random);
      Matrix rotation = CommonSpace.rotation(any, Matrix.of(any.toTensor()).transpose());
      subjects.add(LinearAlgebra.multiply(truth, rotation));
    }
    return subjects;
  }

  private static Matrix gaussian(int rows, int columns, PinnedRandom random) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return Matrix.wrap(rows, columns, values);
  }

  @TestFactory
  Stream<DynamicTest> everyMethodUndoesRotationsAndMapsANewSubject() {
    return FunctionalAlignments.registry().entries().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> undoes(entry)));
  }

  private static void undoes(Registry.Entry<FunctionalAlignment> entry) {
    List<Matrix> subjects = rotated(30, 6);
    CommonSpace space = entry.value().fit(subjects.subList(0, 2), 6);
    Matrix one = LinearAlgebra.multiply(subjects.get(0), space.maps().get(0));
    Matrix other = LinearAlgebra.multiply(subjects.get(1), space.maps().get(1));
    close(one, other, 1e-8, "subjects in the space");
    Matrix added = LinearAlgebra.multiply(subjects.get(2), space.mapOf(subjects.get(2)));
    close(one, added, 1e-8, "a subject added later");
    Matrix map = space.maps().get(1);
    Matrix product = LinearAlgebra.transposedMultiply(map, map);
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        assertEquals(i == j ? 1 : 0, product.at(i, j), 1e-10, "orthonormal columns");
      }
    }
  }

  @Test
  void moreFeaturesThanVoxelsAreRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> FunctionalAlignments.registry().get("shared-response").fit(responses(), 11));
    assertTrue(e.getMessage().contains("1 to 10 features"), e::getMessage);
  }
}
