package io.noesis.reconstruction.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.SimulatedStimulus;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.simulate.stimulus.Scene;
import io.noesis.run.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TrainingScenesTest {
  private static final TrainingScenes SCENES = TrainingScenes.shipped();

  @Test
  void noCombinationOfATestIsTrainedOn() {
    assertEquals(57_730, SCENES.train().size());
    Set<String> trained = ids(SCENES.train());
    assertEquals(SCENES.train().size(), trained.size());
    assertTrue(SCENES.train().stream().noneMatch(Scene::heldOut));
    assertTrue(SCENES.heldOut().stream().allMatch(Scene::heldOut));
    for (List<Scene> test : List.of(SCENES.unseen(), SCENES.heldOut())) {
      Set<String> shared = new HashSet<>(ids(test));
      shared.retainAll(trained);
      assertEquals(Set.of(), shared);
    }
  }

  @Test
  void noPictureOfTheDemoIsTrainedOn() {
    Set<String> trained = ids(SCENES.train());
    for (int seed = 0; seed < TrainingScenes.RESERVED_SEEDS; seed++) {
      SimulatedStudy study = SimulatedStudy.of(SimulationSpec.defaults(), Seed.of(seed));
      for (SimulatedStimulus stimulus : study.stimuli()) {
        assertFalse(trained.contains(stimulus.scene().id()), stimulus.scene().id());
      }
    }
  }

  private static Set<String> ids(List<Scene> scenes) {
    return scenes.stream().map(Scene::id).collect(Collectors.toSet());
  }
}
