package io.noesis.alignment.encoding;

import io.noesis.encoders.ridge.BandedModel;
import io.noesis.encoders.ridge.BandedRidge;
import io.noesis.encoders.ridge.BandedSpec;
import io.noesis.encoders.ridge.Ridge;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.encoders.ridge.RidgeSpec;
import io.noesis.run.Check;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Predicts the response of every voxel to a stimulus from features of the stimulus, by the ridge
 * solvers of decoding (Naselaris et al. 2011, doi:10.1016/j.neuroimage.2010.07.073). Each feature
 * column is standardised by the training rows; one that does not vary there counts as 0. With
 * several feature spaces the ridge is banded: every voxel has its own penalty for every space.
 * Immutable.
 */
public final class EncodingModel {
  private final List<Standardiser> standardisers;
  private final Predictor predictor;

  /** Standardised features in, responses out. */
  private interface Predictor {
    Tensor predict(List<Tensor> spaces);

    /** What each space contributes, without the constant. */
    default List<Tensor> parts(List<Tensor> spaces) {
      return List.of(predict(spaces));
    }
  }

  private EncodingModel(List<Standardiser> standardisers, Predictor predictor) {
    this.standardisers = standardisers;
    this.predictor = predictor;
  }

  /**
   * Fits one feature space.
   *
   * @param features {@code [trials, features]}
   * @param responses {@code [trials, voxels]}
   * @param groups one label per trial, equal for trials that are left out together: runs, or
   *     repetitions of a stimulus
   * @param spec penalties and how to choose; one for each target is usual for voxels
   * @return the model
   */
  public static EncodingModel fit(Tensor features, Tensor responses, int[] groups, RidgeSpec spec) {
    Standardiser standardiser = Standardiser.of(features);
    RidgeModel model = Ridge.fit(standardiser.apply(features), responses, groups, spec);
    return new EncodingModel(List.of(standardiser), spaces -> model.predict(spaces.get(0)));
  }

  /**
   * Fits several feature spaces.
   *
   * @param features one tensor {@code [trials, features]} per space
   * @param responses {@code [trials, voxels]}
   * @param groups one label per trial
   * @param spec what to try and how to choose
   * @param seed names the random weightings of the spaces
   * @return the model
   */
  public static EncodingModel fitBanded(
      List<Tensor> features, Tensor responses, int[] groups, BandedSpec spec, Seed seed) {
    List<Standardiser> standardisers = features.stream().map(Standardiser::of).toList();
    BandedModel model =
        BandedRidge.fit(
            apply(standardisers, features), responses, groups, spec, seed, Progress.NONE);
    return new EncodingModel(
        standardisers,
        new Predictor() {
          @Override
          public Tensor predict(List<Tensor> spaces) {
            return model.predict(spaces);
          }

          @Override
          public List<Tensor> parts(List<Tensor> spaces) {
            return model.contributions(spaces);
          }
        });
  }

  /**
   * What each feature space contributes to the predictions, up to a constant per voxel.
   *
   * @param features per space {@code [stimuli, features]}, in the order of the fit
   * @return per space {@code [stimuli, voxels]}
   */
  public List<Tensor> contributions(List<Tensor> features) {
    return predictor.parts(apply(standardisers, features));
  }

  /**
   * Predicts responses.
   *
   * @param features per space {@code [stimuli, features]}, in the order of the fit
   * @return {@code [stimuli, voxels]}
   */
  public Tensor predict(List<Tensor> features) {
    return predictor.predict(apply(standardisers, features));
  }

  private static List<Tensor> apply(List<Standardiser> standardisers, List<Tensor> features) {
    Check.size("feature spaces of the encoding model", standardisers.size(), features.size());
    return java.util.stream.IntStream.range(0, features.size())
        .mapToObj(i -> standardisers.get(i).apply(features.get(i)))
        .toList();
  }

  /** Mean and inverse standard deviation (ddof 0) of each column {@code [1, features]}. */
  private record Standardiser(Matrix means, Matrix inverses) {
    static Standardiser of(Tensor features) {
      Check.argument(
          features.shape().rank() == 2 && features.dim(0) > 0,
          "encoding: expected features [trials, features] of at least one trial, found %s",
          features.shape());
      int width = features.dim(1);
      double[] means = new double[width];
      double[] squares = new double[width];
      for (int i = 0; i < features.size(); i++) {
        means[i % width] += features.array()[i] / (double) features.dim(0);
      }
      for (int i = 0; i < features.size(); i++) {
        double far = features.array()[i] - means[i % width];
        squares[i % width] += far * far / features.dim(0);
      }
      for (int c = 0; c < width; c++) {
        double sd = Math.sqrt(squares[c]);
        // Below float32's own resolution a column is constant.
        squares[c] = sd <= 1e-7 * Math.abs(means[c]) ? 0 : 1 / sd;
      }
      return new Standardiser(Matrix.wrap(1, width, means), Matrix.wrap(1, width, squares));
    }

    Tensor apply(Tensor features) {
      int width = means.columns();
      Check.argument(
          features.shape().rank() == 2 && features.dim(1) == width,
          "encoding: expected features [stimuli, %d] as in training, found %s",
          width,
          features.shape());
      float[] out = new float[features.size()];
      for (int i = 0; i < out.length; i++) {
        int c = i % width;
        out[i] = (float) ((features.array()[i] - means.at(0, c)) * inverses.at(0, c));
      }
      return Tensor.wrap(out, features.dim(0), width);
    }
  }
}
