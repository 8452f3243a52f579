package io.noesis.reconstruction.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.reconstruction.pack.MemoryNeed;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.run.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackMemoryTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/noesis/reconstruction/diffusion/tiny-image-embedding");

  @Test
  void whatDoesNotFitIsRefusedBeforeItIsLoaded() throws IOException {
    ModelPack pack = ModelPack.open(FOLDER);
    long graphs = 0;
    for (var graph : pack.graphs()) {
      graphs += Files.size(graph.file());
    }
    MemoryNeed need = DiffusionPipeline.memory(pack);
    assertTrue(need.weights() >= graphs);
    MemoryNeed.require(List.of(need), 1L << 30);
    String said =
        assertThrows(ModelException.class, () -> MemoryNeed.require(List.of(need), 1 << 20))
            .getMessage();
    assertTrue(said.contains("feature maps") && said.contains("export it in float16"), said);
  }

  @Test
  void theEstimateForStableDiffusionIsBetweenHalfAndTwoGigabytesPerRow() {
    long row = PackMemory.activations(64, 320);
    assertEquals(4L * (40 * 320 * 4096 + 8L * 4096 * 4096), row);
    assertTrue(row > 500_000_000L && row < 2_000_000_000L);
  }
}
