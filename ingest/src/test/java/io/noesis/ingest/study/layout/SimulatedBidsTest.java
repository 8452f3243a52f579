package io.noesis.ingest.study.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.glm.BetaSpec;
import io.noesis.ingest.glm.SingleTrialBetas;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.Leak;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.PlannedRun;
import io.noesis.ingest.simulate.SimulatedStimulus;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulatedSubject;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.simulate.stimulus.CaptionWords;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SplitRules;
import io.noesis.ingest.study.SplitSpec;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.StudyCard;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.run.Progress;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.run.YamlTree;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedBidsTest {
  @Test
  void severalCaptionsAreWordingsOfOneScene(@TempDir Path folder) {
    PicturePlan pictures = new PicturePlan(24, 1, 8, 2, 16).withCaptions(5);
    SimulationSpec spec = SimulationSpec.defaults().withSize(1, 40).withPictures(pictures);
    SimulatedStudy written =
        SimulatedStudy.of(spec.withLeak(Leak.DUPLICATE_PIXELS), Seed.of(4).child("simulate"));
    Path root = folder.resolve("study");
    written.write(root, Existing.KEEP, Progress.NONE);
    StimulusSet read = StudyLayouts.open("bids", root, YamlTree.parse("", "the test")).stimuli();
    assertEquals(32, read.size());
    for (SimulatedStimulus stimulus : written.stimuli()) {
      List<String> captions = read.get(stimulus.id()).captions();
      assertEquals(5, Set.copyOf(captions).size(), captions::toString);
      assertEquals(
          stimulus.copy() == SimulatedStimulus.Copy.ORIGINAL,
          stimulus.scene().caption().equals(captions.get(0)),
          "the first is what it is without others");
      for (String caption : captions) {
        assertEquals(
            CaptionWords.attributes(stimulus.scene()), CaptionWords.attributes(caption), caption);
      }
      assertEquals("", read.get(stimulus.id()).attributes().getOrDefault("caption_2", ""));
    }
    RecipeException refused = assertThrows(RecipeException.class, () -> pictures.withCaptions(21));
    assertTrue(refused.getMessage().contains("1 to 20"), refused::getMessage);
  }

  @Test
  void aSimulatedStudyIsReadBackWithItsTruthInIt(@TempDir Path folder) {
    SimulationSpec spec =
        SimulationSpec.defaults().withSize(2, 120).withPictures(new PicturePlan(48, 1, 16, 3, 16));
    SimulatedStudy written = SimulatedStudy.of(spec, Seed.of(4).child("simulate"));
    Path root = folder.resolve("study");
    written.write(root, Existing.KEEP, Progress.NONE);

    // Unscaled, so that betas can be compared with those made in memory.
    Study study =
        StudyLayouts.open(
            Manifests.dataset("simulated"), root, YamlTree.parse("scaling: none", "the test"));
    assertEquals(StudyCard.Origin.SIMULATED, study.card().origin());
    assertEquals(2, study.subjects().size());
    assertEquals(written.stimuli().size(), study.stimuli().size());
    assertTrue(
        study.stimuli().all().stream()
            .allMatch(s -> s.captions().size() == 1 && s.image().isPresent()));
    for (SimulatedSubject subject : written.subjects()) {
      SubjectResponses responses = study.responses(subject.label(), Progress.NONE);
      assertEquals(subject.voxels(), responses.responses().dim(1));
      List<Tensor> fromMemory = new ArrayList<>();
      for (PlannedRun run : subject.runs()) {
        fromMemory.add(
            SingleTrialBetas.estimate(run.design(), subject.bold(run), BetaSpec.DEFAULT).betas());
      }
      Tensor unwritten = Tensor.concatenate(fromMemory.toArray(new Tensor[0]));
      // The files hold whole numbers, so they differ by rounding only.
      double same = meanCorrelation(unwritten, responses.responses());
      assertTrue(same > 0.9999, "the way through files changes betas: " + same);
      Tensor truth = subject.trueBetas();
      assertEquals(truth.dim(0), responses.trials().size());
      double found = meanCorrelation(truth, responses.responses());
      double shifted = meanCorrelation(truth, rolled(responses.responses()));
      // How much of the truth is found is the simulation's own matter (tested there); reading the
      // study may not lose any of it, nor bind it to the wrong trials.
      assertEquals(meanCorrelation(truth, unwritten), found, 1e-3);
      assertTrue(found > 5 * Math.abs(shifted), found + " against " + shifted);
      Split split =
          SplitRules.split(
                  responses.trials(),
                  study.stimuli(),
                  SplitSpec.defaults().withRule("study"),
                  Seed.of(1))
              .get(0);
      assertEquals(
          16,
          responses.trials().select(split.rows(Split.Part.TEST)).distinct(Trial::stimulus).size());
    }
  }

  /** Rows moved by one trial: the same numbers bound to the wrong stimuli. */
  private static Tensor rolled(Tensor rows) {
    int[] order = new int[rows.dim(0)];
    for (int i = 0; i < order.length; i++) {
      order[i] = (i + 1) % order.length;
    }
    return rows.rows(order);
  }

  private static double meanCorrelation(Tensor a, Tensor b) {
    double sum = 0;
    int used = 0;
    for (int v = 0; v < a.dim(1); v++) {
      double r = correlation(a, b, v);
      if (Double.isFinite(r)) {
        sum += r;
        used++;
      }
    }
    return sum / used;
  }

  private static double correlation(Tensor a, Tensor b, int voxel) {
    int n = a.dim(0);
    double ma = 0;
    double mb = 0;
    for (int i = 0; i < n; i++) {
      ma += a.at(i, voxel) / n;
      mb += b.at(i, voxel) / n;
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < n; i++) {
      double x = a.at(i, voxel) - ma;
      double y = b.at(i, voxel) - mb;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    return ab / Math.sqrt(aa * bb);
  }
}
