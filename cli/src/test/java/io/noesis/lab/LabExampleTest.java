package io.noesis.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.SentenceEncoder;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.simulate.Existing;
import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.ingest.simulate.SignalPlan;
import io.noesis.ingest.simulate.SimulatedStudy;
import io.noesis.ingest.simulate.SimulationSpec;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.ingest.study.Study;
import io.noesis.ingest.study.SubjectResponses;
import io.noesis.ingest.study.Trial;
import io.noesis.ingest.study.layout.StudyLayouts;
import io.noesis.run.Progress;
import io.noesis.run.Seed;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
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
    Study opened =
        StudyLayouts.open(
            Manifests.dataset("simulated"), study, new ObjectMapper().createObjectNode());
    SubjectResponses recorded = opened.responses("04", Progress.NONE);
    int[] tested = recorded.trials().rows(trial -> trial.part().equals("test"));
    Path responses = folder.resolve("new-responses.npy");
    Npy.write(responses, recorded.responses().rows(tested));
    Tensor decoded = LabExample.decode(study, responses, folder, quick);
    assertEquals(Shape.of(48, 384), decoded.shape());
    List<String> seen =
        recorded.trials().select(tested).trials().stream().map(Trial::stimulus).toList();
    double score = twoWay(decoded, seen, opened.stimuli());
    // By chance 0.5; the mean rank of 24 pictures, each decoded twice, has a deviation of 0.06.
    assertTrue(score > 0.75, "two-way identification " + score);
    int[] turned = IntStream.range(0, 48).map(i -> (i + 7) % 48).toArray();
    double shuffled = twoWay(decoded.rows(turned), seen, opened.stimuli());
    assertTrue(shuffled < 0.7, "of other trials' responses " + shuffled);
  }

  /** In how many pairs the decoded row is more like its own caption than another's, about means. */
  private static double twoWay(Tensor decoded, List<String> seen, StimulusSet stimuli) {
    List<String> ids = seen.stream().distinct().toList();
    Tensor captions;
    try (SentenceEncoder encoder = SentenceEncoder.miniLm()) {
      captions =
          encoder
              .encode(ids, ids.stream().map(id -> stimuli.get(id).caption().orElseThrow()).toList())
              .values();
    }
    double[][] rows = centred(decoded);
    double[][] candidates = centred(captions);
    long won = 0;
    for (int r = 0; r < rows.length; r++) {
      double own = cosine(rows[r], candidates[ids.indexOf(seen.get(r))]);
      for (int c = 0; c < candidates.length; c++) {
        won += own > cosine(rows[r], candidates[c]) ? 1 : 0;
      }
    }
    return (double) won / rows.length / (candidates.length - 1);
  }

  private static double[][] centred(Tensor rows) {
    double[][] out = new double[rows.dim(0)][rows.dim(1)];
    for (int d = 0; d < rows.dim(1); d++) {
      double mean = 0;
      for (int r = 0; r < out.length; r++) {
        mean += rows.row(r)[d] / out.length;
      }
      for (int r = 0; r < out.length; r++) {
        out[r][d] = rows.row(r)[d] - mean;
      }
    }
    return out;
  }

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      squaresA += a[i] * a[i];
      squaresB += b[i] * b[i];
    }
    return dot / Math.sqrt(squaresA * squaresB);
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
