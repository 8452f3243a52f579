package io.noesis.alignment.functional;

import io.noesis.tensor.LinearAlgebra;
import io.noesis.tensor.Matrix;
import java.util.ArrayList;
import java.util.List;

/** Every subject is rotated into the voxels of the first one; the space has as many features. */
final class Procrustes implements FunctionalAlignment {
  static final String NAME = "procrustes";

  @Override
  public CommonSpace fit(List<Matrix> responses, int features) {
    Matrix first = responses.get(0);
    List<Matrix> maps = new ArrayList<>();
    List<Matrix> aligned = new ArrayList<>();
    for (Matrix own : responses) {
      Matrix map = maps.isEmpty() ? identity(first.columns()) : CommonSpace.rotation(own, first);
      maps.add(map);
      aligned.add(LinearAlgebra.multiply(own, map));
    }
    return new CommonSpace(CommonSpace.mean(aligned), maps);
  }

  private static Matrix identity(int size) {
    Matrix identity = Matrix.zeros(size, size);
    for (int i = 0; i < size; i++) {
      identity.array()[i * size + i] = 1;
    }
    return identity;
  }
}
