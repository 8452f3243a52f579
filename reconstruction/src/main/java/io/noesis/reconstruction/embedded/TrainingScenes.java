package io.noesis.reconstruction.embedded;

import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.ingest.simulate.stimulus.ScenePool;
import io.noesis.ingest.simulate.stimulus.SceneSampler;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which scenes the embedded models learn from and are measured on. Never trained on: every pair of
 * category and colour of {@link ScenePool#HELD_OUT}, and the whole combinations that simulated
 * studies of the first {@value #RESERVED_SEEDS} seeds may show from {@link ScenePool#TRAINING}
 * (their first {@value #RESERVED_SCENES} scenes; the demo's study has 756).
 *
 * @param train what the weights are fitted to
 * @param unseen combinations that are not in {@code train}, of pairs of category and colour that
 *     are
 * @param heldOut pairs of category and colour that are not in {@code train}
 */
record TrainingScenes(List<Scene> train, List<Scene> unseen, List<Scene> heldOut) {
  static final int RESERVED_SEEDS = 10;
  static final int RESERVED_SCENES = 1000;
  static final int TESTS = 2048;
  private static final Seed SEED = Seed.of(20261122).child("embedded models");

  TrainingScenes {
    train = List.copyOf(train);
    unseen = List.copyOf(unseen);
    heldOut = List.copyOf(heldOut);
  }

  /** The scenes of the shipped weights. */
  static TrainingScenes shipped() {
    Set<String> reserved = reserved();
    SceneSampler pool = SceneSampler.of(ScenePool.TRAINING);
    List<Scene> free = new ArrayList<>();
    for (Scene scene : pool.sample(SEED.child("train"), pool.capacity())) {
      if (!reserved.contains(scene.id())) {
        free.add(scene);
      }
    }
    int fitted = free.size() - TESTS;
    return new TrainingScenes(
        free.subList(0, fitted),
        free.subList(fitted, free.size()),
        SceneSampler.of(ScenePool.HELD_OUT).sample(SEED.child("held-out"), TESTS));
  }

  /** The combinations that simulated studies may show to people, by {@link Scene#id}. */
  static Set<String> reserved() {
    Set<String> ids = new HashSet<>();
    for (int seed = 0; seed < RESERVED_SEEDS; seed++) {
      Seed scenes = Seed.of(seed).child("pictures").child("scenes");
      for (Scene scene : SceneSampler.of(ScenePool.TRAINING).sample(scenes, RESERVED_SCENES)) {
        ids.add(scene.id());
      }
    }
    return ids;
  }
}
