package io.noesis.ingest.simulate;

import io.noesis.ingest.simulate.SimulatedStimulus.Copy;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.ingest.simulate.stimulus.ScenePool;
import io.noesis.ingest.simulate.stimulus.SceneSampler;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The pictures of a study and which of them each part shows. Ids are given in random order, so that
 * an id tells nothing.
 *
 * @param stimuli all, by id
 * @param train indices shown in training runs
 * @param test indices shown in test runs
 */
record PictureSet(List<SimulatedStimulus> stimuli, List<Integer> train, List<Integer> test) {

  PictureSet {
    stimuli = List.copyOf(stimuli);
    train = List.copyOf(train);
    test = List.copyOf(test);
  }

  static PictureSet of(PicturePlan plan, Leak leak, Seed seed) {
    int heldOut = plan.test() / 2;
    List<Scene> known =
        SceneSampler.of(ScenePool.TRAINING)
            .sample(seed.child("scenes"), plan.train() + plan.test() - heldOut);
    List<Scene> scenes = new ArrayList<>(known);
    scenes.addAll(SceneSampler.of(ScenePool.HELD_OUT).sample(seed.child("held-out"), heldOut));
    int leaked = leak == Leak.DUPLICATE_PIXELS ? plan.test() / 4 : 0;
    for (int k = 0; k < leaked; k++) {
      scenes.set(k, scenes.get(plan.train() + 4 * k));
    }
    int[] place = seed.child("ids").random().permutation(scenes.size());
    SimulatedStimulus[] stimuli = new SimulatedStimulus[scenes.size()];
    for (int k = 0; k < stimuli.length; k++) {
      stimuli[place[k]] =
          new SimulatedStimulus(
              String.format(Locale.ROOT, "pic%04d", place[k] + 1),
              scenes.get(k),
              k < leaked ? Copy.DUPLICATE : Copy.ORIGINAL);
    }
    List<Integer> train = new ArrayList<>();
    List<Integer> test = new ArrayList<>();
    for (int k = 0; k < place.length; k++) {
      (k < plan.train() ? train : test).add(place[k]);
    }
    if (leak == Leak.REPEATED_STIMULI_IN_TRAIN) {
      for (int k = 0; k < plan.test() / 4; k++) {
        train.set(k, test.get(4 * k));
      }
    }
    return new PictureSet(List.of(stimuli), train, test);
  }
}
