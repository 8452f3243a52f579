package io.noesis.encoders.ridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.ModelException;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RidgeModelTest {
  @TempDir Path folder;

  @Test
  void aSavedModelPredictsTheSameBits() throws IOException {
    for (RidgeSpec spec :
        List.of(
            RidgeSpec.fixed(2),
            RidgeSpec.defaults(),
            RidgeSpec.defaults().withChoice(PenaltyChoice.PER_TARGET))) {
      Tensor x = random("x", 12, 5);
      RidgeModel model = Ridge.fit(x, random("y", 12, 3), spec);
      Path file = folder.resolve("ridge.safetensors");
      model.save(file, Map.of("mask", "3fa2"));
      RidgeModel loaded = RidgeModel.load(file);
      assertEquals(model.predict(x), loaded.predict(x));
      assertEquals(model.weights(), loaded.weights());
      assertEquals(model.intercept(), loaded.intercept());
      assertArrayEquals(model.penalties(), loaded.penalties());
      assertEquals(model.grid(), loaded.grid());
      assertEquals(model.meanScores(), loaded.meanScores());
      assertEquals(model.targetsAtGridEdge(), loaded.targetsAtGridEdge());
      try (Safetensors in = Safetensors.open(file)) {
        assertEquals("3fa2", in.metadata().get("mask"));
      }
      byte[] first = Files.readAllBytes(file);
      loaded.save(file, Map.of("mask", "3fa2"));
      assertArrayEquals(first, Files.readAllBytes(file));
    }
  }

  @Test
  void filesThatAreNoRidgeModelAreModelErrors() throws IOException {
    Path file = folder.resolve("other.safetensors");
    assertThrows(ModelException.class, () -> RidgeModel.load(file));
    new SafetensorsWriter().add("weights", Tensor.zeros(2, 2)).write(file);
    String message = assertThrows(ModelException.class, () -> RidgeModel.load(file)).getMessage();
    assertTrue(message.contains("noesis-ridge"), message);
    Ridge.fit(random("x", 4, 2), random("y", 4, 1), RidgeSpec.fixed(1)).save(file, Map.of());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThrows(ModelException.class, () -> RidgeModel.load(file));
  }

  @Test
  void whatItHandsOutCannotChangeIt() {
    Tensor x = random("x", 6, 2);
    RidgeModel model = Ridge.fit(x, random("y", 6, 1), RidgeSpec.defaults());
    Tensor before = model.predict(x);
    model.penalties()[0] = -1;
    Arrays.fill(model.scores().array(), 9);
    assertTrue(model.penalties()[0] > 0);
    assertTrue(model.meanScores().stream().allMatch(s -> s < 9));
    assertEquals(before, model.predict(x));
  }

  private static Tensor random(String name, int rows, int columns) {
    PinnedRandom random = Seed.of(11).child(name).random();
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.wrap(values, rows, columns);
  }
}
