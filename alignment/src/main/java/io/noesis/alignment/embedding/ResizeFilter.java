package io.noesis.alignment.embedding;

/**
 * Interpolation kernels, widened by the factor of reduction (antialiased) as Pillow does; also what
 * torchvision and the image pipelines of published models use on pictures.
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
  };

  private final double radius;

  ResizeFilter(double radius) {
    this.radius = radius;
  }

  /** Beyond this distance the kernel is 0. */
  double radius() {
    return radius;
  }

  abstract double at(double x);
}
