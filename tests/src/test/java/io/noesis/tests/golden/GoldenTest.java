package io.noesis.tests.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.encoders.ridge.RidgeModel;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.ingest.manifest.DatasetManifest;
import io.noesis.ingest.manifest.Manifests;
import io.noesis.ingest.signal.Standardizer;
import io.noesis.ingest.study.Split;
import io.noesis.ingest.study.SplitFile;
import io.noesis.ingest.study.TrialTable;
import io.noesis.ingest.study.layout.StudyLayouts;
import io.noesis.report.ReportJson;
import io.noesis.report.ReportPage;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import io.noesis.tests.support.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One file of each kind that is kept on disk, written by version 0.1.0
 * (tests/fixtures/make/golden.py), still loads and says the same.
 */
class GoldenTest {
  private static final Path GOLDEN = CommandLines.ROOT.resolve("tests/fixtures/golden");
  private static final Path STUDY = GOLDEN.resolve("study");

  @TempDir Path temporary;
  private Path run;

  @BeforeEach
  void copyTheRun() throws IOException {
    run = temporary.resolve("run");
    try (Stream<Path> all = Files.walk(GOLDEN.resolve("run"))) {
      for (Path file : all.toList()) {
        Files.copy(file, run.resolve(GOLDEN.resolve("run").relativize(file).toString()));
      }
    }
  }

  private static TrialTable trials() {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    settings.put("embeddings", "embeddings.npy").put("embeddingIds", "embeddings.tsv");
    return StudyLayouts.open("arrays", STUDY, settings).trials("01");
  }

  private Split split() {
    return SplitFile.read(run.resolve("sub-01/splits/fold-001_desc-split_trials.tsv"), trials());
  }

  @Test
  void splitsAreReadAndTheirHashIsTheSame() {
    Split split = split();
    assertEquals("study", split.name());
    assertEquals("1547ac0935f9d95b5508694a283fb96416993064f96eb9acca0f212b8fdad806", split.hash());
    assertArrayEquals(IntStream.range(0, 28).toArray(), split.rows(Split.Part.TRAIN));
    assertArrayEquals(IntStream.range(28, 40).toArray(), split.rows(Split.Part.TEST));
  }

  @Test
  void ridgeWeightsDecodeTheSame() {
    Path weights = run.resolve("sub-01/decoder/fold-001.safetensors");
    Tensor responses = Npy.read(STUDY.resolve("sub-01/responses.npy"));
    int[] train = split().rows(Split.Part.TRAIN);
    Tensor x =
        Standardizer.fit(responses.rows(train), train)
            .apply(responses.rows(split().rows(Split.Part.TEST)));
    Tensor golden = Npy.read(run.resolve("sub-01/decoded.npy"));
    close(golden, Architectures.registry().get("ridge").load(weights).encode(x));
    RidgeModel model = RidgeModel.load(weights);
    assertEquals(21, model.grid().size());
    assertTrue(model.grid().contains(model.penalties()[0]));
    try (Safetensors file = Safetensors.open(weights)) {
      assertEquals("noesis-ridge", file.metadata().get("format"));
      assertEquals("01", file.metadata().get("subject"));
      assertEquals(split().hash(), file.metadata().get("split_sha256"));
    }
  }

  @Test
  void aDecoderWithItsStatisticsIsAppliedToTheSameResponses() {
    Path out = temporary.resolve("encoded");
    Outcome outcome =
        CommandLines.noesis(
            "encode",
            run.toString(),
            STUDY.resolve("sub-01/responses.npy").toString(),
            "--out=" + out);
    assertEquals(0, outcome.code(), outcome::toString);
    close(
        Npy.read(run.resolve("sub-01/decoded.npy")),
        Npy.read(out.resolve("embeddings.npy")).rows(split().rows(Split.Part.TEST)));
  }

  @Test
  void aRunIsEvaluatedToTheSameScores() throws IOException {
    Files.delete(run.resolve("scores.tsv"));
    Files.delete(run.resolve("sub-01/retrieval.tsv"));
    Outcome outcome = CommandLines.noesis("evaluate", run.toString());
    assertEquals(0, outcome.code(), outcome::toString);
    List<RunFiles.ScoreLine> golden = RunFiles.scores(GOLDEN.resolve("run"));
    assertTrue(golden.size() > 10, "the golden scores are there");
    for (RunFiles.ScoreLine expected : golden) {
      RunFiles.ScoreLine found =
          RunFiles.score(run, expected.subject(), expected.metric(), expected.variant());
      assertEquals(expected.value(), found.value(), 1e-9, expected.metric());
      assertEquals(expected.low(), found.low(), 1e-9, expected.metric());
      assertEquals(expected.high(), found.high(), 1e-9, expected.metric());
      assertEquals(expected.nullLow(), found.nullLow(), 1e-9, expected.metric());
      assertEquals(expected.nullHigh(), found.nullHigh(), 1e-9, expected.metric());
    }
    String retrieval = "sub-01/retrieval.tsv";
    assertEquals(
        Files.readString(GOLDEN.resolve("run").resolve(retrieval)),
        Files.readString(run.resolve(retrieval)));
    Outcome retrieved = CommandLines.noesis("retrieve", run.toString(), "--top=1");
    assertEquals(0, retrieved.code(), retrieved::toString);
    assertEquals(1 + 12, retrieved.out().lines().count(), retrieved::toString);
  }

  @Test
  void aResolvedRecipeTrainsTheSame() throws IOException {
    Path again = temporary.resolve("again");
    Outcome outcome =
        CommandLines.noesis(
            "train", run.resolve("recipe.yaml").toString(), again.toString(), "--root=" + STUDY);
    assertEquals(0, outcome.code(), outcome::toString);
    close(
        Npy.read(run.resolve("sub-01/decoded.npy")), Npy.read(again.resolve("sub-01/decoded.npy")));
    String split = "sub-01/splits/fold-001_desc-split_trials.tsv";
    assertEquals(
        Files.readString(run.resolve(split)), Files.readString(again.resolve(split)), split);
    TsvTable golden = Tsv.read(run.resolve("sub-01/decoded.tsv"));
    TsvTable found = Tsv.read(again.resolve("sub-01/decoded.tsv"));
    assertEquals(
        IntStream.range(0, golden.rows()).mapToObj(golden::row).toList(),
        IntStream.range(0, found.rows()).mapToObj(found::row).toList());
  }

  @Test
  void aReportIsReadAndRendered() throws IOException {
    Path json = run.resolve("report.json");
    ObjectMapper mapper = new ObjectMapper();
    assertEquals(
        mapper.readTree(json.toFile()), mapper.readTree(ReportJson.text(ReportJson.read(json))));
    Path page = ReportPage.render(json, ReportPage.Form.SELF_CONTAINED);
    String html = Files.readString(page);
    assertTrue(html.contains("Decoding above chance in 1 of 1 subject"), "the verdict");
    assertTrue(html.contains("0.917"), "a score");
  }

  @Test
  void aManifestIsRead() {
    DatasetManifest manifest = Manifests.dataset(GOLDEN.resolve("manifest.yaml").toString());
    assertEquals("golden", manifest.name());
    assertEquals("arrays", manifest.layout().orElseThrow());
    assertEquals("embeddings.tsv", manifest.settings().path("embeddingIds").asText());
    assertEquals(0.917, manifest.baselines().get(0).value());
    assertEquals(List.of("It is small."), manifest.traps());
    assertEquals(List.of(), Manifests.verify(manifest.files(), STUDY));
    assertEquals(
        List.of("01"),
        StudyLayouts.open(manifest, STUDY, JsonNodeFactory.instance.objectNode()).subjects());
  }

  private static void close(Tensor expected, Tensor found) {
    assertEquals(expected.shape(), found.shape());
    assertTrue(expected.size() > 0);
    for (int i = 0; i < expected.size(); i++) {
      float e = expected.array()[i];
      assertEquals(e, found.array()[i], 1e-6f * Math.max(1, Math.abs(e)), "number " + i);
    }
  }
}
