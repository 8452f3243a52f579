package io.noesis.ingest.glm;

import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One folder made by {@code tests/fixtures/make/glm.py}. */
record Fixture(String name, RunTiming timing, List<TrialTiming> trials, DesignSpec spec) {

  static Fixture read(String name) {
    String[] row = lines(name + "/case.tsv").get(1).split("\t");
    double value = Double.parseDouble(row[5]);
    Drift drift =
        row[4].equals("cosine") ? new Drift.Cosine(value) : new Drift.Polynomial((int) value);
    List<TrialTiming> trials = new ArrayList<>();
    for (String line : lines(name + "/trials.tsv").stream().skip(1).toList()) {
      String[] cells = line.split("\t");
      trials.add(
          new TrialTiming(cells[0], Double.parseDouble(cells[1]), Double.parseDouble(cells[2])));
    }
    return new Fixture(
        name,
        new RunTiming(
            Integer.parseInt(row[0]), Double.parseDouble(row[1]), Double.parseDouble(row[2])),
        trials,
        new DesignSpec(Hrfs.registry().get(row[3]), drift, 50));
  }

  DesignMatrix design() {
    Matrix values = array("confounds", timing.volumes(), name.equals("glover") ? 2 : 0);
    List<String> names = new ArrayList<>();
    for (int c = 0; c < values.columns(); c++) {
      names.add("motion_" + c);
    }
    return DesignMatrix.of(timing, trials, spec, new Confounds(names, values));
  }

  Tensor bold() {
    return array("bold", timing.volumes(), 17).toTensor();
  }

  Matrix array(String what, int rows, int columns) {
    return matrix(
        String.format(Locale.ROOT, "%s/%s_%dx%d.f64", name, what, rows, columns), rows, columns);
  }

  double[] vector(String what, int n) {
    return matrix(String.format(Locale.ROOT, "%s/%s_%d.f64", name, what, n), 1, n).array();
  }

  static Matrix matrix(String path, int rows, int columns) {
    double[] values = new double[rows * columns];
    ByteBuffer.wrap(bytes(path)).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    return Matrix.wrap(rows, columns, values);
  }

  private static List<String> lines(String path) {
    return Arrays.asList(new String(bytes(path), StandardCharsets.UTF_8).split("\n"));
  }

  private static byte[] bytes(String path) {
    try (InputStream in = Fixture.class.getResourceAsStream("/glm/" + path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The largest difference over the largest value. */
  static double relativeError(double[] expected, float[] found) {
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      worst = Math.max(worst, Math.abs(expected[i] - found[i]));
    }
    return worst / largest;
  }
}
