package io.noesis.ingest.simulate;

import io.noesis.ingest.glm.RunTiming;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Orders the trials of one subject into runs: parts never share a run (unless that leak is
 * planted), test runs are spread evenly among training runs, repetitions of a picture come in
 * blocks of all pictures.
 */
final class RunPlan {
  private final SimulationSpec spec;
  private final PictureSet pictures;
  private final Seed seed;

  RunPlan(SimulationSpec spec, PictureSet pictures, Seed seed) {
    this.spec = spec;
    this.pictures = pictures;
    this.seed = seed;
  }

  /** A picture in a part, before it has a time. */
  private record Shown(int stimulus, String part) {}

  List<PlannedRun> runs() {
    List<Shown> train = blocks(pictures.train(), spec.pictures().trainRepetitions(), Bids.TRAIN);
    List<Shown> test = blocks(pictures.test(), spec.pictures().testRepetitions(), Bids.TEST);
    if (spec.leak() == Leak.SHARED_RUNS) {
      train.addAll(test);
      test.clear();
      shuffle(train, seed.child("shared-runs"));
    }
    List<List<Shown>> ordered = spread(cut(train), cut(test));
    List<PlannedRun> runs = new ArrayList<>();
    int[] seen = new int[pictures.stimuli().size()];
    int sessions = spec.timing().sessions();
    int previous = -1;
    int inSession = 0;
    for (int r = 0; r < ordered.size(); r++) {
      int session = (int) ((long) r * sessions / ordered.size());
      inSession = session == previous ? inSession + 1 : 1;
      previous = session;
      runs.add(
          new PlannedRun(
              sessions == 1 ? "" : label(session + 1),
              label(inSession),
              new RunTiming(
                  spec.timing().volumes(ordered.get(r).size()),
                  spec.timing().trSeconds(),
                  spec.timing().startSeconds()),
              spec.timing().stimulusSeconds(),
              timed(ordered.get(r), seed.child("run-" + r).random(), seen)));
    }
    return List.copyOf(runs);
  }

  private static String label(int number) {
    return String.format(Locale.ROOT, "%02d", number);
  }

  private List<Shown> blocks(List<Integer> stimuli, int repetitions, String part) {
    List<Shown> out = new ArrayList<>();
    for (int r = 0; r < repetitions; r++) {
      int[] order = seed.child(part + "-" + r).random().permutation(stimuli.size());
      for (int k : order) {
        out.add(new Shown(stimuli.get(k), part));
      }
    }
    return out;
  }

  private static void shuffle(List<Shown> trials, Seed seed) {
    List<Shown> copy = List.copyOf(trials);
    int[] order = seed.random().permutation(copy.size());
    for (int k = 0; k < order.length; k++) {
      trials.set(k, copy.get(order[k]));
    }
  }

  private List<List<Shown>> cut(List<Shown> trials) {
    List<List<Shown>> out = new ArrayList<>();
    int from = 0;
    for (int size : spec.timing().runSizes(trials.size())) {
      out.add(trials.subList(from, from + size));
      from += size;
    }
    return out;
  }

  /** Puts the second kind of run at even distances among the first. */
  private static List<List<Shown>> spread(List<List<Shown>> many, List<List<Shown>> few) {
    int total = many.size() + few.size();
    List<List<Shown>> out = new ArrayList<>();
    int used = 0;
    for (int r = 0; r < total; r++) {
      boolean isFew = used < few.size() && r == (int) ((2L * used + 1) * total / (2L * few.size()));
      out.add(isFew ? few.get(used) : many.get(r - used));
      used += isFew ? 1 : 0;
    }
    return out;
  }

  private List<PlannedTrial> timed(List<Shown> shown, PinnedRandom random, int[] seen) {
    TimingPlan timing = spec.timing();
    int[] slots = Arrays.copyOf(random.permutation(timing.slots(shown.size())), shown.size());
    Arrays.sort(slots);
    List<PlannedTrial> trials = new ArrayList<>();
    for (int k = 0; k < slots.length; k++) {
      double onset =
          TimingPlan.LEAD_SECONDS
              + slots[k] * timing.spacingSeconds()
              + random.nextDouble() * timing.jitterSeconds();
      int stimulus = shown.get(k).stimulus();
      trials.add(
          new PlannedTrial(
              stimulus, Math.round(onset * 1000) / 1000.0, ++seen[stimulus], shown.get(k).part()));
    }
    return trials;
  }
}
