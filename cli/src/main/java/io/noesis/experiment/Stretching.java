package io.noesis.experiment;

import io.noesis.alignment.embedding.EmbeddingSpace;
import io.noesis.alignment.embedding.Embeddings;
import io.noesis.ingest.study.FitRecord;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.TrialTable;
import io.noesis.run.PinnedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@link Stretch} with what was fitted for it: of each fold's training trials the mean target and
 * the root mean square distance from it.
 */
final class Stretching {
  private final Stretch rule;
  private final EmbeddingSpace space;
  private final double[][] means;
  private final double[] distances;

  private Stretching(Stretch rule, EmbeddingSpace space, double[][] means, double[] distances) {
    this.rule = rule;
    this.space = space;
    this.means = means;
    this.distances = distances;
  }

  static Stretching fit(Stretch rule, Decoded decoded, TargetTable targets) {
    int folds = decoded.folds().size();
    double[][] means = new double[folds][];
    double[] distances = new double[folds];
    for (int f = 0; f < folds; f++) {
      int[] rows = targetsOf(decoded.trials(), decoded.folds().get(f), targets);
      means[f] = mean(targets.embeddings(), rows);
      distances[f] = distance(targets.embeddings(), rows, means[f]);
    }
    return new Stretching(rule, targets.embeddings().space(), means, distances);
  }

  /**
   * With what was fitted before.
   *
   * @param mean of the training targets
   * @param distance of training targets from it
   */
  static Stretching of(Stretch rule, EmbeddingSpace space, double[] mean, double distance) {
    return new Stretching(rule, space, new double[][] {mean.clone()}, new double[] {distance});
  }

  /** What it sees for the captions and pictures of a recipe, for the audits. */
  static List<FitRecord> fits(DecodingRecipe recipe, Decoded decoded) {
    boolean fitted =
        recipe.captions().map(CaptionsSpec::ownStretch).orElse(Stretch.NONE) == Stretch.TRAINING
            || recipe.pictures().map(PicturesSpec::stretch).orElse(Stretch.NONE) == Stretch.TRAINING
            || recipe.also().values().stream()
                .anyMatch(spec -> spec.stretch().equals(Optional.of(Stretch.TRAINING)));
    return fitted ? fits(decoded) : List.of();
  }

  /** What it sees of one subject. */
  static List<FitRecord> fits(Decoded decoded) {
    List<FitRecord> fits = new ArrayList<>();
    for (int f = 0; f < decoded.folds().size(); f++) {
      int fold = f;
      Split split = decoded.folds().get(f);
      fits.add(
          new FitRecord(
              "stretch of decoded embeddings",
              "training trials",
              Arrays.stream(split.rows(Split.Part.TRAIN)).boxed().toList(),
              decoded.rows().stream()
                  .filter(r -> r.fold() == fold)
                  .map(Decoded.Row::trial)
                  .toList(),
              split.name()));
    }
    return fits;
  }

  private static int[] targetsOf(TrialTable trials, Split fold, TargetTable targets) {
    List<String> keys = new ArrayList<>();
    for (int row : fold.rows(Split.Part.TRAIN)) {
      Trial trial = trials.get(row);
      keys.add(targets.unit().key(trial));
    }
    return targets.embeddings().rowsOf(keys);
  }

  static double[] mean(Embeddings embeddings, int[] rows) {
    int width = embeddings.space().dim();
    double[] mean = new double[width];
    for (int row : rows) {
      for (int k = 0; k < width; k++) {
        mean[k] += embeddings.values().array()[row * width + k] / (double) rows.length;
      }
    }
    return mean;
  }

  private static double distance(Embeddings embeddings, int[] rows, double[] mean) {
    int width = mean.length;
    double square = 0;
    for (int row : rows) {
      for (int k = 0; k < width; k++) {
        double d = embeddings.values().array()[row * width + k] - mean[k];
        square += d * d;
      }
    }
    return Math.sqrt(square / rows.length);
  }

  /** The mean target of the training trials of some folds. */
  double[] mean(int[] folds) {
    double[] mean = new double[space.dim()];
    for (int f : folds) {
      for (int k = 0; k < mean.length; k++) {
        mean[k] += means[f][k] / folds.length;
      }
    }
    return mean;
  }

  /** How far training targets are from that mean. */
  double distance(int[] folds) {
    return Arrays.stream(folds).mapToDouble(f -> distances[f]).average().orElseThrow();
  }

  /** One embedding that those folds decoded, as a model is to have it. */
  float[] of(double[] embedding, int[] folds) {
    return switch (rule) {
      case NONE -> narrow(embedding);
      case UNIT -> unit(embedding);
      case TRAINING -> about(mean(folds), embedding, distance(folds));
    };
  }

  /** The mean plus a difference from it of that length. */
  private float[] about(double[] mean, double[] embedding, double distance) {
    double length = 0;
    for (int k = 0; k < mean.length; k++) {
      length += (embedding[k] - mean[k]) * (embedding[k] - mean[k]);
    }
    double factor = length > 0 ? distance / Math.sqrt(length) : 0;
    double[] out = new double[mean.length];
    Arrays.setAll(out, k -> mean[k] + factor * (embedding[k] - mean[k]));
    return ready(out);
  }

  /** As far from the mean as training targets are, in a random direction: no brain at all. */
  float[] noise(PinnedRandom random, int[] folds) {
    double[] mean = mean(folds);
    double[] drawn = new double[mean.length];
    Arrays.setAll(drawn, k -> mean[k] + random.nextGaussian());
    return about(mean, drawn, distance(folds));
  }

  /** A vector as the space wants it. */
  float[] ready(double[] vector) {
    return space.scaling() == EmbeddingSpace.Scaling.UNIT ? unit(vector) : narrow(vector);
  }

  private static float[] unit(double[] vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
    return narrow(Arrays.stream(vector).map(v -> length > 0 ? v / length : v).toArray());
  }

  private static float[] narrow(double[] vector) {
    float[] out = new float[vector.length];
    for (int k = 0; k < out.length; k++) {
      out[k] = (float) vector[k];
    }
    return out;
  }
}
