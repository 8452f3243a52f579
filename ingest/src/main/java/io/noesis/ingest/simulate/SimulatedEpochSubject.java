package io.noesis.ingest.simulate;

import io.noesis.run.Parallel;
import io.noesis.run.Seed;
import io.noesis.tensor.Matrix;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One subject of a simulated EEG or MEG study.
 *
 * @param label without {@code sub-}
 * @param trials in order of recording
 */
public record SimulatedEpochSubject(
    String label, List<Shown> trials, EpochForward forward, Seed seed) {
  private static final int TRIALS_PER_RUN = 100;
  private static final double SPACING_SECONDS = 2;

  /**
   * One trial.
   *
   * @param stimulus index of the picture
   * @param part train or test
   * @param run number of the run, from 1; parts never share one
   * @param onsetSeconds from the start of the run
   */
  public record Shown(int stimulus, String part, int run, double onsetSeconds) {}

  /** Copies the list. */
  public SimulatedEpochSubject {
    trials = List.copyOf(trials);
  }

  static SimulatedEpochSubject of(
      String label, PictureSet pictures, EpochForward forward, Seed seed) {
    List<Shown> trials = new ArrayList<>();
    PicturePlan plan = forward.plan().pictures();
    add(trials, pictures.train(), plan.trainRepetitions(), Bids.TRAIN, seed);
    add(trials, pictures.test(), plan.testRepetitions(), Bids.TEST, seed);
    return new SimulatedEpochSubject(label, trials, forward, seed);
  }

  private static void add(
      List<Shown> trials, List<Integer> stimuli, int repetitions, String part, Seed seed) {
    int run = trials.isEmpty() ? 0 : trials.get(trials.size() - 1).run();
    int inRun = TRIALS_PER_RUN;
    for (int r = 0; r < repetitions; r++) {
      for (int k : seed.child(part + "-" + r).random().permutation(stimuli.size())) {
        if (inRun == TRIALS_PER_RUN) {
          inRun = 0;
          run++;
        }
        double onset = SPACING_SECONDS * (1 + inRun);
        trials.add(new Shown(stimuli.get(k), part, run, onset));
        inRun++;
      }
    }
  }

  Tensor epochs(EpochNoise noise, Matrix latents) {
    SensorPlan sensors = forward.plan().sensors();
    int width = sensors.channels() * sensors.samples();
    float[] out = new float[Math.multiplyExact(trials.size(), width)];
    Parallel.forBlocks(
        trials.size(),
        16,
        (from, to) -> {
          for (int trial = from; trial < to; trial++) {
            Seed own = seed.child("trial-" + trial);
            double[] drawn = noise.draw(own.child("noise").random()).array();
            double[] code = latents(latents, trials.get(trial).stimulus());
            double[] signal = forward.signal(code, own.child("phases").random()).array();
            for (int i = 0; i < width; i++) {
              out[trial * width + i] = (float) (sensors.noise() * (drawn[i] + signal[i]));
            }
          }
        });
    return Tensor.wrap(out, trials.size(), sensors.channels(), sensors.samples());
  }

  private static double[] latents(Matrix latents, int stimulus) {
    int from = stimulus * latents.columns();
    return Arrays.copyOfRange(latents.array(), from, from + latents.columns());
  }

  List<Double> ceiling(EpochNoise noise, Matrix latents, int repetitions) {
    return Arrays.stream(forward.told(noise, latents, repetitions)).mapToObj(Math::sqrt).toList();
  }
}
