package io.noesis.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.noesis.tensor.Safetensors;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TorchRandomTest {
  private static final Path DRAWS =
      Path.of("src/test/resources/io/noesis/run/torch_random.safetensors");

  /** Made by tests/fixtures/make/torch_random.py. */
  @Test
  void drawsTheNumbersOfTorch() {
    try (Safetensors file = Safetensors.open(DRAWS)) {
      Map<String, TorchRandom> generators = new TreeMap<>();
      // In the order of the draws: what one leaves behind, the next one sees.
      for (String name : file.names().stream().sorted().toList()) {
        String[] parts = name.split("/", -1);
        TorchRandom random =
            generators.computeIfAbsent(parts[0], seed -> TorchRandom.seeded(Long.parseLong(seed)));
        float[] expected = file.read(name).array();
        if (parts[2].startsWith("u")) {
          assertArrayEquals(expected, random.uniform(expected.length), name);
        } else {
          assertArrayEquals(expected, random.normal(expected.length), 1e-6f, name);
        }
      }
      assertEquals(5, generators.size());
    }
  }

  /** Printed in many a notebook: torch.manual_seed(0); torch.randn(3). */
  @Test
  void startsWithTheWellKnownNumbers() {
    assertArrayEquals(
        new float[] {1.5410f, -0.2934f, -2.1788f}, TorchRandom.seeded(0).normal(3), 5e-5f);
    assertEquals(-1.1258f, TorchRandom.seeded(0).normal(16)[0], 5e-5f);
  }
}
