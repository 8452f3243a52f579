package io.noesis.ingest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.stimulus.ImageFingerprint;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimulatedStudyTest {

  private static Set<String> shown(SimulatedStudy study, String part) {
    Set<String> ids = new TreeSet<>();
    for (PlannedRun run : study.subjects().get(0).runs()) {
      for (PlannedTrial trial : run.trials()) {
        if (trial.part().equals(part)) {
          ids.add(study.stimuli().get(trial.stimulus()).id());
        }
      }
    }
    return ids;
  }

  private static Set<String> pixels(SimulatedStudy study, Set<String> ids) {
    Set<String> out = new HashSet<>();
    for (SimulatedStimulus stimulus : study.stimuli()) {
      if (ids.contains(stimulus.id())) {
        out.add(ImageFingerprint.ofPixels(stimulus.scene().draw(32)));
      }
    }
    return out;
  }

  private static int common(Set<String> a, Set<String> b) {
    Set<String> both = new HashSet<>(a);
    both.retainAll(b);
    return both.size();
  }

  @Test
  void planHasWhatWasAskedFor() {
    SimulatedStudy study = Small.study(Small.spec());
    assertEquals(32, study.stimuli().size());
    assertEquals(4, study.stimuli().stream().filter(s -> s.scene().heldOut()).count());
    assertEquals(24, shown(study, "train").size());
    assertEquals(8, shown(study, "test").size());
    assertEquals(0, common(shown(study, "train"), shown(study, "test")));
    for (SimulatedSubject subject : study.subjects()) {
      assertEquals(4, subject.runs().size());
      assertEquals(
          List.of("01/01", "01/02", "02/01", "02/02"),
          subject.runs().stream().map(run -> run.session() + "/" + run.run()).toList());
      assertEquals(48, subject.trueBetas().dim(0));
      assertTrue(Math.abs(subject.voxels() - 60) <= 3, "voxels " + subject.voxels());
    }
    assertNotEquals(
        study.subjects().get(0).runs().get(0).trials(),
        study.subjects().get(1).runs().get(0).trials());
  }

  @Test
  void runsHoldOnePartAndTrialsThatDoNotOverlap() {
    SimulatedStudy study = Small.study(Small.spec());
    for (SimulatedSubject subject : study.subjects()) {
      List<Integer> repetitions = new ArrayList<>();
      for (PlannedRun run : subject.runs()) {
        assertEquals(1, run.trials().stream().map(PlannedTrial::part).distinct().count());
        double free = 0;
        for (PlannedTrial trial : run.trials()) {
          assertTrue(trial.onsetSeconds() >= free, "trials overlap at " + trial.onsetSeconds());
          free = trial.onsetSeconds() + run.stimulusSeconds();
          repetitions.add(trial.repetition());
        }
        assertTrue(free + 16 <= run.timing().endSeconds());
      }
      assertEquals(24 + 8, repetitions.stream().filter(r -> r == 1).count());
      assertEquals(8, repetitions.stream().filter(r -> r == 3).count());
    }
  }

  @Test
  void roisAreContiguousFromBackToFrontAndTheRimIsSilent() {
    SimulatedSubject subject = Small.study(Small.spec().withSize(1, 600)).subjects().get(0);
    int[] last = new int[3];
    int[] first = {99, 99, 99};
    int silent = 0;
    for (int v = 0; v < subject.voxels(); v++) {
      Roi roi = subject.brain().rois().get(v);
      VoxelTruth truth = subject.model().voxels().get(v);
      if (roi == Roi.SILENT) {
        silent++;
        assertEquals(0, truth.ceiling());
        assertEquals(0, subject.model().responses().at(0, v));
      } else {
        int y = subject.brain().mask().voxel(v)[1];
        last[roi.ordinal()] = Math.max(last[roi.ordinal()], y);
        first[roi.ordinal()] = Math.min(first[roi.ordinal()], y);
        assertTrue(truth.ceiling() > 0.02 && truth.ceiling() < 0.1);
      }
    }
    assertEquals(Math.round(0.15 * subject.voxels()), silent);
    assertTrue(last[0] <= first[1] && last[1] <= first[2], "ROIs overlap along the y axis");
  }

  @Test
  void noSignalMeansNoResponse() {
    SimulatedStudy study = Small.study(Small.spec().withSignal(new SignalPlan(0, 0.15, 0.3, 1)));
    for (float response : study.subjects().get(0).model().responses().array()) {
      assertEquals(0f, response);
    }
  }

  @Test
  void duplicatedPixelsHaveOtherIds() {
    SimulatedStudy clean = Small.study(Small.spec());
    assertEquals(
        0, common(pixels(clean, shown(clean, "train")), pixels(clean, shown(clean, "test"))));
    SimulatedStudy leaky = Small.study(Small.spec().withLeak(Leak.DUPLICATE_PIXELS));
    Set<String> train = shown(leaky, "train");
    Set<String> test = shown(leaky, "test");
    assertEquals(0, common(train, test));
    assertEquals(2, common(pixels(leaky, train), pixels(leaky, test)));
  }

  @Test
  void repeatedStimuliHaveTheSameIds() {
    SimulatedStudy leaky = Small.study(Small.spec().withLeak(Leak.REPEATED_STIMULI_IN_TRAIN));
    assertEquals(2, common(shown(leaky, "train"), shown(leaky, "test")));
  }

  @Test
  void sharedRunsMixTheParts() {
    SimulatedStudy leaky = Small.study(Small.spec().withLeak(Leak.SHARED_RUNS));
    assertTrue(
        leaky.subjects().get(0).runs().stream()
            .anyMatch(
                run -> run.trials().stream().map(PlannedTrial::part).distinct().count() == 2));
    assertEquals(0, common(shown(leaky, "train"), shown(leaky, "test")));
  }

  @Test
  void plansThatCannotBeAreRefusedInWords() {
    assertRefused(() -> SimulationSpec.defaults().withSize(0, 60), "subjects must be 1 to 99");
    assertRefused(() -> new SignalPlan(1, 0, 0, 0), "noiseCeiling must be 0 to 0.99");
    assertRefused(
        () -> new TimingPlan(1, 10, 2, 3, 2, 2, 0, 0), "must fit into spacingSeconds (3.0)");
    assertRefused(
        () -> Small.spec().withTiming(new TimingPlan(5, 12, 2, 4, 1, 2, 0, 0)),
        "5 sessions for 4 runs");
    assertRefused(
        () ->
            Small.spec()
                .withPictures(new PicturePlan(20, 1, 0, 1, 16))
                .withLeak(Leak.DUPLICATE_PIXELS),
        "at least 4 test pictures");
  }

  private static void assertRefused(Runnable plan, String words) {
    String message = assertThrows(RecipeException.class, plan::run).getMessage();
    assertTrue(message.contains(words), message);
  }

  @Test
  void planIsBoundToSettingsAndBack() {
    SimulationSpec spec = Small.spec().withLeak(Leak.SHARED_RUNS);
    assertEquals(spec, RecordBinder.bind(RecordBinder.tree(spec), SimulationSpec.class));
    assertEquals(
        SimulationSpec.defaults(),
        RecordBinder.bind(
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(),
            SimulationSpec.class));
  }

  @Test
  void anotherSeedGivesAnotherStudy() {
    SimulatedStudy one = Small.study(Small.spec());
    SimulatedStudy two = SimulatedStudy.of(Small.spec(), Seed.of(4));
    assertNotEquals(one.stimuli(), two.stimuli());
    assertFalse(
        one.subjects().get(0).model().weights().equals(two.subjects().get(0).model().weights()));
  }
}
