package io.noesis.ingest.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.stimulus.SceneFeatures;
import io.noesis.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StimulusCodeTest {
  private static final SimulationSpec SPEC =
      Small.spec().withPictures(new PicturePlan(200, 1, 8, 3, 16));
  private static final SimulatedStudy LINEAR = Small.study(SPEC);
  private static final SimulatedStudy GATED =
      Small.study(SPEC.withSignal(SPEC.signal().withCode(StimulusCode.GATED)));

  private static boolean turned(SimulatedStudy study, int picture) {
    Tensor features = SceneFeatures.matrix(List.of(study.stimuli().get(picture).scene()));
    List<String> backgrounds =
        SceneFeatures.names().stream().filter(name -> name.startsWith("background:")).toList();
    int shown =
        IntStream.range(0, backgrounds.size())
            .filter(b -> features.array()[SceneFeatures.names().indexOf(backgrounds.get(b))] == 1)
            .findFirst()
            .orElseThrow();
    return shown % 2 == 1;
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = IntStream.range(0, a.length).mapToDouble(i -> a[i]).average().orElseThrow();
    double meanB = IntStream.range(0, b.length).mapToDouble(i -> b[i]).average().orElseThrow();
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }

  private static double agreement(int voxel, boolean turned) {
    int[] pictures =
        IntStream.range(0, LINEAR.stimuli().size())
            .filter(p -> turned(LINEAR, p) == turned)
            .toArray();
    Tensor linear = LINEAR.subjects().get(0).model().responses();
    Tensor gated = GATED.subjects().get(0).model().responses();
    return correlation(
        IntStream.of(pictures).mapToDouble(p -> linear.at(p, voxel)).toArray(),
        IntStream.of(pictures).mapToDouble(p -> gated.at(p, voxel)).toArray());
  }

  @Test
  void everySecondBackgroundTurnsTheSignOfAllElse() {
    List<VoxelTruth> voxels = LINEAR.subjects().get(0).model().voxels();
    int checked = 0;
    double sum = 0;
    for (int v = 0; v < voxels.size(); v++) {
      if (voxels.get(v).roi() != Roi.SILENT) {
        assertEquals(1, agreement(v, false), 1e-5, "voxel " + v);
        sum += agreement(v, true);
        checked++;
      }
    }
    assertTrue(checked > 30);
    assertTrue(sum / checked < -0.5, "mean correlation with the sign turned " + sum / checked);
  }

  /** Two voxels at a distance d share exp(-d² / 4σ²) of their preferences. */
  @Test
  void neighboursPreferAlikeOverTheWidthThatIsAsked() {
    SimulationSpec spec = SPEC.withSize(1, 400).withSignal(SPEC.signal().withSmooth(9));
    SimulatedSubject subject = Small.study(spec).subjects().get(0);
    Tensor weights = subject.model().weights();
    Tensor others = Small.study(SPEC.withSize(1, 400)).subjects().get(0).model().weights();
    double sigma = 9 / (2 * Math.sqrt(2 * Math.log(2)));
    for (int steps = 1; steps <= 3; steps++) {
      double smooth = 0;
      double white = 0;
      int pairs = 0;
      for (int v = 0; v < weights.dim(1); v++) {
        for (int u = 0; u < v; u++) {
          if (apart(subject, u, v) == steps
              && subject.model().voxels().get(u).roi() == Roi.EARLY
              && subject.model().voxels().get(v).roi() == Roi.EARLY) {
            smooth += correlation(column(weights, u), column(weights, v));
            white += correlation(column(others, u), column(others, v));
            pairs++;
          }
        }
      }
      assertTrue(pairs > 20, pairs + " pairs");
      double expected = Math.exp(-Math.pow(3 * steps / sigma, 2) / 4);
      assertEquals(expected, smooth / pairs, 0.15, steps + " voxels apart");
      assertTrue(white / pairs < 0.2, "without " + white / pairs);
    }
    assertFalse(Bids.plan(SPEC).toString().contains("smooth"));
    assertTrue(Bids.plan(spec).toString().contains("\"smoothMm\":9"));
  }

  /** Voxels along x, or -1 where they do not lie on one line. */
  private static int apart(SimulatedSubject subject, int u, int v) {
    int[] a = subject.brain().mask().voxel(u);
    int[] b = subject.brain().mask().voxel(v);
    return a[1] == b[1] && a[2] == b[2] ? Math.abs(a[0] - b[0]) : -1;
  }

  private static double[] column(Tensor weights, int voxel) {
    return IntStream.range(0, weights.dim(0)).mapToDouble(f -> weights.at(f, voxel)).toArray();
  }

  @Test
  void onlyAnotherCodeIsWrittenDown() {
    assertFalse(Bids.plan(LINEAR.spec()).toString().contains("code"));
    assertTrue(Bids.plan(GATED.spec()).toString().contains("\"code\":\"gated\""));
  }
}
