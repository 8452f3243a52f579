package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.ingest.manifest.ModelManifest;
import io.noesis.ingest.manifest.ModelSpace;
import io.noesis.reconstruction.diffusion.schedule.NoiseSource;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SDXL that reads image tokens in the place of text (MindEye2's unCLIP; Scotti et al. 2024,
 * arXiv:2403.11207): {@code encoder_hidden_states} {@code [n, tokens, width]}, 256 of OpenCLIP's
 * bigG, and {@code vector} {@code [n, 4 k]}, the sinusoids of the picture's height and width and of
 * the crop's top and left, as SDXL's own code lays them out (arXiv:2307.01952, section 2.2).
 * Unconditional: zeros for the tokens, the same vector.
 */
final class UnclipXlFamily implements Family {
  private static final String VECTOR = "vector";
  private static final int NUMBERS = 4;
  private static final double SLOWEST = 10000;

  private final EmbeddingSpace space;
  private final int tokens;
  private final float[] vector;

  UnclipXlFamily(PackParts parts) {
    this.space = parts.space(TextFamily.INPUT);
    this.tokens = tokens(parts);
    OnnxPort port = parts.network().require(VECTOR);
    long width = port.rank() == 2 ? port.axes().get(1).size() : -1;
    if (width <= 0 || width % (2 * NUMBERS) != 0) {
      throw new ModelException(
          "opening the model pack "
              + parts.pack().folder()
              + ": its network's input '"
              + port
              + "', expected [batch, 4 k] with an even k: sinusoids of height, width, top and left."
              + " Export it with unclip_xl.py.");
    }
    int pixels = parts.pixels();
    this.vector = sinusoids(new int[] {pixels, pixels, 0, 0}, (int) width / NUMBERS);
  }

  /** The network says how many tokens it reads, or leaves it to the manifest. */
  private static int tokens(PackParts parts) {
    OnnxPort port = parts.network().require(TextFamily.INPUT);
    long read = port.axes().get(1).size();
    Optional<Integer> told =
        parts.pack().manifest().flatMap(ModelManifest::space).map(ModelSpace::tokens);
    boolean unknown = told.isEmpty() && read <= 0;
    if (unknown || (told.isPresent() && read > 0 && told.get() != read)) {
      throw new ModelException(
          "opening the model pack "
              + parts.pack().folder()
              + ": its network takes '"
              + port
              + "', its manifest "
              + told.map(n -> "declares a space of " + n + " tokens").orElse("declares no space")
              + ". Say in "
              + ModelPack.MANIFEST
              + " how many tokens an embedding has.");
    }
    return told.orElse((int) read);
  }

  /** Per number its cosines, then its sines, from the fastest to the slowest. */
  static float[] sinusoids(int[] numbers, int width) {
    int half = width / 2;
    float[] out = new float[numbers.length * width];
    for (int n = 0; n < numbers.length; n++) {
      for (int i = 0; i < half; i++) {
        double angle = numbers[n] * Math.exp(-Math.log(SLOWEST) * i / half);
        out[n * width + i] = (float) Math.cos(angle);
        out[n * width + half + i] = (float) Math.sin(angle);
      }
    }
    return out;
  }

  @Override
  public EmbeddingSpace space() {
    return space;
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public Conditioning condition(Ask ask, List<NoiseSource> noise) {
    Tensor given = Wanted.embeddings(ask, space, 3);
    if (given.dim(1) != tokens) {
      throw new RecipeException(
          "generating pictures from "
              + given.dim(1)
              + " tokens each: this network reads "
              + tokens
              + ". Decode into the tokens that it was made for.");
    }
    Tensor both = Wanted.repeated(Tensor.wrap(vector.clone(), vector.length), ask.rows());
    return Conditioning.of(
        Map.of(TextFamily.INPUT, given, VECTOR, both),
        Map.of(TextFamily.INPUT, Tensor.zeros(given.shape().toArray()), VECTOR, both));
  }
}
