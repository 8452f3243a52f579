package io.noesis.alignment.embedding;

import java.util.Optional;

/**
 * How pictures are interpolated: kernels widened by the factor of reduction (antialiased) as Pillow
 * does, also what torchvision and the image pipelines of published models use on pictures; or as
 * torch does it on tensors, without antialias, whose values are not rounded to 8 bits between.
 */
public enum ResizeFilter {
  /** A triangle of radius 1. */
  BILINEAR(1) {
    @Override
    double at(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** Cubic convolution with a = -0.5 and radius 2 (Keys 1981, doi:10.1109/TASSP.1981.1163711). */
  BICUBIC(2) {
    @Override
    double at(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  },
  /** As {@link TensorResize#BILINEAR}. */
  TORCH_BILINEAR(TensorResize.BILINEAR),
  /** As {@link TensorResize#BICUBIC}. */
  TORCH_BICUBIC(TensorResize.BICUBIC);

  private final double radius;
  private final Optional<TensorResize> torch;

  ResizeFilter(double radius) {
    this.radius = radius;
    this.torch = Optional.empty();
  }

  ResizeFilter(TensorResize torch) {
    this.radius = 0;
    this.torch = Optional.of(torch);
  }

  /** The resizing of tensors; absent for Pillow's of 8-bit pictures. */
  Optional<TensorResize> torch() {
    return torch;
  }

  /** Beyond this distance the kernel is 0. */
  double radius() {
    return radius;
  }

  /** The kernel, Pillow's kinds only. */
  double at(double x) {
    throw new IllegalStateException(name() + " resizes tensors, not 8-bit pictures");
  }
}
