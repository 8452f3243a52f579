package io.noesis.alignment.functional;

import io.noesis.tensor.Matrix;
import java.util.List;

/** A way to find a space that several subjects share. */
public interface FunctionalAlignment {
  /**
   * Fits the space.
   *
   * @param responses of each subject to the same stimuli in the same order, {@code [stimuli,
   *     voxels]}; voxels may differ
   * @param features width of the space, where the method leaves a choice
   * @return the space with each subject's map
   */
  CommonSpace fit(List<Matrix> responses, int features);
}
