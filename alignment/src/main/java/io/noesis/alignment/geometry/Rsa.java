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
    return scores(subjects, List.of(model), settings, plan).get(0);
  }

  /**
   * Scores several models on the same shuffles and resamples; each score equals that of {@link
   * #score} alone, in a fraction of the time.
   *
   * @param subjects at least one, same conditions in the same order as the models
   * @param models at least one
   * @param settings how they are compared
   * @param plan how the intervals and the nulls are drawn
   * @return one score per model, in their order
   */
  public static List<Score> scores(
      List<Rdm> subjects, List<Rdm> models, Settings settings, Resampling plan) {
    Check.argument(!subjects.isEmpty(), "representational similarity needs a subject, found none");
    Check.argument(!models.isEmpty(), "representational similarity needs a model, found none");
    for (Rdm other : models) {
      RdmComparison.requireSameConditions(subjects.get(0), other);
    }
    RdmComparison comparison = settings.comparison();
    double[][] nulls = nulls(subjects, models, comparison, plan);
    double[][] replicates = replicates(subjects, models, comparison, plan);
    OptionalDouble upper = OptionalDouble.empty();
    String ceilingWords = "";
    if (subjects.size() > 1) {
      NoiseCeiling ceiling = NoiseCeiling.of(subjects, comparison, settings.pooling());
      upper = OptionalDouble.of(ceiling.upper());
      ceilingWords =
          String.format(
              "; noise ceiling %.4f to %.4f (mean of %s)",
              ceiling.lower(),
              ceiling.upper(),
              settings.pooling() == NoiseCeiling.Pooling.RANKS ? "ranks" : "distances");
    }
    List<Score> scores = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      Rdm model = models.get(m);
      double observed =
          Arrays.stream(bySubject(subjects, model, comparison)).average().orElseThrow();
      Interval interval = Statistics.percentileInterval(replicates[m], LEVEL);
      Interval band = Statistics.percentileInterval(nulls[m], LEVEL);
      scores.add(
          new Score(
              "rsa." + comparison.words() + "@" + model.size(),
              observed,
              interval.low(),
              interval.high(),
              chance(subjects, model, comparison),
              band.low(),
              band.high(),
              Statistics.permutationP(nulls[m], observed, Score.Direction.HIGHER),
              model.size(),
              "condition",
              Score.Direction.HIGHER,
              upper,
              "model "
                  + model.name()
                  + "; mean of "
                  + subjects.size()
                  + " subjects"
                  + ceilingWords
                  + "; "
                  + drawn(plan)));
    }
    return scores;
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
    if (comparison != RdmComparison.COSINE) {
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

  /** {@code [models][permutations]}. */
  private static double[][] nulls(
      List<Rdm> subjects, List<Rdm> models, RdmComparison comparison, Resampling plan) {
    List<double[]> own = new ArrayList<>();
    subjects.forEach(s -> own.add(comparison.prepared(s.pairs())));
    List<Rdm> prepared = new ArrayList<>();
    models.forEach(m -> prepared.add(m.with(m.name(), comparison.prepared(m.pairs()))));
    double[][] out = new double[models.size()][plan.permutations()];
    new Resampler(plan)
        .permutations(
            new int[models.get(0).size()],
            (draw, units, truths) -> {
              for (int m = 0; m < out.length; m++) {
                out[m][draw] = mean(own, prepared.get(m).reordered(truths), comparison);
              }
            });
    return out;
  }

  /** {@code [models][bootstraps]}. */
  private static double[][] replicates(
      List<Rdm> subjects, List<Rdm> models, RdmComparison comparison, Resampling plan) {
    double[][] out = new double[models.size()][plan.bootstraps()];
    new Resampler(plan)
        .bootstraps(
            models.get(0).size(),
            (draw, units, truths) -> {
              List<double[]> own = new ArrayList<>();
              for (Rdm subject : subjects) {
                own.add(comparison.prepared(differentPairs(subject, units)));
              }
              for (int m = 0; m < out.length; m++) {
                double[] pairs = comparison.prepared(differentPairs(models.get(m), units));
                out[m][draw] = mean(own, pairs, comparison);
              }
            });
    return out;
  }

  private static double mean(List<double[]> own, double[] model, RdmComparison comparison) {
    double sum = 0;
    for (double[] pairs : own) {
      sum += comparison.ofPrepared(pairs, model);
    }
    return sum / own.size();
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
