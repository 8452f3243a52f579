package io.noesis.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.encoders.onnx.GraphBuilder;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import io.noesis.run.Fingerprint;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import io.noesis.tests.support.CommandLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoders applied to new responses and written for others, and what they refuse. */
class EncodeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path STUDY = CommandLines.ROOT.resolve("tests/fixtures/golden/study");
  private static final Path RESPONSES = STUDY.resolve("sub-01/responses.npy");
  private static final int VOXELS = 12;
  private static final int DIM = 6;

  @TempDir static Path shared;
  private static Path ridge;
  private static Path network;

  @TempDir Path temporary;

  @BeforeAll
  static void train() {
    ridge = trained("ridge");
    network =
        trained(
            "network",
            "encoder.architecture=residual-mlp",
            "encoder.settings.width=16",
            "encoder.settings.blocks=1",
            "encoder.training.epochs=2",
            "encoder.training.batchSize=8");
  }

  private static Path trained(String name, String... settings) {
    Path run = shared.resolve(name);
    Stream<Object> words =
        Stream.of("train", "arrays-embeddings", run, "--root", STUDY, "--nprocs", 2);
    Stream<Object> set =
        Stream.concat(
                Stream.of(
                    "study.settings.embeddings=embeddings.npy",
                    "study.settings.embeddingIds=embeddings.tsv",
                    "split.rule=by-stimulus",
                    "split.folds=3"),
                Stream.of(settings))
            .map(s -> "--set=" + s);
    Call.of(Stream.concat(words, set).toArray()).ended(0);
    return run;
  }

  private Call encode(Path run, Path out, Object... more) {
    return Call.of(
        Stream.concat(Stream.of("encode", run, RESPONSES, "--out", out), Stream.of(more))
            .toArray());
  }

  private static Tensor embeddings(Path folder) {
    return Npy.read(folder.resolve("embeddings.npy"));
  }

  /** The trials that a fold tested, decoded again from the study's own responses. */
  private static void decodesItsTestTrials(Path run, int fold, Tensor found) {
    TsvTable rows = Tsv.read(run.resolve("sub-01/decoded.tsv"));
    Tensor decoded = Npy.read(run.resolve("sub-01/decoded.npy"));
    int compared = 0;
    for (int r = 0; r < rows.rows(); r++) {
      if (rows.whole(r, "fold") == fold - 1) {
        assertArrayEquals(decoded.row(r), found.row(rows.whole(r, "trial")));
        compared++;
      }
    }
    assertTrue(compared > 5, "only " + compared + " trials of fold " + fold);
  }

  @Test
  void aFoldsDecoderGivesTheBitsItGaveInTheRun() throws IOException {
    for (Path run : List.of(ridge, network)) {
      for (int fold = 1; fold <= 3; fold++) {
        Path out = temporary.resolve(run.getFileName() + "-" + fold);
        encode(run, out, "--fold", fold).ended(0);
        decodesItsTestTrials(run, fold, embeddings(out));
        assertEquals(
            List.of(
                "embeddings.npy",
                "encoding.json",
                "provenance.json",
                "training_mean.npy",
                "trials.tsv"),
            Remains.of(out));
      }
    }
    Path out = temporary.resolve("ridge-1");
    TsvTable trials = Tsv.read(out.resolve("trials.tsv"));
    assertEquals(40, trials.rows());
    assertEquals("responses.npy", trials.value(7, "source").orElseThrow());
    assertEquals(7, trials.whole(7, "source_row"));
    String provenance = Files.readString(out.resolve("provenance.json"));
    assertFalse(provenance.contains(temporary.toString()), provenance);
    assertEquals(
        Fingerprint.ofFile(RESPONSES),
        JSON.readTree(provenance).path("responses SHA-256").asText());
    assertEquals(
        Fingerprint.ofFile(ridge.resolve("sub-01/decoder/fold-001.safetensors")),
        JSON.readTree(provenance).path("decoder SHA-256, fold 1").asText());
  }

  @Test
  void withoutAFoldTheEmbeddingsAreTheMeanOverFolds() {
    encode(ridge, temporary.resolve("all")).ended(0);
    double[] sum = new double[40 * DIM];
    for (int fold = 1; fold <= 3; fold++) {
      Path out = temporary.resolve("fold-" + fold);
      encode(ridge, out, "--fold", fold).ended(0);
      float[] values = embeddings(out).array();
      Arrays.setAll(sum, i -> sum[i] + values[i]);
    }
    float[] mean = embeddings(temporary.resolve("all")).array();
    for (int i = 0; i < sum.length; i++) {
      assertEquals(sum[i] / 3, mean[i], 1e-6);
    }
  }

  @Test
  void candidatesOfARunAreRanked() {
    Path out = temporary.resolve("out");
    Call call = encode(ridge, out, "--gallery", ridge, "--top", 3).ended(0);
    assertEquals(1 + 40 * 3, call.out().lines().count(), call.out());
    TsvTable rankings = Tsv.read(out.resolve("rankings.tsv"));
    assertEquals(120, rankings.rows());
    TsvTable shown = Tsv.read(STUDY.resolve("sub-01/trials.tsv"));
    long hits =
        IntStream.range(0, 40)
            .filter(
                r ->
                    rankings.value(3 * r, "candidate").equals(shown.value(r, "stimulus"))
                        || rankings
                            .value(3 * r + 1, "candidate")
                            .equals(shown.value(r, "stimulus")))
            .count();
    assertTrue(hits > 20, hits + " of 40 stimuli among the best two of 40");
    encode(ridge, temporary.resolve("given"), "--gallery", STUDY)
        .ended(0, "Nothing says that decoded embeddings and candidates live in one space");
  }

  @Test
  void nothingIsMadeOfEmbeddingsThatAModelWasNotMadeFor() {
    Path out = temporary.resolve("out");
    encode(ridge, out).ended(0);
    Call.of("caption", out).ended(6, "new embeddings", "another dimension");
    Call.of("reconstruct", out, "--dry-run").ended(6, "new embeddings", "another dimension");
    Call.of("caption", out, "--pack", "retrieval").ended(2, "--gallery RUN");
    Call.of("caption", out, "--root", STUDY).ended(2, "--root");
    assertFalse(Files.exists(out.resolve("made")));
    Path graphs = temporary.resolve("graphs");
    Call.of("export", ridge, "--out", graphs, "--fold", 1).ended(0);
    Path foreign = temporary.resolve("foreign");
    Path graph = graphs.resolve("sub-01/fold-001.onnx");
    Call.of("encode", RESPONSES, "--onnx", graph, "--out", foreign).ended(0);
    Call.of("reconstruct", foreign).ended(2, "in which space", "noesis encode RUN");
  }

  @Test
  void exportedGraphsWithTheirStatisticsDecodeTheSame() throws IOException {
    for (Path run : List.of(ridge, network)) {
      Path exported = temporary.resolve("exported-" + run.getFileName());
      Call.of("export", run, "--out", exported).ended(0);
      JsonNode manifest = JSON.readTree(exported.resolve("manifest.json").toFile());
      assertEquals("noesis-decoders-1", manifest.path("schema").asText());
      assertEquals(DIM, manifest.path("space").path("dim").asInt());
      assertEquals(3, manifest.path("decoders").size());
      JsonNode second = manifest.path("decoders").get(1);
      Path graph = exported.resolve(second.path("graph").asText());
      Path statistics = exported.resolve(second.path("preparation").path("file").asText());
      assertEquals(Fingerprint.ofFile(graph), second.path("graph_sha256").asText());
      assertEquals(
          Fingerprint.ofFile(statistics), second.path("preparation").path("sha256").asText());
      assertEquals("response", second.path("inputs").get(0).path("name").asText());
      assertEquals("[\"trials\",\"12\"]", second.path("inputs").get(0).path("axes").toString());
      assertEquals("embedding", second.path("outputs").get(0).path("name").asText());
      assertTrue(second.path("largest_relative_difference").asDouble() <= 1e-5);

      Path own = temporary.resolve("own-" + run.getFileName());
      encode(run, own, "--fold", 2).ended(0);
      Path foreign = temporary.resolve("foreign-" + run.getFileName());
      Call.of("encode", RESPONSES, "--onnx", graph, "--statistics", statistics, "--out", foreign)
          .ended(0);
      float[] expected = embeddings(own).array();
      float[] found = embeddings(foreign).array();
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 1e-5);
      }
    }
    Path one = temporary.resolve("one");
    Call.of("export", ridge, "--out", one, "--fold", 3).ended(0);
    assertEquals(
        List.of("fold-003.onnx", "fold-003_preparation.safetensors"),
        Remains.of(one.resolve("sub-01")));
    Call.of("export", ridge, "--out", one).ended(2, one.toString(), "not empty");
    Call.of("export", ridge, "--out", temporary.resolve("x"), "--fold", 4).ended(2, "1 to 3");
    Call.of("export", ridge, "--out", temporary.resolve("x"), "--subject", "02")
        .ended(2, "02", "01");
  }

  @Test
  void aForeignGraphIsReadAsItIs() {
    Path file = temporary.resolve("foreign.onnx");
    GraphBuilder graph = new GraphBuilder("foreign");
    String in = graph.input("x", OnnxType.FLOAT32, List.of("4", "" + VOXELS));
    graph.output("y", graph.node("Neg", "negative", List.of(in)), List.of("4", "" + VOXELS));
    graph.write(file);
    Path out = temporary.resolve("out");
    Call.of("encode", RESPONSES, RESPONSES, "--onnx", file, "--out", out).ended(0);
    float[] responses = Npy.read(RESPONSES).array();
    float[] found = embeddings(out).array();
    assertEquals(2 * responses.length, found.length);
    for (int i = 0; i < responses.length; i++) {
      assertEquals(-responses[i], found[i]);
      assertEquals(-responses[i], found[responses.length + i]);
    }
    Call.of("encode", RESPONSES, "--onnx", file, "--output", "z", "--out", temporary.resolve("z"))
        .ended(6, "'z'", "y");
    GraphBuilder two = new GraphBuilder("two");
    String a = two.input("a", OnnxType.FLOAT32, List.of("n", "3"));
    String b = two.input("b", OnnxType.FLOAT32, List.of("n", "3"));
    two.output("y", two.node("Add", "sum", List.of(a, b)), List.of("n", "3"));
    two.write(file);
    Call.of("encode", RESPONSES, "--onnx", file, "--out", temporary.resolve("z"))
        .ended(6, "foreign.onnx", "a FLOAT32", "b FLOAT32");
    assertFalse(Files.exists(temporary.resolve("z")));
  }

  @Test
  void devicesThatCannotBeHadAreRefusedWithTheProfileThatBuildsForThem() {
    Assumptions.assumeFalse(
        OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA),
        "this build's graphs run on cards");
    Path out = temporary.resolve("out");
    encode(network, out, "--device", "cuda").ended(6, "CUDA", "-P onnx-cuda");
    encode(network, out, "--device", "tensorrt:1").ended(6, "TENSORRT", "-P onnx-cuda");
    Path graphs = temporary.resolve("graphs");
    Call.of("export", network, "--out", graphs, "--fold", 1).ended(0);
    Path graph = graphs.resolve("sub-01/fold-001.onnx");
    Call.of("encode", RESPONSES, "--onnx", graph, "--device", "cuda", "--out", out)
        .ended(6, "fold-001.onnx", "CUDA", "-P onnx-cuda");
    encode(ridge, out, "--device", "cuda").ended(2, "linear map", "Leave --device out");
    encode(network, out, "--device", "gpu").ended(2, "--device", "gpu", "cpu");
    encode(network, out, "--device", "cpu:1").ended(2, "--device", "no card 1");
    assertFalse(Files.exists(out));
    encode(network, out, "--device", "cpu").ended(0);
  }

  @Test
  void responsesThatDoNotFitAreRefused() throws IOException {
    Path out = temporary.resolve("out");
    Path wide = temporary.resolve("wide.npy");
    Npy.write(wide, Tensor.zeros(2, VOXELS + 1));
    Call.of("encode", ridge, wide, "--out", out).ended(3, "[2, 13]", "[trials, 12]", "mask");
    Path broken = temporary.resolve("broken.npy");
    float[] values = new float[VOXELS];
    values[3] = Float.NaN;
    Npy.write(broken, Tensor.wrap(values, VOXELS));
    Call.of("encode", ridge, broken, "--out", out).ended(3, "broken.npy", "1 of 12", "NaN");
    Call.of("encode", ridge, RESPONSES, broken, wide, "--out", out).ended(3);
    Call.of("encode", ridge, temporary.resolve("no.npy"), "--out", out).ended(3, "no.npy");
    Call.of("encode", ridge, RESPONSES, "--mask", RESPONSES, "--out", out).ended(2, "--mask");
    Call.of("encode", ridge, RESPONSES, "--fold", 9, "--out", out).ended(2, "1 to 3");
    Call.of("encode", ridge, RESPONSES, "--subject", "02", "--out", out).ended(2, "02", "01");
    Call.of("encode", ridge, "--out", out).ended(2, "run folder", "--onnx");
    Call.of("encode", STUDY, RESPONSES, "--out", out).ended(2, "not a run");
    Call.of("encode", ridge, RESPONSES, "--statistics", wide, "--out", out).ended(2, "--onnx");
    assertFalse(Files.exists(out));
    Path mine = Files.createDirectory(temporary.resolve("mine"));
    Files.writeString(mine.resolve("thesis.txt"), "years of work");
    encode(ridge, mine, "--force").ended(2, "nothing in it was touched");
    encode(ridge, out).ended(0);
    encode(ridge, out).ended(2, "--force");
    encode(ridge, out, "--force").ended(0);
  }

  @Test
  void candidatesOfAnotherSpaceAreRefused() throws IOException {
    Path out = temporary.resolve("out");
    Path other = SmallStudy.copy(ridge, temporary.resolve("other"));
    Path targets = other.resolve("targets.json");
    Files.writeString(
        targets, Files.readString(targets).replaceFirst("(\"layer\" : )\"[^\"]*\"", "$1\"other\""));
    encode(ridge, out, "--gallery", other).ended(3, "other", "one space");
    Path narrow = Files.createDirectory(temporary.resolve("narrow"));
    Npy.write(narrow.resolve("embeddings.npy"), Tensor.zeros(2, 3));
    Files.writeString(narrow.resolve("embeddings.tsv"), "id\na\nb\n");
    encode(ridge, out, "--gallery", narrow).ended(3, "3 dimensions");
    encode(ridge, out, "--gallery", temporary).ended(2, "neither a trained run");
    assertFalse(Files.exists(out));
  }

  @Test
  void aDamagedDecoderIsTheModelsFault() throws IOException {
    for (Path whole : List.of(ridge, network)) {
      Path run = SmallStudy.copy(whole, temporary.resolve("damaged-" + whole.getFileName()));
      Path out = temporary.resolve("out");
      Path weights = run.resolve("sub-01/decoder/fold-001.safetensors");
      byte[] bytes = Files.readAllBytes(weights);
      Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
      encode(run, out).ended(6, "fold-001.safetensors");
      Call.of("export", run, "--out", out).ended(6, "fold-001.safetensors");
      Files.delete(weights);
      encode(run, out).ended(6, "fold-001.safetensors", "Train the run again");
      Files.write(weights, bytes);
      Files.delete(run.resolve("sub-01/decoder/fold-001_preparation.safetensors"));
      encode(run, out).ended(6, "fold-001_preparation.safetensors", "Train the run again");
      assertFalse(Files.exists(out.resolve("embeddings.npy")));
      assertFalse(Files.exists(out.resolve("manifest.json")));
    }
  }

  @Test
  void imagesAreMaskedAsInTraining() throws IOException {
    Path study = SmallStudy.write(temporary.resolve("study"));
    Path run = temporary.resolve("run");
    SmallStudy.run(study, run).ended(0);
    Path out = temporary.resolve("out");
    Path bold = study.resolve(Fault.BOLD);
    Path mask = study.resolve(Fault.MASK);
    Call.of("encode", run, bold, "--mask", mask, "--out", out).ended(2, "01, 02", "--subject");
    Call.of("encode", run, bold, "--subject", "01", "--out", out).ended(2, "--mask");
    Path other = study.resolve(Fault.MASK.replace("sub-01", "sub-02"));
    Call.of("encode", run, bold, "--subject", "01", "--mask", other, "--out", out).ended(3, "mask");
    Call.of("encode", run, bold, "--subject", "sub-01", "--mask", mask, "--zscore", "--out", out)
        .ended(0);
    Tensor embeddings = embeddings(out);
    assertEquals(Tsv.read(out.resolve("trials.tsv")).rows(), embeddings.dim(0));
    assertTrue(embeddings.dim(0) > 50, embeddings.shape()::toString);
  }
}
