package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlendedTest {
  /**
   * Of Python: numpy.rint(0.75 made + 0.25 resized), resized by Pillow 13.0.0's Image.resize((4,
   * 4), BILINEAR) from {@link #low}.
   */
  private static final int[] EXPECTED = {
    0, 6, 70, 18, 18, 68, 41, 31, 51, 59, 42, 49, 58, 66, 100, 71, 75, 102, 86, 82, 95, 100, 90, 97,
    128, 142, 114, 133, 144, 126, 132, 138, 137, 138, 140, 148, 185, 202, 144, 186, 202, 160, 178,
    188, 180, 179, 188, 196
  };

  /** Grey levels 0, 5, ..., 235 in 4 x 4 pixels, whatever is asked. */
  private static final class Fixed implements ImageGenerator {
    private Map<String, Tensor> asked = Map.of();
    private boolean closed;

    @Override
    public EmbeddingSpace space() {
      return new EmbeddingSpace("m", "l", 2, EmbeddingSpace.Scaling.RAW);
    }

    @Override
    public SamplingPlan plan() {
      return SamplingPlan.of(1, 1);
    }

    @Override
    public Pictures generate(EmbeddingRequest request, Progress progress) {
      asked = request.also();
      return new Pictures(List.of(made()), Tensor.zeros(1, 4, 2, 2));
    }

    @Override
    public String fingerprint() {
      return "fixed";
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static PixelImage made() {
    byte[] rgb = new byte[48];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (5 * i);
    }
    return PixelImage.wrap(4, 4, rgb);
  }

  /** Channels, rows, columns of [0, 10, 250], [100, 20, 30]; [200, 255, 5], [40, 60, 80]. */
  private static Tensor low() {
    float[] levels = {0, 100, 200, 40, 10, 20, 255, 60, 250, 30, 5, 80};
    return Tensor.wrap(levels, 1, 3, 2, 2).map(v -> v / 255);
  }

  private static EmbeddingRequest request() {
    return EmbeddingRequest.of(Tensor.zeros(1, 2), List.of(1L), SamplingPlan.of(1, 1));
  }

  private static int[] levels(Pictures pictures) {
    byte[] rgb = pictures.images().get(0).rgb();
    int[] out = new int[rgb.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = rgb[i] & 0xff;
    }
    return out;
  }

  @Test
  void greyLevelsAreThoseOfPillowAndNumpy() {
    Fixed fixed = new Fixed();
    Blended blended = new Blended(fixed, 0.25);
    Tensor depth = Tensor.zeros(1, 3, 2, 2);
    Pictures out =
        blended.generate(
            request().with(Map.of(Blended.LOW_LEVEL, low(), "control", depth)), Progress.NONE);
    assertArrayEquals(EXPECTED, levels(out));
    assertEquals(Map.of("control", depth), fixed.asked);
    assertEquals(Tensor.zeros(1, 4, 2, 2), out.latents());
    assertEquals("0.25 of a low-level picture", blended.facts().get("blended with"));
    assertNotEquals(fixed.fingerprint(), blended.fingerprint());
    assertNotEquals(blended.fingerprint(), new Blended(fixed, 0.5).fingerprint());
    blended.close();
    assertTrue(fixed.closed);
  }

  @Test
  void equalSizesAreMixedPixelByPixel() {
    float[] same = new float[48];
    for (int i = 0; i < 48; i++) {
      // The made picture itself, channels first.
      same[i] = 5 * (i % 16 * 3 + i / 16) / 255f;
    }
    Pictures out =
        new Blended(new Fixed(), 0.4)
            .generate(
                request().with(Map.of(Blended.LOW_LEVEL, Tensor.wrap(same, 1, 3, 4, 4))),
                Progress.NONE);
    assertArrayEquals(made().rgb(), out.images().get(0).rgb());
  }

  @Test
  void whatCannotBeBlendedIsRefused() {
    Blended blended = new Blended(new Fixed(), 0.25);
    for (Map.Entry<Map<String, Tensor>, String> wrong :
        Map.<Map<String, Tensor>, String>of(
                Map.of(), "'low-level' was not given",
                Map.of(Blended.LOW_LEVEL, Tensor.zeros(1, 4, 2, 2)), "[1, 4, 2, 2]",
                Map.of(Blended.LOW_LEVEL, low().map(v -> 255 * v)), "from 0 to 1")
            .entrySet()) {
      RecipeException refused =
          assertThrows(
              RecipeException.class,
              () -> blended.generate(request().with(wrong.getKey()), Progress.NONE));
      assertTrue(refused.getMessage().contains(wrong.getValue()), refused.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> request().with(Map.of(Blended.LOW_LEVEL, Tensor.zeros(2, 3, 2, 2))));
    for (double share : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new Blended(new Fixed(), share));
    }
  }
}
