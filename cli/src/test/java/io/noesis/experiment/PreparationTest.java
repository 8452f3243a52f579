package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.signal.NoiseWhitener;
import io.noesis.ingest.signal.ResponseScaler;
import io.noesis.run.DataException;
import io.noesis.run.ModelException;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
            List.of(2),
            Preparation.Timing.NONE,
            Optional.empty(),
            Optional.of(
                ResponseScaler.fit(
                    rows,
                    ResponseScaler.Unit.FEATURE,
                    ResponseScaler.Spread.STANDARD,
                    new int[] {4, 7, 9})),
            OptionalDouble.empty(),
            Optional.of("mask"),
            Optional.empty(),
            Optional.empty());
    Path file = folder.resolve("a.safetensors");
    made.write(file, "01", "split");
    Preparation read = Preparation.read(file);
    assertEquals(made.apply(rows), read.apply(rows));
    assertArrayEquals(new int[] {4, 7, 9}, read.scale().orElseThrow().fittedRows());
    assertEquals(Optional.of("mask"), read.columns());
    assertEquals(made.rowsHash(), read.rowsHash());
    try (Safetensors in = Safetensors.open(file)) {
      assertEquals("TRAINING", in.metadata().get("standardize"));
      assertEquals("2", in.metadata().get("axes"));
      assertEquals("01", in.metadata().get("subject"));
      assertEquals(made.rowsHash(), in.metadata().get("fitted_rows_sha256"));
    }
  }

  @Test
  void nothingIsDoneWhereNothingIsStandardised() {
    Path file = folder.resolve("none.safetensors");
    new Preparation(
            ResponseSpec.Standardize.NONE,
            List.of(2),
            Preparation.Timing.NONE,
            Optional.empty(),
            Optional.empty(),
            OptionalDouble.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty())
        .write(file, "01", "split");
    Tensor rows = Tensor.wrap(new float[] {1, 5, 3, 5}, 2, 2);
    assertEquals(rows, Preparation.read(file).apply(rows));
    assertEquals(Optional.empty(), Preparation.read(file).columns());
  }

  @Test
  void epochsAreCutScaledPerChannelAndBounded() {
    Tensor rows = Tensor.wrap(new float[] {1, 5, 3, 4, 8, 5, 2, 2, 9, 1, 7, 3}, 2, 2, 3);
    Preparation made =
        new Preparation(
            ResponseSpec.Standardize.TRAINING,
            List.of(2, 3),
            new Preparation.Timing(
                Optional.of(new Preparation.Cut(0, 1)), Optional.of(new Preparation.Cut(1, 2))),
            Optional.of(NoiseWhitener.of(2, new double[] {0, 1, 2, 0}, new int[] {0, 1})),
            Optional.of(
                ResponseScaler.of(
                    ResponseScaler.Unit.CHANNEL,
                    new double[] {1, -1},
                    new double[] {2, 4},
                    new int[] {0, 1})),
            OptionalDouble.of(1.25),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Path file = folder.resolve("epochs.safetensors");
    made.write(file, "01", "split");
    Preparation read = Preparation.read(file);
    // Baseline 1, 4, 2, 1: 4 2, 4 1; 0 7, 6 2. Then the second channel and twice the first, of
    // which
    // (x - 1) / 2 and (x + 1) / 4.
    assertEquals(
        Tensor.wrap(new float[] {1.25f, 0, 1.25f, 1.25f, 1.25f, 0.5f, 0.25f, 1.25f}, 2, 2, 2),
        read.apply(rows));
    try (Safetensors in = Safetensors.open(file)) {
      assertEquals("3", in.metadata().get("version"), "older programs do not overlook it");
    }
    assertEquals(made.inWords(), read.inWords());
    assertEquals(List.of(2, 2), read.prepared());
    assertThrows(DataException.class, () -> read.require("testing", Tensor.zeros(2, 3, 2)));
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
