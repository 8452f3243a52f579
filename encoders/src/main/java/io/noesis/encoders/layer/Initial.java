package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;

/** The first values of a parameter. */
public sealed interface Initial {
  /** Makes them, float32, in the current scope. */
  Value make(TorchRandom random, int... sizes);

  /**
   * All the same.
   *
   * @param number the value
   */
  record Constant(double number) implements Initial {
    @Override
    public Value make(TorchRandom random, int... sizes) {
      return Value.of(Tensor.zeros(sizes).map(zero -> number));
    }
  }

  /**
   * Uniform within ±bound.
   *
   * @param bound the largest
   */
  record Uniform(double bound) implements Initial {
    @Override
    public Value make(TorchRandom random, int... sizes) {
      return Ops.uniform(random, -bound, bound, sizes);
    }
  }

  /**
   * Normal around 0.
   *
   * @param sd standard deviation
   */
  record Normal(double sd) implements Initial {
    @Override
    public Value make(TorchRandom random, int... sizes) {
      return Ops.normal(random, 0, sd, sizes);
    }
  }

  /**
   * Normal around a mean.
   *
   * @param mean the middle
   * @param sd standard deviation
   */
  record NormalAround(double mean, double sd) implements Initial {
    @Override
    public Value make(TorchRandom random, int... sizes) {
      return Ops.normal(random, mean, sd, sizes);
    }
  }

  /**
   * Normal around 0, drawn again until it is within two standard deviations.
   *
   * @param sd standard deviation before that
   */
  record TruncatedNormal(double sd) implements Initial {
    @Override
    public Value make(TorchRandom random, int... sizes) {
      return Ops.truncatedNormal(random, sd, sizes);
    }
  }

  /**
   * Uniform within ±1/√inputs: PyTorch's default of linear and convolution layers, for weights and
   * biases alike (He et al. 2015, arXiv:1502.01852, with a = √5).
   *
   * @param inputs how many inputs an output has
   * @return the first values
   */
  static Initial fanIn(int inputs) {
    Check.argument(inputs > 0, "inputs of a layer: expected at least 1, found %d", inputs);
    return new Uniform(1 / Math.sqrt(inputs));
  }
}
