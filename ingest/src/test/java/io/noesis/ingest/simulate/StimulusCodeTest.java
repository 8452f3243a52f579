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

  @Test
  void onlyAnotherCodeIsWrittenDown() {
    assertFalse(Bids.plan(LINEAR.spec()).toString().contains("code"));
    assertTrue(Bids.plan(GATED.spec()).toString().contains("\"code\":\"gated\""));
  }
}
