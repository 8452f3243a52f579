package io.noesis.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example runs, and the README shows it. */
class LabExampleTest {
  private static final Path ROOT = Path.of(System.getProperty("noesis.root", ".."));

  @TempDir Path folder;

  @Test
  void itTrainsAdaptsAndDecodes() {
    SignalPlan usual = SignalPlan.defaults();
    SimulationSpec plan =
        SimulationSpec.defaults()
            .withSize(4, 60)
            .withPictures(new PicturePlan(96, 1, 24, 2, 32))
            .withSignal(
                new SignalPlan(0.8, usual.noiseVoxels(), usual.rho(), usual.driftPercent()));
    Path study = folder.resolve("study");
    SimulatedStudy.of(plan, Seed.of(8)).write(study, Existing.KEEP, Progress.NONE);
    List<String> quick =
        List.of(
            "encoder.settings.width=32",
            "encoder.training.epochs=40",
            "encoder.training.batchSize=24",
            "evaluation.permutations=99",
            "evaluation.bootstraps=99");
    Path responses = folder.resolve("new-responses.npy");
    int voxels = SimulatedStudy.of(plan, Seed.of(8)).subjects().get(3).voxels();
    Npy.write(responses, Tensor.zeros(5, voxels));
    Tensor decoded = LabExample.decode(study, responses, folder, quick);
    assertEquals(5, decoded.dim(0));
    assertEquals(384, decoded.dim(1));
  }

  @Test
  void theReadmeShowsIt() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String source =
        Files.readString(ROOT.resolve("cli/src/test/java/io/noesis/lab/LabExample.java"));
    String body =
        source.substring(source.indexOf("    // One network"), source.lastIndexOf("    return"));
    for (String line : body.lines().map(String::strip).filter(l -> !l.isEmpty()).toList()) {
      assertTrue(readme.contains(line), "not in the README: " + line);
    }
    assertTrue(body.lines().count() <= 40, "longer than 40 lines");
  }
}
