package io.noesis.ingest.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.simulate.stimulus.SceneFeatures;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pictures that begin to move add to a simulated study. */
class MotionTest {
  private static final int SIDE = 5;
  private static final SimulationSpec SPEC =
      Small.spec().withSize(1, 600).withPictures(new PicturePlan(400, 1, 8, 3, 16));
  private static final SimulatedStudy STILL = Small.study(SPEC);
  private static final SimulatedStudy MOVING = Small.study(SPEC.withMotion(SIDE));

  @TempDir Path folder;

  private static double feature(SimulatedStudy study, int picture, int column) {
    return study.features().array()[picture * study.features().dim(1) + column];
  }

  @Test
  void velocitiesAreTwoFeaturesOfVarianceOne() {
    int scenes = SceneFeatures.names().size();
    assertEquals(
        List.of("motion:x", "motion:y"), MOVING.featureNames().subList(scenes, scenes + 2));
    assertEquals(STILL.featureNames(), MOVING.featureNames().subList(0, scenes));
    int pictures = MOVING.stimuli().size();
    Tensor velocities = MOVING.motion().orElseThrow().velocities();
    double[] squares = new double[2];
    double product = 0;
    for (int p = 0; p < pictures; p++) {
      double speed = Math.hypot(velocities.at(p, 0), velocities.at(p, 1));
      assertTrue(speed > 1 - 1e-6 && speed < 3 + 1e-6, "places per frame: " + speed);
      double x = feature(MOVING, p, scenes);
      double y = feature(MOVING, p, scenes + 1);
      squares[0] += x * x / pictures;
      squares[1] += y * y / pictures;
      product += x * y / pictures;
      for (int f = 0; f < scenes; f++) {
        assertEquals(feature(STILL, p, f), feature(MOVING, p, f), "the pictures stay as they are");
      }
    }
    assertEquals(1, squares[0], 0.1);
    assertEquals(1, squares[1], 0.1);
    assertEquals(0, product, 0.1);
    assertEquals(
        velocities, Small.study(SPEC.withMotion(SIDE)).motion().orElseThrow().velocities());
  }

  /** The squared correlation of responses with velocity, mean over the voxels of each region. */
  @Test
  void responsesTellTheDirectionMostInTheMiddle() {
    int scenes = SceneFeatures.names().size();
    ForwardModel model = MOVING.subjects().get(0).model();
    int voxels = model.voxels().size();
    int pictures = MOVING.stimuli().size();
    Map<Roi, double[]> shares = new EnumMap<>(Roi.class);
    for (int v = 0; v < voxels; v++) {
      double share = 0;
      for (int axis = 0; axis < 2; axis++) {
        double[] sums = new double[5];
        for (int p = 0; p < pictures; p++) {
          double x = feature(MOVING, p, scenes + axis);
          double y = model.responses().array()[p * voxels + v] - model.voxels().get(v).betaMean();
          sums[0] += x * y;
          sums[1] += x * x;
          sums[2] += y * y;
        }
        share += sums[2] == 0 ? 0 : sums[0] * sums[0] / (sums[1] * sums[2]);
      }
      double[] own = shares.computeIfAbsent(model.voxels().get(v).roi(), roi -> new double[2]);
      own[0] += share;
      own[1]++;
    }
    // The mean of x / (x + 1) where x, of two normal preferences, is exponential of mean 2 or 0.4.
    assertEquals(0.54, mean(shares, Roi.INTERMEDIATE), 0.05);
    for (Roi roi : Roi.values()) {
      if (roi == Roi.SILENT) {
        assertEquals(0, mean(shares, roi));
      } else if (roi != Roi.INTERMEDIATE) {
        assertEquals(0.24, mean(shares, roi), 0.05, roi.name());
      }
    }
  }

  private static double mean(Map<Roi, double[]> shares, Roi roi) {
    double[] own = shares.getOrDefault(roi, new double[] {0, 1});
    return own[0] / own[1];
  }

  @Test
  void flowIsCoverTimesVelocityAndTheFrameIsThePicture() throws IOException {
    SimulatedStudy study = Small.study(Small.spec().withMotion(SIDE));
    study.write(folder, Existing.KEEP, Progress.NONE);
    Path stimuli = folder.resolve("stimuli");
    Tensor frames = Npy.read(stimuli.resolve("first_frame.npy"));
    Tensor flow = Npy.read(stimuli.resolve("flow.npy"));
    int pictures = study.stimuli().size();
    assertArrayEquals(new int[] {pictures, 25, 4}, frames.shape().toArray());
    assertArrayEquals(new int[] {pictures, 25, 2}, flow.shape().toArray());
    List<String> ids = study.stimuli().stream().map(SimulatedStimulus::id).toList();
    assertEquals(ids, Tsv.read(stimuli.resolve("flow.tsv")).texts("id"));
    assertEquals(ids, Tsv.read(stimuli.resolve("first_frame.tsv")).texts("id"));
    Tensor velocities = study.motion().orElseThrow().velocities();
    int free = 0;
    int covered = 0;
    for (int p = 0; p < pictures; p++) {
      for (int place = 0; place < 25; place++) {
        float cover = frames.array()[(p * 25 + place) * 4];
        assertTrue(cover >= 0 && cover <= 1);
        free += cover == 0 ? 1 : 0;
        covered += cover > 0.5 ? 1 : 0;
        for (int axis = 0; axis < 2; axis++) {
          float wanted = cover * velocities.at(p, axis);
          assertEquals(wanted, flow.array()[(p * 25 + place) * 2 + axis], 1e-6f);
        }
      }
      // Places of three or four pixels a side: 16 · place / 5.
      BufferedImage image = ImageIO.read(stimuli.resolve(ids.get(p) + ".png").toFile());
      double red = 0;
      for (int y = 0; y < 4; y++) {
        for (int x = 4; x < 7; x++) {
          red += (image.getRGB(x, y) >> 16 & 0xff) / 255.0 / 12;
        }
      }
      assertEquals(red, frames.array()[(p * 25 + 1) * 4 + 1], 1e-5);
    }
    assertTrue(free > pictures && covered > pictures, free + " free, " + covered + " covered");
    String readme = Files.readString(folder.resolve("README"));
    assertTrue(readme.contains("[pictures, 5 x 5 places, 2]"), readme);
  }

  @Test
  void gridsThatAreTooFineAreRefused() {
    for (int side : new int[] {-1, 17, 65}) {
      assertThrows(
          RecipeException.class, () -> Small.spec().withMotion(side), () -> side + " of 16 pixels");
    }
    SimulationSpec many =
        SimulationSpec.defaults().withPictures(new PicturePlan(200_000, 1, 72, 1, 64));
    RecipeException e = assertThrows(RecipeException.class, () -> many.withMotion(64));
    assertTrue(e.getMessage().contains("200072 pictures at 64 x 64"), e::getMessage);
    assertEquals(8, many.withMotion(8).motion());
  }
}
