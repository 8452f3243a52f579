package io.noesis.alignment.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubjectProbeTest {
  /** What was shown, the same for all, a habit of each subject, and noise. */
  private static List<Tensor> decoded(double habit) {
    PinnedRandom random = Seed.of(4).random();
    int stimuli = 60;
    int dim = 8;
    double[] shown = new double[stimuli * dim];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = 3 * random.nextGaussian();
    }
    List<Tensor> subjects = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      float[] rows = new float[stimuli * dim];
      for (int i = 0; i < rows.length; i++) {
        double own = i % dim == s ? habit : 0;
        rows[i] = (float) (shown[i] + own + random.nextGaussian());
      }
      subjects.add(Tensor.wrap(rows, stimuli, dim));
    }
    return subjects;
  }

  @Test
  void whatSpeaksOfTheStimulusAloneIsAtChance() {
    SubjectProbe probe = SubjectProbe.of(decoded(0), 199, Seed.of(1));
    assertEquals(1.0 / 3, probe.chance());
    assertEquals(180, probe.n());
    assertTrue(probe.accuracy() <= probe.nullHigh(), probe::toString);
    assertTrue(probe.p() > 0.05, probe::toString);
  }

  @Test
  void habitsGiveSubjectsAway() {
    SubjectProbe probe = SubjectProbe.of(decoded(4), 199, Seed.of(1));
    assertTrue(probe.accuracy() > 0.95, probe::toString);
    assertEquals(1.0 / 200, probe.p());
  }

  @Test
  void oneSubjectIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> SubjectProbe.of(decoded(0).subList(0, 1), 99, Seed.of(1)));
  }
}
