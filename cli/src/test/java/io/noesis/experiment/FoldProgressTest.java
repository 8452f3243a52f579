package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.run.Progress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Folds, their networks, and what else is trained within them, as one stage. */
class FoldProgressTest {
  private final List<String> told = new ArrayList<>();
  private final Progress listener =
      new Progress() {
        @Override
        public void begin(String name, long total) {
          told.add(name + " of " + total);
        }

        @Override
        public void step(long steps) {
          told.add("+" + steps);
        }

        @Override
        public void done(String result) {
          told.add(result);
        }
      };

  @Test
  void stepsOfNetworksAreThoseOfAllFolds() {
    FoldProgress stage = new FoldProgress(listener, "sub-01", 2);
    Progress network = stage.ofNetwork();
    network.begin("training", 10);
    network.step(0);
    network.step(6); // It stops early.
    stage.foldDone();
    network.begin("training", 10);
    network.step(10);
    stage.foldDone();
    stage.done("end");
    assertEquals(
        List.of("sub-01 of 2", "sub-01 of 20", "+0", "+0", "+6", "+4", "+10", "+0", "end"), told);
  }

  @Test
  void aFurtherTrainingIsAStageOfItsOwnBehindWhichThisOneGoesOn() {
    FoldProgress stage = new FoldProgress(listener, "sub-01", 2);
    Progress network = stage.ofNetwork();
    network.begin("training", 10);
    network.step(10);
    stage.foldDone();
    told.clear();
    Progress prior = stage.ofFurther("prior");
    prior.begin("training", 3);
    prior.step(3);
    prior.done("1 epoch");
    assertEquals(List.of("sub-01, prior of 3", "+3", "sub-01 of 20", "+10"), told);
  }
}
