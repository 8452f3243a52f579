package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.alignment.embedding.ResizeFilter;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pictures with a share of a low-level picture: {@code (1 - share) made + share low-level} per grey
 * level, as MindEye2 ends (0.75 and 0.25). The low-level picture has the layout and no detail; it
 * comes with the request as {@value #LOW_LEVEL}, {@code [n, 3, height, width]} in [0, 1], and is
 * brought to the size of the made one (bilinear). Latents are those of the made picture. Closing it
 * closes the generator.
 *
 * @param generator makes the pictures
 * @param share of the low-level picture, between 0 and 1
 */
public record Blended(ImageGenerator generator, double share) implements AroundGenerator {
  /** The condition of a request that holds the low-level pictures. */
  public static final String LOW_LEVEL = "low-level";

  /** Checks the share. */
  public Blended {
    Check.argument(
        share > 0 && share < 1,
        "the share of the low-level picture must lie between 0 and 1, found %s",
        share);
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    Map<String, Tensor> others = new HashMap<>(request.also());
    Tensor low = lowLevel(Optional.ofNullable(others.remove(LOW_LEVEL)));
    Pictures made = generator.generate(request.with(others), progress);
    List<PixelImage> out = new ArrayList<>();
    for (int i = 0; i < made.images().size(); i++) {
      out.add(mixed(made.images().get(i), picture(low, i)));
    }
    return new Pictures(out, made.latents());
  }

  private static Tensor lowLevel(Optional<Tensor> given) {
    Tensor low =
        given.orElseThrow(
            () ->
                new RecipeException(
                    "blending pictures: the condition '"
                        + LOW_LEVEL
                        + "' was not given. Give one low-level picture per embedding, or blend"
                        + " nothing."));
    if (low.shape().rank() != 4 || low.dim(1) != 3) {
      throw new RecipeException(
          "blending pictures: the condition '"
              + LOW_LEVEL
              + "' has the shape "
              + low.shape()
              + ", expected [n, 3, height, width] with values from 0 to 1.");
    }
    return low;
  }

  private static PixelImage picture(Tensor low, int row) {
    int plane = low.dim(2) * low.dim(3);
    byte[] rgb = new byte[3 * plane];
    for (int i = 0; i < plane; i++) {
      for (int c = 0; c < 3; c++) {
        float value = low.array()[(row * 3 + c) * plane + i];
        if (!(value >= 0 && value <= 1)) {
          throw new RecipeException(
              "blending pictures: the low-level picture of row "
                  + row
                  + " has the value "
                  + value
                  + ", expected values from 0 to 1.");
        }
        rgb[3 * i + c] = (byte) (int) Math.rint(255 * value);
      }
    }
    return PixelImage.wrap(low.dim(3), low.dim(2), rgb);
  }

  private PixelImage mixed(PixelImage made, PixelImage low) {
    boolean same = low.width() == made.width() && low.height() == made.height();
    byte[] below =
        (same ? low : low.resize(made.width(), made.height(), ResizeFilter.BILINEAR)).rgb();
    byte[] out = new byte[below.length];
    for (int i = 0; i < out.length; i++) {
      double value = (1 - share) * (made.rgb()[i] & 0xff) + share * (below[i] & 0xff);
      out[i] = (byte) (int) Math.rint(value);
    }
    return PixelImage.wrap(made.width(), made.height(), out);
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>(generator.facts());
    facts.put("blended with", share + " of a low-level picture");
    return facts;
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(generator.fingerprint() + "blended " + share);
  }
}
