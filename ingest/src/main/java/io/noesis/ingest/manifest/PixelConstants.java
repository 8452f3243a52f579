package io.noesis.ingest.manifest;

import io.noesis.run.Check;
import java.util.List;

/**
 * How a model wants its pictures: {@code (v / 255 - mean) / std} of the middle square.
 *
 * @param size side of the square
 * @param resize length of the shorter side before the crop
 * @param resample {@code pillow-bicubic, pillow-bilinear} or {@code torch-bilinear}
 * @param mean of red, green, blue on a scale of 0 to 1
 * @param std of red, green, blue
 */
public record PixelConstants(
    int size, int resize, String resample, List<Double> mean, List<Double> std) {
  /** Checks the numbers. */
  public PixelConstants {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    Check.argument(
        size > 0 && resize >= size, "resize: expected at least size, found %d < %d", resize, size);
    Check.argument(
        List.of("pillow-bicubic", "pillow-bilinear", "torch-bilinear").contains(resample),
        "resample: expected pillow-bicubic, pillow-bilinear or torch-bilinear, found '%s'",
        resample);
    Check.argument(
        mean.size() == 3 && std.size() == 3 && std.stream().allMatch(s -> s > 0),
        "mean and std: expected three numbers each, std above 0; found %s and %s",
        mean,
        std);
  }
}
