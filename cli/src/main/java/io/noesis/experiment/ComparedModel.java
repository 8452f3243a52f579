package io.noesis.experiment;

import io.noesis.alignment.score.Score;
import io.noesis.experiment.geometry.ModelGeometry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A model and how well its geometry fits the measured ones.
 *
 * @param geometry the model's distances
 * @param score mean over subjects
 * @param perSubject one value per subject, in the order of the study
 * @param pHolm the score's p, corrected for the number of models; the same p for one model
 */
record ComparedModel(ModelGeometry geometry, Score score, List<Double> perSubject, double pHolm) {
  private static final double LEVEL = 0.05;

  ComparedModel(ModelGeometry geometry, Score score, double[] perSubject) {
    this(geometry, score, java.util.Arrays.stream(perSubject).boxed().toList(), score.p());
  }

  String name() {
    return geometry.rdm().name();
  }

  /** Above its null, with room for having tried several models. */
  boolean aboveChance() {
    return score.value() > score.nullHigh() && pHolm < LEVEL;
  }

  /**
   * Holm's step-down correction: the smallest p times m, the next times m - 1, and so on, never
   * less than the one before (Holm 1979, Scandinavian Journal of Statistics 6:65-70).
   */
  static List<ComparedModel> corrected(List<ComparedModel> models) {
    List<ComparedModel> byP =
        models.stream().sorted(Comparator.comparingDouble(m -> m.score().p())).toList();
    List<ComparedModel> out = new ArrayList<>(models);
    double least = 0;
    for (int i = 0; i < byP.size(); i++) {
      ComparedModel model = byP.get(i);
      least = Math.max(least, Math.min(1, (byP.size() - i) * model.score().p()));
      out.set(
          models.indexOf(model),
          new ComparedModel(model.geometry(), model.score(), model.perSubject(), least));
    }
    return out;
  }
}
