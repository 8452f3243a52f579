package io.noesis.ingest.simulate;

import java.util.List;

/**
 * When pictures are shown and volumes acquired. A run is a row of slots of {@code spacingSeconds};
 * most hold a trial, which begins up to {@code jitterSeconds} late, and some stay blank, without
 * which the mean of all responses could not be told from the baseline.
 *
 * @param sessions over which the runs of a subject are spread
 * @param trialsPerRun at most
 * @param trSeconds time between volumes
 * @param spacingSeconds length of a slot
 * @param jitterSeconds the largest delay of a trial within its slot
 * @param stimulusSeconds how long a picture is on
 * @param blankShare the share of slots without a trial
 * @param startSeconds when the first volume was sampled (BIDS {@code StartTime})
 */
public record TimingPlan(
    int sessions,
    int trialsPerRun,
    double trSeconds,
    double spacingSeconds,
    double jitterSeconds,
    double stimulusSeconds,
    double blankShare,
    double startSeconds) {

  /** Before the first slot, so that the baseline is seen. */
  static final double LEAD_SECONDS = 6;

  /** After the last slot, so that the last response is seen. */
  static final double TAIL_SECONDS = 16;

  public TimingPlan {
    Plan.require(sessions >= 1, "sessions must be at least 1, found %d", sessions);
    Plan.require(trialsPerRun >= 1, "trialsPerRun must be at least 1, found %d", trialsPerRun);
    Plan.require(
        trSeconds >= 0.1 && trSeconds <= 10,
        "trSeconds must be 0.1 to 10 seconds, found %s",
        trSeconds);
    Plan.require(
        spacingSeconds >= 1 && spacingSeconds <= 60,
        "spacingSeconds must be 1 to 60 seconds, found %s",
        spacingSeconds);
    Plan.require(
        stimulusSeconds >= 0.1, "stimulusSeconds must be at least 0.1, found %s", stimulusSeconds);
    Plan.require(
        jitterSeconds >= 0 && jitterSeconds + stimulusSeconds <= spacingSeconds,
        "jitterSeconds (%s) and stimulusSeconds (%s) together must fit into spacingSeconds (%s)",
        jitterSeconds,
        stimulusSeconds,
        spacingSeconds);
    Plan.require(
        blankShare >= 0 && blankShare <= 0.9, "blankShare must be 0 to 0.9, found %s", blankShare);
    Plan.require(
        startSeconds >= 0 && startSeconds <= trSeconds,
        "startSeconds must be 0 to trSeconds (%s), found %s",
        trSeconds,
        startSeconds);
  }

  /** Two sessions of runs of 72 pictures of 2 s, about every 4.7 s, with a TR of 2 s. */
  public static TimingPlan defaults() {
    return new TimingPlan(2, 72, 2, 4, 1.5, 2, 0.15, 0);
  }

  /** How many slots a run of that many trials has. */
  int slots(int trials) {
    return (int) Math.ceil(trials / (1 - blankShare));
  }

  /** How many volumes a run of that many trials has. */
  int volumes(int trials) {
    double seconds = LEAD_SECONDS + slots(trials) * spacingSeconds + TAIL_SECONDS;
    return (int) Math.ceil(seconds / trSeconds);
  }

  /** Sizes of the runs that a part of that many trials is cut into: as equal as can be. */
  List<Integer> runSizes(int trials) {
    int runs = (trials + trialsPerRun - 1) / trialsPerRun;
    return java.util.stream.IntStream.range(0, runs)
        .mapToObj(r -> (int) ((r + 1L) * trials / runs - (long) r * trials / runs))
        .toList();
  }
}
