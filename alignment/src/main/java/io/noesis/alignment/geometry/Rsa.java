package io.noesis.alignment.geometry;

import io.noesis.alignment.score.Resampler;
import io.noesis.alignment.score.Resampling;
import io.noesis.alignment.score.Score;
import io.noesis.alignment.score.Statistics;
import io.noesis.alignment.score.Statistics.Interval;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Representational similarity analysis: how well a model's geometry fits the subjects'. */
public final class Rsa {
  private static final double LEVEL = 0.95;

  private Rsa() {}

  /**
   * How subjects and model are compared.
   *
   * @param comparison of two geometries
   * @param pooling what the noise ceiling averages
   */
  public record Settings(RdmComparison comparison, NoiseCeiling.Pooling pooling) {
    /** Spearman's rho; the ceiling averages distances. */
    public static final Settings SPEARMAN =
        new Settings(RdmComparison.SPEARMAN, NoiseCeiling.Pooling.DISTANCES);
  }

  /**
   * The agreement of each subject with the model.
   *
   * @param subjects same conditions in the same order as the model
   * @param model the model
   * @param comparison how they are compared
   * @return one value per subject
   */
  public static double[] bySubject(List<Rdm> subjects, Rdm model, RdmComparison comparison) {
    return subjects.stream().mapToDouble(s -> comparison.of(s, model)).toArray();
  }

  /**
   * The mean over subjects of the agreement with the model. The null shuffles the model's
   * conditions; the interval resamples conditions (a pair of one condition with itself does not
   * count); neither generalises to other subjects.
   *
   * @param subjects at least one, same conditions in the same order as the model
   * @param model the model
   * @param settings how they are compared
   * @param plan how the interval and the null are drawn
   * @return the score {@code rsa.COMPARISON@CONDITIONS} with the upper noise ceiling, where there
   *     are two subjects or more; the protocol names both ends
   */
  public static Score score(List<Rdm> subjects, Rdm model, Settings settings, Resampling plan) {
    Check.argument(!subjects.isEmpty(), "representational similarity needs a subject, found none");
    RdmComparison comparison = settings.comparison();
    double[] each = bySubject(subjects, model, comparison);
    double observed = Arrays.stream(each).average().orElseThrow();
    double[] nulls = nulls(subjects, model, comparison, plan);
    Interval interval =
        Statistics.percentileInterval(replicates(subjects, model, comparison, plan), LEVEL);
    Interval band = Statistics.percentileInterval(nulls, LEVEL);
    String compared = "model " + model.name() + "; mean of " + subjects.size() + " subjects";
    OptionalDouble upper = OptionalDouble.empty();
    if (subjects.size() > 1) {
      NoiseCeiling ceiling = NoiseCeiling.of(subjects, comparison, settings.pooling());
      upper = OptionalDouble.of(ceiling.upper());
      compared +=
          String.format(
              "; noise ceiling %.4f to %.4f (mean of %s)",
              ceiling.lower(),
              ceiling.upper(),
              settings.pooling() == NoiseCeiling.Pooling.RANKS ? "ranks" : "distances");
    }
    return new Score(
        "rsa." + comparison.words() + "@" + model.size(),
        observed,
        interval.low(),
        interval.high(),
        chance(subjects, model, comparison),
        band.low(),
        band.high(),
        Statistics.permutationP(nulls, observed, Score.Direction.HIGHER),
        model.size(),
        "condition",
        Score.Direction.HIGHER,
        upper,
        compared + "; " + drawn(plan));
  }

  static String drawn(Resampling plan) {
    return String.format(
        "%d permutations of conditions; %d bootstrap resamples of conditions; seed %d:%s",
        plan.permutations(), plan.bootstraps(), plan.seed().root(), plan.seed().path());
  }

  /**
   * Shuffled conditions put every pair in every place equally often: {@code n mean(a) mean(b)} of
   * what is multiplied, which is 0 for all comparisons but the cosine.
   */
  private static double chance(List<Rdm> subjects, Rdm model, RdmComparison comparison) {
    if (comparison == RdmComparison.KENDALL_TAU_A) {
      return 0;
    }
    double[] b = comparison.prepared(model.pairs());
    double sum = 0;
    for (Rdm subject : subjects) {
      double[] a = comparison.prepared(subject.pairs());
      sum += Arrays.stream(a).sum() * Arrays.stream(b).sum() / a.length;
    }
    return sum / subjects.size();
  }

  private static double[] nulls(
      List<Rdm> subjects, Rdm model, RdmComparison comparison, Resampling plan) {
    List<double[]> own = new ArrayList<>();
    subjects.forEach(s -> own.add(comparison.prepared(s.pairs())));
    Rdm prepared = model.with(model.name(), comparison.prepared(model.pairs()));
    double[] out = new double[plan.permutations()];
    new Resampler(plan)
        .permutations(
            new int[model.size()],
            (draw, units, truths) -> {
              double[] shuffled = prepared.reordered(truths);
              double sum = 0;
              for (double[] pairs : own) {
                sum += comparison.ofPrepared(pairs, shuffled);
              }
              out[draw] = sum / own.size();
            });
    return out;
  }

  private static double[] replicates(
      List<Rdm> subjects, Rdm model, RdmComparison comparison, Resampling plan) {
    double[] out = new double[plan.bootstraps()];
    new Resampler(plan)
        .bootstraps(
            model.size(),
            (draw, units, truths) -> {
              double[] b = comparison.prepared(differentPairs(model, units));
              double sum = 0;
              for (Rdm subject : subjects) {
                sum +=
                    comparison.ofPrepared(comparison.prepared(differentPairs(subject, units)), b);
              }
              out[draw] = sum / subjects.size();
            });
    return out;
  }

  private static double[] differentPairs(Rdm rdm, int[] drawn) {
    double[] out = new double[drawn.length * (drawn.length - 1) / 2];
    int at = 0;
    for (int i = 0; i < drawn.length; i++) {
      for (int j = i + 1; j < drawn.length; j++) {
        if (drawn[i] != drawn[j]) {
          out[at++] = rdm.at(drawn[i], drawn[j]);
        }
      }
    }
    return Arrays.copyOf(out, at);
  }
}
