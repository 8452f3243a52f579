package io.noesis.experiment.geometry;

import io.noesis.alignment.embedding.ResizeFilter;
import io.noesis.run.Check;

/**
 * Settings of a geometry of pixels.
 *
 * @param side width and height to which pictures are brought
 * @param filter how they are interpolated
 */
public record PixelSettings(int side, ResizeFilter filter) {
  /** Checks the side. */
  public PixelSettings {
    Check.argument(side >= 1 && side <= 1024, "side must be 1 to 1024 pixels, found %d", side);
  }

  /** 32 by 32 pixels, bilinear. */
  public static PixelSettings defaults() {
    return new PixelSettings(32, ResizeFilter.BILINEAR);
  }
}
