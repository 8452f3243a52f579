package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * What a request became.
 *
 * @param images one per prompt
 * @param latents what they were decoded from, {@code [n, channels, height / 8, width / 8]}
 */
public record Pictures(List<PixelImage> images, Tensor latents) {
  /** Copies the list. */
  public Pictures {
    images = List.copyOf(images);
  }
}
