package io.noesis.alignment.functional;

import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Hyperalignment (Haxby et al. 2011, doi:10.1016/j.neuron.2011.08.026) in its three passes: each
 * subject is rotated to the mean of those before it, then to the mean of all others, then to the
 * mean of all. The space has as many features as the first subject has voxels.
 */
final class Hyperalignment implements FunctionalAlignment {
  static final String NAME = "hyperalignment";

  @Override
  public CommonSpace fit(List<Matrix> responses, int features) {
    List<Matrix> aligned = new ArrayList<>(List.of(responses.get(0)));
    for (Matrix own : responses.subList(1, responses.size())) {
      aligned.add(rotated(own, CommonSpace.mean(aligned)));
    }
    List<Matrix> second = new ArrayList<>();
    for (int s = 0; s < responses.size(); s++) {
      List<Matrix> others = new ArrayList<>(aligned);
      others.remove(s);
      second.add(
          others.isEmpty()
              ? responses.get(s)
              : rotated(responses.get(s), CommonSpace.mean(others)));
    }
    Matrix common = CommonSpace.mean(second);
    List<Matrix> maps = responses.stream().map(own -> CommonSpace.rotation(own, common)).toList();
    return new CommonSpace(common, maps);
  }

  private static Matrix rotated(Matrix own, Matrix to) {
    return LinearAlgebra.multiply(own, CommonSpace.rotation(own, to));
  }
}
