package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.stimulus.SceneFeatures;
import io.noesis.run.Check;
import io.noesis.run.Seed;
import java.util.List;
import java.util.Locale;

/**
 * What a plan would cost and could measure, computed from its own timing without simulating a
 * volume.
 *
 * @param subjects how many
 * @param runs per subject
 * @param trials per subject
 * @param volumes per subject
 * @param scanMinutes per subject, without breaks
 * @param noiseGain variance of single-trial betas per unit variance of volume noise (ordinary least
 *     squares, the plan's rho): what the timing costs, the lower the better
 * @param noiseGainWithinRun the same after the mean of a run's betas is taken away
 * @param singleTrialCeiling share of single-trial variance that is signal
 * @param testRepetitions how many repetitions a test response is averaged over
 * @param diskBytes of the written study, about
 */
public record PowerPlan(
    int subjects,
    int runs,
    int trials,
    int volumes,
    double scanMinutes,
    double noiseGain,
    double noiseGainWithinRun,
    double singleTrialCeiling,
    int testRepetitions,
    long diskBytes) {

  /**
   * Computes the summary of a plan, by the runs of its first subject.
   *
   * @param spec the plan
   * @param seed the seed it would be simulated with
   * @return the summary
   */
  public static PowerPlan of(SimulationSpec spec, Seed seed) {
    PictureSet pictures = PictureSet.of(spec.pictures(), spec.leak(), seed.child("pictures"));
    List<PlannedRun> runs = new RunPlan(spec, pictures, seed.child("sub-01").child("runs")).runs();
    DesignEfficiency efficiency = DesignEfficiency.of(runs, spec.signal().rho());
    int volumes = runs.stream().mapToInt(run -> run.timing().volumes()).sum();
    return new PowerPlan(
        spec.subjects(),
        runs.size(),
        runs.stream().mapToInt(run -> run.trials().size()).sum(),
        volumes,
        volumes * spec.timing().trSeconds() / 60,
        efficiency.noiseGain(),
        efficiency.noiseGainWithinRun(),
        spec.signal().noiseCeiling(),
        spec.pictures().testRepetitions(),
        disk(spec, volumes));
  }

  /** Noise does not compress: two bytes per voxel and volume, four per value of the truth. */
  private static long disk(SimulationSpec spec, int volumes) {
    PicturePlan pictures = spec.pictures();
    long perSubject =
        (long) spec.voxels() * (2L * volumes + 4L * (pictures.distinct() + SceneFeatures.count()))
            + 150L * pictures.trials();
    long picture = 200 + (long) pictures.pixels() * pictures.pixels();
    return spec.subjects() * perSubject + pictures.distinct() * picture;
  }

  /**
   * The ceiling of responses averaged over repetitions, {@code 100 c / (c + (1 - c) / n)}.
   *
   * @param repetitions averaged per picture
   * @return percent of variance
   */
  public double ceilingPercent(int repetitions) {
    Check.argument(repetitions > 0, "repetitions must be at least 1, found %d", repetitions);
    double c = singleTrialCeiling;
    return c == 0 ? 0 : 100 * c / (c + (1 - c) / repetitions);
  }

  /**
   * The single-trial ceiling that this timing would give with measured sizes of effect and noise,
   * for planning a real study: {@code s^2 / (s^2 + gain n^2)}.
   *
   * @param betaSignalSd standard deviation over pictures of the true betas
   * @param volumeNoiseSd standard deviation of the noise of one volume, in the same unit
   * @return share of variance, 0 to 1
   */
  public double ceilingOf(double betaSignalSd, double volumeNoiseSd) {
    Check.argument(
        betaSignalSd >= 0 && volumeNoiseSd > 0,
        "signal must be at least 0 and noise above 0, found %s and %s",
        betaSignalSd,
        volumeNoiseSd);
    double signal = betaSignalSd * betaSignalSd;
    return signal / (signal + noiseGain * volumeNoiseSd * volumeNoiseSd);
  }

  /**
   * Bytes of memory that simulating needs at its peak, about: one run per thread.
   *
   * @param spec the plan
   * @param threads how many run at once
   */
  public long memoryBytes(SimulationSpec spec, int threads) {
    long largestRun = 2L * volumes / Math.max(1, runs);
    long run = largestRun * spec.voxels() * 4 + largestRun * 8L * spec.timing().trialsPerRun();
    long truth =
        4L * spec.voxels() * (spec.pictures().distinct() + SceneFeatures.count()) * subjects;
    return threads * run + truth + (16L << 20);
  }

  /** The summary in lines for a terminal. */
  public List<String> lines() {
    return List.of(
        String.format(
            Locale.ROOT,
            "%d subjects, each %d trials in %d runs (%d volumes, %.0f min of scanning)",
            subjects,
            trials,
            runs,
            volumes,
            scanMinutes),
        String.format(
            Locale.ROOT,
            "noise ceiling of one trial %.0f %%, of test responses averaged over %d repetitions %.0f %%",
            100 * singleTrialCeiling,
            testRepetitions,
            ceilingPercent(testRepetitions)),
        String.format(
            Locale.ROOT,
            "the timing turns noise variance 1 per volume into %.1f per single-trial beta (%.1f within runs)",
            noiseGain,
            noiseGainWithinRun),
        String.format(Locale.ROOT, "about %.0f MB on disk", diskBytes / 1e6));
  }
}
