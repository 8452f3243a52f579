package io.noesis.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.experiment.DecodingRecipe;
import io.noesis.experiment.Evaluation;
import io.noesis.experiment.Execution;
import io.noesis.experiment.Experiment;
import io.noesis.experiment.Recipes;
import io.noesis.experiment.RunFolder;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.run.Fingerprint;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Train, evaluate and report as three commands leave what run leaves, to the byte. */
class StepsTest {
  @TempDir Path folder;

  @Test
  void threeStepsEqualOneRun() throws IOException {
    Path study = folder.resolve("study");
    SimulatedStudy.of(
            SimulationSpec.defaults()
                .withSize(1, 40)
                .withPictures(new PicturePlan(24, 1, 12, 2, 32)),
            Seed.of(5))
        .write(study, Existing.KEEP, Progress.NONE);
    Map<String, String> first = run(study, "first", 1);
    assertTrue(first.containsKey("sub-01/decoder/fold-001.safetensors"), first.toString());
    assertTrue(
        first.containsKey("sub-01/decoder/fold-001_preparation.safetensors"), first.toString());
    assertTrue(first.containsKey("report.html"), first.toString());
    assertEquals(first, stepByStep(study));
  }

  /** The signal is planted weakly: a result without signal is not what is tested here. */
  private static DecodingRecipe recipe() {
    return DecodingRecipe.of(
        Recipes.tree(
            "simulated", List.of("evaluation.permutations=99", "evaluation.bootstraps=99")));
  }

  private Execution execution(Path study, String name, int threads) {
    return Execution.in(folder.resolve(name))
        .withRoot(study)
        .withThreads(threads)
        .withAllowed(java.util.Set.of("NO-SIGNAL"));
  }

  private Map<String, String> run(Path study, String name, int threads) throws IOException {
    new Experiment(recipe(), execution(study, name, threads)).run();
    return contents(folder.resolve(name));
  }

  private Map<String, String> stepByStep(Path study) throws IOException {
    Execution execution = execution(study, "steps", 2);
    RunFolder run = new Experiment(recipe(), execution).train();
    new Evaluation(RunFolder.open(run.path()), execution).evaluate();
    io.noesis.report.ReportPage.render(
        run.file(Evaluation.REPORT), io.noesis.report.ReportPage.Form.FOLDER);
    return contents(run.path());
  }

  /** SHA-256 of every file but the log, which holds times. */
  private static Map<String, String> contents(Path run) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = run.relativize(file).toString().replace('\\', '/');
        if (!name.equals("log.txt")) {
          contents.put(name, Fingerprint.ofFile(file));
        }
      }
    }
    return contents;
  }
}
