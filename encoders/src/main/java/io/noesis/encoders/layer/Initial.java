package io.noesis.encoders.layer;

import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.TorchRandom;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;

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
   * Those of a file, read when they are made: weights of a network that others trained.
   *
   * @param file {@code .safetensors}
   * @param tensor its name there
   */
  record OfFile(Path file, String tensor) implements Initial {
    @Override
    public Value make(TorchRandom random, int... sizes) {
      try (Safetensors weights = Safetensors.open(file)) {
        Tensor found = weights.read(tensor);
        Check.argument(
            found.shape().equals(Shape.of(sizes)),
            "reading %s of %s: expected %s, found %s",
            tensor,
            file,
            Shape.of(sizes),
            found.shape());
        return Value.of(found);
      }
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
