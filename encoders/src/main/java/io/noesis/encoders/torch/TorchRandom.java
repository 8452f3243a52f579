package io.noesis.encoders.torch;

import io.noesis.run.Seed;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A generator of its own for one use (mt19937, numbers as of {@code torch.Generator} in Python), so
 * that no two uses share a stream. To be used by one thread; freed with the scope it was made in.
 */
public final class TorchRandom {
  static {
    Libtorch.load();
  }

  private final Generator generator;

  private TorchRandom(long seed) {
    generator = torch.make_generator_cpu(seed);
  }

  /**
   * The generator of a named seed.
   *
   * @param seed names what the randomness is for
   * @return the generator at its start
   */
  public static TorchRandom of(Seed seed) {
    // Python's seeds are at most 64 bits as well; 53 survive every tool on the way.
    return new TorchRandom(seed.random().nextLong() >>> 11);
  }

  /**
   * The generator that {@code torch.Generator().manual_seed(seed)} gives in Python.
   *
   * @param seed the number
   * @return the generator at its start
   */
  public static TorchRandom ofNumber(long seed) {
    return new TorchRandom(seed);
  }

  GeneratorOptional generator() {
    return new GeneratorOptional(generator);
  }
}
