package io.noesis.alignment.functional;

import io.noesis.run.Check;
import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Svd;
import java.util.ArrayList;
import java.util.List;

/**
 * The deterministic shared response model (Chen et al. 2015, NIPS 28): orthonormal maps W and a
 * shared response S that make Σ‖Xᵢ·Wᵢ − S‖² least, by turns. The first S are the leading principal
 * components of all subjects' voxels side by side, so nothing is drawn at random.
 */
final class SharedResponse implements FunctionalAlignment {
  static final String NAME = "shared-response";
  private static final int TURNS = 20;

  @Override
  public CommonSpace fit(List<Matrix> responses, int features) {
    int stimuli = responses.get(0).rows();
    int fewest = responses.stream().mapToInt(Matrix::columns).min().orElseThrow();
    Check.argument(
        features >= 1 && features <= Math.min(stimuli, fewest),
        "shared response model: expected 1 to %d features for %d stimuli and at least %d voxels,"
            + " found %d",
        Math.min(stimuli, fewest),
        stimuli,
        fewest,
        features);
    Matrix shared = first(responses, features);
    List<Matrix> maps = List.of();
    for (int turn = 0; turn < TURNS; turn++) {
      List<Matrix> next = new ArrayList<>();
      List<Matrix> aligned = new ArrayList<>();
      for (Matrix own : responses) {
        Matrix map = CommonSpace.rotation(own, shared);
        next.add(map);
        aligned.add(LinearAlgebra.multiply(own, map));
      }
      maps = next;
      shared = CommonSpace.mean(aligned);
    }
    return new CommonSpace(shared, maps);
  }

  /** {@code Σ XᵢXᵢᵀ} has the left singular vectors of all voxels side by side. */
  private static Matrix first(List<Matrix> responses, int features) {
    int stimuli = responses.get(0).rows();
    double[] sum = new double[stimuli * stimuli];
    for (Matrix own : responses) {
      double[] gram = LinearAlgebra.gram(own).array();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gram[i];
      }
    }
    Svd svd = LinearAlgebra.svd(Matrix.wrap(stimuli, stimuli, sum));
    double[] values = svd.values();
    Matrix first = Matrix.zeros(stimuli, features);
    for (int k = 0; k < features; k++) {
      double largest = 0;
      for (int i = 0; i < stimuli; i++) {
        double value = svd.u().at(i, k);
        largest = Math.abs(value) > Math.abs(largest) ? value : largest;
      }
      double scale = Math.signum(largest) * Math.sqrt(values[k] / responses.size());
      for (int i = 0; i < stimuli; i++) {
        first.array()[i * features + k] = scale * svd.u().at(i, k);
      }
    }
    return first;
  }
}
