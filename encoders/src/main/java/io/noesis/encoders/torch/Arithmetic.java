package io.noesis.encoders.torch;

import java.util.function.Supplier;
import org.bytedeco.pytorch.global.torch;

/** In which numbers a network computes; its weights are float32 in any case. */
public enum Arithmetic {
  /** float32 throughout. */
  FLOAT32,
  /**
   * Matrix products and convolutions in bfloat16, which keeps float32's range and a third of its
   * digits; what is sensitive stays in float32 (autocast). Outputs differ by about 1 %. It pays on
   * graphics cards and on processors with instructions for it.
   */
  BFLOAT16;

  static {
    Libtorch.load();
  }

  /**
   * Computes in these numbers, on this thread.
   *
   * @param work the work
   * @param <T> what comes out
   * @return its result
   */
  public <T> T get(Supplier<T> work) {
    if (this == FLOAT32) {
      return work.get();
    }
    torch.DeviceType type =
        Libtorch.device().kind() == Device.Kind.CPU ? torch.DeviceType.CPU : torch.DeviceType.CUDA;
    // The cache of converted weights would outlive the scope of a step.
    torch.set_autocast_cache_enabled(false);
    torch.set_autocast_dtype(type, torch.ScalarType.BFloat16);
    torch.set_autocast_enabled(type, true);
    try {
      return work.get();
    } finally {
      torch.set_autocast_enabled(type, false);
    }
  }
}
