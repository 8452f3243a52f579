package io.noesis.reconstruction.diffusion;

import io.noesis.alignment.embedding.PixelImage;
import io.noesis.run.Check;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import io.noesis.run.Progress;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Several pictures per embedding, of which the one is kept whose own embedding has the largest
 * cosine with the one asked for (MindEye1). Nothing of the true picture takes part. Closing it
 * closes the generator.
 *
 * @param generator makes the candidates; candidate k of a row has the row's seed plus k times 2^20
 * @param candidates how many per embedding, at least 1
 * @param tower embeds pictures into the generator's space, {@code [n, width]}
 * @param towerFingerprint of the tower
 */
public record BestOf(
    ImageGenerator generator,
    int candidates,
    Function<List<PixelImage>, Tensor> tower,
    String towerFingerprint)
    implements AroundGenerator {
  private static final long STRIDE = 1 << 20;

  /** Checks the number. */
  public BestOf {
    Check.argument(candidates > 0, "candidates must be at least 1, found %d", candidates);
  }

  @Override
  public Pictures generate(EmbeddingRequest request, Progress progress) {
    int rows = request.seeds().size();
    double[] best = new double[rows];
    List<PixelImage> images = new ArrayList<>();
    float[][] latents = new float[rows][];
    int[] sizes = {};
    for (int k = 0; k < candidates; k++) {
      long offset = k * STRIDE;
      Pictures made =
          generator.generate(
              request.withSeeds(request.seeds().stream().map(seed -> seed + offset).toList()),
              progress);
      Tensor found = tower.apply(made.images());
      sizes = made.latents().shape().toArray();
      for (int row = 0; row < rows; row++) {
        double cosine = cosine(found.row(row), request.embeddings().row(row));
        if (k == 0) {
          images.add(made.images().get(row));
        }
        if (k == 0 || cosine > best[row]) {
          best[row] = cosine;
          images.set(row, made.images().get(row));
          latents[row] = made.latents().row(row);
        }
      }
    }
    int width = latents[0].length;
    float[] kept = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(latents[row], 0, kept, row * width, width);
    }
    return new Pictures(images, Tensor.wrap(kept, sizes));
  }

  private static double cosine(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new ModelException(
          "choosing among candidates: the tower gives "
              + a.length
              + " numbers per picture, the embeddings asked for have "
              + b.length
              + ". Take the tower of the generator's space.");
    }
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(Math.max(aa * bb, Double.MIN_NORMAL));
  }

  @Override
  public String fingerprint() {
    return Fingerprint.ofText(generator.fingerprint() + candidates + towerFingerprint);
  }
}
