package io.noesis.reconstruction.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.OnnxHeader;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.reconstruction.caption.CaptionRequest;
import io.noesis.reconstruction.caption.DecodingOptions;
import io.noesis.reconstruction.caption.GraphCaptioner;
import io.noesis.reconstruction.caption.WordSearch;
import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ExitCode;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What packs of every kind take in memory, before anything of them is loaded. */
class MemoryNeedsTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/noesis/reconstruction");

  static List<Path> packs() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(
              path ->
                  Files.exists(path.resolve(ModelPack.MANIFEST))
                      || Files.exists(path.resolve("model_index.json")))
          .filter(
              path -> ModelPack.open(path).graphs().stream().allMatch(g -> Files.exists(g.file())))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("packs")
  void everyPackHasAnEstimateOfItsFilesAndOfARun(Path folder) throws IOException {
    ModelPack pack = ModelPack.open(folder);
    List<MemoryNeed> needs = MemoryNeeds.of(pack);
    assertTrue(!needs.isEmpty(), pack.kind());
    long graphs = 0;
    for (var graph : pack.graphs()) {
      graphs += Files.size(graph.file());
    }
    long weights = needs.stream().mapToLong(MemoryNeed::weights).sum();
    assertTrue(weights >= graphs, pack + ": " + weights + " of " + graphs);
    for (MemoryNeed need : needs) {
      assertTrue(need.run() > 0 && need.run() < 1L << 32, need.words());
      need.require();
      ModelException refused =
          assertThrows(
              ModelException.class, () -> MemoryNeed.require(List.of(need), need.total() - 1));
      assertEquals(ExitCode.MODEL, refused.exitCode());
      String said = refused.getMessage();
      assertTrue(said.contains(need.counted()) && said.contains("larger machine"), said);
    }
  }

  /** The header stands for the graph in estimates and checks, so that nothing needs be loaded. */
  @ParameterizedTest
  @MethodSource("packs")
  void theHeadersOfItsGraphsAreWhatTheRuntimeSays(Path folder) {
    for (var graph : ModelPack.open(folder).graphs()) {
      OnnxHeader header = OnnxHeader.read(graph.file()).orElseThrow();
      try (OnnxModel model = OnnxModel.open(graph.file(), OnnxOptions.SINGLE_THREADED)) {
        assertAgree(header.inputs(), model.inputs(), graph.file());
        assertAgree(header.outputs(), model.outputs(), graph.file());
        assertEquals(model.metadata(), header.metadata());
      }
    }
  }

  /** Equal, but for axes that the runtime infers. */
  private static void assertAgree(List<OnnxPort> said, List<OnnxPort> found, Path graph) {
    assertEquals(
        found.stream().map(p -> p.name() + p.type() + p.rank()).toList(),
        said.stream().map(p -> p.name() + p.type() + p.rank()).toList(),
        graph.toString());
    for (int i = 0; i < said.size(); i++) {
      for (int axis = 0; axis < said.get(i).rank(); axis++) {
        long size = said.get(i).axes().get(axis).size();
        assertTrue(
            size < 0 || size == found.get(i).axes().get(axis).size(), said.get(i).toString());
      }
    }
  }

  @Test
  void modelsThatAreOpenTogetherAreCountedTogether() {
    MemoryNeed one = new MemoryNeed("one", 600, 100, "this");
    MemoryNeed two = new MemoryNeed("two", 500, 300, "that");
    MemoryNeed.require(List.of(one), 700);
    MemoryNeed.require(List.of(two), 800);
    MemoryNeed.require(List.of(one, two), 1400);
    String said =
        assertThrows(ModelException.class, () -> MemoryNeed.require(List.of(one, two), 1399))
            .getMessage();
    assertTrue(said.contains("one and two") && said.contains("that"), said);
    assertEquals("1.7 GB", MemoryNeed.said(1_700_000_000));
    assertEquals("23.4 MB", MemoryNeed.said(23_400_000));
  }

  @Test
  void aCaptionerOpensOnlyWhereWhatItWritesFits() {
    ModelPack pack = ModelPack.open(FOLDER.resolve("caption/tiny-clipcap"));
    DecodingOptions options = DecodingOptions.threads(1);
    CaptionRequest wide = new CaptionRequest(new WordSearch.Beam(100_000_000, 1), 20, 0);
    assertTrue(
        GraphCaptioner.memory(pack, options, wide).total() > MemoryNeed.ofMachine(), "so many");
    try (GraphCaptioner captioner = GraphCaptioner.open(pack, options)) {
      ModelException refused =
          assertThrows(
              ModelException.class,
              () ->
                  captioner.caption(
                      io.noesis.tensor.Tensor.zeros(1, 12), wide, io.noesis.run.Progress.NONE));
      assertTrue(refused.getMessage().contains("100000000 sentences each"), refused.getMessage());
    }
  }
}
