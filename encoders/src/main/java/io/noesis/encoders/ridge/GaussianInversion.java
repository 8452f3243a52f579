package io.noesis.encoders.ridge;

import io.noesis.run.Check;
import io.noesis.run.DataException;
import io.noesis.tensor.Algebra;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Decoding by inverting a linear encoding model (van Gerven et al. 2010, doi:10.1162/NECO_a_00047;
 * Schoenmakers et al. 2013, doi:10.1016/j.neuroimage.2013.07.043; after Naselaris et al. 2009,
 * doi:10.1016/j.neuron.2009.09.006): each voxel's response is predicted from the target by Gaussian
 * weights, and a target with a Gaussian prior is found from the responses. It differs from ridge in
 * what it makes use of: what targets there are may be known from more than the subject's own
 * trials, voxels count by their own signal and noise, and how uncertain their weights still are is
 * taken into account, which is worth most with few trials.
 *
 * <p>Variances of weights go with a power 0, ½ or 1 of the target's variance along each axis, by
 * evidence. The share of noise that is independent between voxels is chosen by leaving groups of
 * training rows out. The decoder is one linear map.
 */
public final class GaussianInversion {
  private static final List<Double> EXPONENTS = List.of(0.0, 0.5, 1.0);

  private GaussianInversion() {}

  /**
   * Fits; what targets there are is known from the training rows alone.
   *
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}
   * @param groups one label per trial: its run, session or stimulus; left out together
   * @param spec settings
   * @return the decoder
   * @throws DataException when a value is not finite, there is no row, or fewer than 2 groups to
   *     choose with
   */
  public static InversionModel fit(Tensor x, Tensor y, int[] groups, InversionSpec spec) {
    return fit(x, y, groups, spec, Optional.empty());
  }

  /**
   * Fits.
   *
   * @param x responses {@code [trials, voxels]}
   * @param y targets {@code [trials, dims]}
   * @param groups one label per trial: its run, session or stimulus; left out together
   * @param prior what targets there are, as far as may be known: never of test trials
   * @param spec settings
   * @return the decoder
   * @throws DataException when a value is not finite, there is no row, or fewer than 2 groups to
   *     choose with
   */
  public static InversionModel fit(
      Tensor x, Tensor y, int[] groups, TargetPrior prior, InversionSpec spec) {
    Check.size("inversion: dimensions of the targets as in their prior", prior.dims(), y.dim(1));
    return fit(x, y, groups, spec, Optional.of(prior));
  }

  private static InversionModel fit(
      Tensor x, Tensor y, int[] groups, InversionSpec spec, Optional<TargetPrior> given) {
    Check.argument(
        y.shape().rank() == 2, "inversion: expected targets [trials, dims], found %s", y.shape());
    Ridge.check(x, TargetSource.of(y), groups);
    Columns.requireFinite(y, "targets");
    Algebra algebra = RidgeFit.algebra(x, y.dim(1), RidgeSpec.defaults());
    TargetPrior prior = given.orElseGet(() -> TargetPrior.of(y));
    if (prior.size() == 0 || x.dim(0) < 2) {
      return InversionModel.constant(x.dim(1), prior.mean());
    }
    VoxelInversion all = new VoxelInversion(x, y, prior, EXPONENTS, algebra);
    double[] scores = scores(x, y, groups, spec, given, all.exponent());
    double share = chosen(spec.independence(), scores);
    VoxelInversion.Map map = all.decoder(share);
    return new InversionModel(map.weights(), map.intercept(), all.exponent(), share, scores);
  }

  /** 1 minus squared error over that of the mean training target, of each share; of one, none. */
  private static double[] scores(
      Tensor x,
      Tensor y,
      int[] groups,
      InversionSpec spec,
      Optional<TargetPrior> given,
      double exponent) {
    int count = spec.independence().size();
    double[] scores = new double[count < 2 ? 0 : count];
    if (count < 2) {
      return scores;
    }
    Folds folds = Folds.of(groups, spec.folds());
    double spread = 0;
    for (int fold = 0; fold < folds.count(); fold++) {
      int[] train = folds.train(fold);
      int[] test = folds.test(fold);
      Tensor seen = y.rows(train);
      Tensor left = y.rows(test);
      double[] mean = Columns.means(seen);
      double around = 0;
      for (int i = 0; i < left.size(); i++) {
        double d = left.array()[i] - mean[i % mean.length];
        around += d * d;
      }
      spread += around;
      TargetPrior prior = given.orElseGet(() -> TargetPrior.of(seen));
      if (prior.size() == 0 || train.length < 2) {
        for (int i = 0; i < count; i++) {
          scores[i] += around;
        }
        continue;
      }
      Algebra algebra = RidgeFit.algebra(x, y.dim(1), RidgeSpec.defaults());
      double[] errors =
          new VoxelInversion(x.rows(train), seen, prior, List.of(exponent), algebra)
              .errors(x.rows(test), left, spec.independence(), count);
      for (int i = 0; i < count; i++) {
        scores[i] += errors[i];
      }
    }
    for (int i = 0; i < count; i++) {
      scores[i] = spread > 0 ? 1 - scores[i] / spread : 0;
    }
    return scores;
  }

  /** The best; among equals the one that takes voxels as most independent. */
  private static double chosen(List<Double> shares, double[] scores) {
    int best = shares.size() - 1;
    for (int i = best - 1; i >= 0 && scores.length > 0; i--) {
      best = scores[i] > scores[best] ? i : best;
    }
    return shares.get(best);
  }

  /**
   * Memory that a fit takes at most: responses in float64 five times, weights of voxels in five
   * forms, sizes, the systems of rows and of axes, and the decoder.
   *
   * @param rows training rows
   * @param columns voxels
   * @param dims of the targets
   * @return bytes
   */
  public static long bytes(long rows, long columns, long dims) {
    double axes = Math.min(rows, dims);
    double system = Math.min(rows, columns);
    double numbers =
        5.0 * rows * columns
            + (6.0 * axes + 2 * 50) * columns
            + 4.0 * system * system
            + 6.0 * axes * axes
            + 2.0 * (rows + axes) * dims
            + 1.5 * columns * dims;
    return (long) (Double.BYTES * numbers);
  }
}
