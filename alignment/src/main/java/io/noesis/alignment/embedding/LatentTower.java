package io.noesis.alignment.embedding;

import io.noesis.run.Check;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The encoder of an autoencoder on disk and how to use it.
 *
 * @param name of the autoencoder
 * @param model the {@code .onnx} file: {@code sample [batch, 3, pixels, pixels]} in [-1, 1] to
 *     {@code latent_parameters [batch, 2 channels, height, width]}, means first
 * @param pixels side of the pictures that it is shown
 * @param shape channels, height and width of the latents
 * @param scale what means are multiplied by: the factor between its latents and those that a
 *     generator knows
 */
public record LatentTower(String name, Path model, int pixels, List<Integer> shape, double scale) {
  /** Checks the numbers and copies the list. */
  public LatentTower {
    shape = List.copyOf(shape);
    Check.argument(pixels > 0, "pictures of an autoencoder need a size above 0, found %d", pixels);
    Check.argument(
        shape.size() == 3 && shape.stream().allMatch(n -> n > 0),
        "latents need channels, height and width, found %s",
        shape);
    Check.argument(scale > 0, "the scaling factor must be above 0, found %s", scale);
  }

  /** Where its latents live; the sizes are part of the name, so that others are others. */
  public EmbeddingSpace space() {
    return space(name, shape);
  }

  /**
   * Where latents live.
   *
   * @param name of the autoencoder
   * @param shape channels, height and width
   * @return the space
   */
  public static EmbeddingSpace space(String name, List<Integer> shape) {
    return new EmbeddingSpace(
        name,
        "latents " + shape.stream().map(String::valueOf).collect(Collectors.joining("x")),
        shape.stream().mapToInt(n -> n).reduce(1, Math::multiplyExact),
        EmbeddingSpace.Scaling.RAW);
  }
}
