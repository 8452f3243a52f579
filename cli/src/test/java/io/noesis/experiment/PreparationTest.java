package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.signal.Standardizer;
import io.noesis.run.ModelException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
  @TempDir Path folder;

  @Test
  void isReadAsItWasWrittenAndSaysWhatItIs() {
    Tensor rows = Tensor.wrap(new float[] {1, 5, 3, 5, 8, 5}, 3, 2);
    Preparation made =
        new Preparation(
            ResponseSpec.Standardize.TRAINING,
            Standardizer.fit(rows, new int[] {4, 7, 9}),
            Optional.of("mask"));
    Path file = folder.resolve("a.safetensors");
    made.write(file, "01", "split");
    Preparation read = Preparation.read(file);
    assertEquals(made.apply(rows), read.apply(rows));
    assertArrayEquals(new int[] {4, 7, 9}, read.scale().fittedRows());
    assertEquals(Optional.of("mask"), read.columns());
    assertEquals(made.rowsHash(), read.rowsHash());
    try (Safetensors in = Safetensors.open(file)) {
      assertEquals("TRAINING", in.metadata().get("standardize"));
      assertEquals("2", in.metadata().get("voxels"));
      assertEquals("01", in.metadata().get("subject"));
      assertEquals(made.rowsHash(), in.metadata().get("fitted_rows_sha256"));
    }
  }

  @Test
  void nothingIsDoneWhereNothingIsStandardised() {
    Path file = folder.resolve("none.safetensors");
    Preparation.none(2, Optional.empty()).write(file, "01", "split");
    Tensor rows = Tensor.wrap(new float[] {1, 5, 3, 5}, 2, 2);
    assertEquals(rows, Preparation.read(file).apply(rows));
    assertEquals(Optional.empty(), Preparation.read(file).columns());
  }

  @Test
  void missingOrDamagedIsTheModelsFault() throws IOException {
    Path missing = folder.resolve("missing.safetensors");
    assertTrue(
        assertThrows(ModelException.class, () -> Preparation.read(missing))
            .getMessage()
            .contains("Train the run again"));
    Path damaged = Files.writeString(folder.resolve("damaged.safetensors"), "no tensors at all");
    assertThrows(ModelException.class, () -> Preparation.read(damaged));
  }
}
