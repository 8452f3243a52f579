package io.noesis.reconstruction.diffusion.schedule;

import io.noesis.run.Check;
import io.noesis.run.TorchRandom;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.util.List;

/** Where a sampler's noise comes from; the order of the draws is part of a run's result. */
@FunctionalInterface
public interface NoiseSource {
  /**
   * The next noise.
   *
   * @param sizes the axes
   * @return a new tensor of standard normal numbers
   */
  Tensor normal(int... sizes);

  /**
   * Noise as PyTorch's CPU generator draws it.
   *
   * @param random the generator; advanced by every draw
   * @return the source
   */
  static NoiseSource torch(TorchRandom random) {
    return sizes -> Tensor.wrap(random.normal(Shape.of(sizes).size()), sizes);
  }

  /**
   * One source per row of the batch, as diffusers does with a list of generators: a picture does
   * not depend on the others of its batch.
   *
   * @param rows one source per row; each draws {@code [1, ...]}
   * @return the source, for tensors with that many rows
   */
  static NoiseSource rows(List<NoiseSource> rows) {
    return sizes -> {
      Check.size("rows of the noise", rows.size(), sizes[0]);
      int[] one = sizes.clone();
      one[0] = 1;
      return Tensor.concatenate(
          rows.stream().map(source -> source.normal(one)).toArray(Tensor[]::new));
    };
  }
}
