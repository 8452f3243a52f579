package io.noesis.ingest.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Npz;
import io.noesis.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against scikit-learn's covariance and SciPy's root; the fixture's maker is noise_whitening.py.
 */
class NoiseWhitenerTest {
  @TempDir Path folder;

  private Npz open() throws IOException {
    Path file = folder.resolve("noise-whitening.npz");
    try (InputStream in = getClass().getResourceAsStream("noise-whitening.npz")) {
      Files.copy(in, file);
    }
    return Npz.open(file);
  }

  private static List<String> texts(LongArray numbers) {
    return Arrays.stream(numbers.array()).mapToObj(Long::toString).toList();
  }

  private static List<String> of(List<String> all, int[] rows) {
    return Arrays.stream(rows).mapToObj(all::get).toList();
  }

  @Test
  void isThePublishedProgramsForEachSessionAndOfAllForOthers() throws IOException {
    try (Npz npz = open()) {
      Tensor epochs = npz.read("epochs");
      List<String> sessions = texts(npz.readLongs("sessions"));
      List<String> conditions = texts(npz.readLongs("conditions"));
      long[] trained = npz.readLongs("trained").array();
      int[] rows = IntStream.range(0, trained.length).filter(i -> trained[i] == 1).toArray();
      NoiseWhitener whitener =
          NoiseWhitener.fit(epochs.rows(rows), of(conditions, rows), of(sessions, rows), rows);
      assertArrayEquals(rows, whitener.fittedRows());
      double[] roots = npz.readDoubles("roots").array();
      double[] ofAll = Arrays.copyOfRange(roots, 50, 75);
      double largest = Arrays.stream(ofAll).map(Math::abs).max().orElseThrow();
      assertArrayEquals(ofAll, whitener.root(), 1e-9 * largest);
      Tensor expected = npz.read("normalised");
      Tensor found = whitener.apply(epochs, sessions);
      assertEquals(expected.shape(), found.shape());
      assertArrayEquals(expected.array(), found.array(), 1e-4f);
      // Those of the last session, in which nothing was fitted, are as those of no session.
      int[] last = {12, 13};
      assertEquals(found.rows(last), whitener.apply(epochs.rows(last)));
      NoiseWhitener read = NoiseWhitener.of(5, whitener.root(), rows);
      assertEquals(found.rows(last), read.apply(epochs.rows(last)));
    }
  }

  @Test
  void whatCannotBeNormalisedIsRefused() {
    List<String> one = List.of("a");
    Tensor flat = Tensor.zeros(1, 2, 4);
    DataException constant =
        assertThrows(DataException.class, () -> NoiseWhitener.fit(flat, one, one, new int[] {0}));
    assertTrue(constant.getMessage().contains("no inverse"), constant.getMessage());
    Tensor missing = Tensor.wrap(new float[] {1, 2, Float.NaN, 4, 0, 1, 0, 2}, 1, 2, 4);
    DataException nan =
        assertThrows(
            DataException.class, () -> NoiseWhitener.fit(missing, one, one, new int[] {0}));
    assertTrue(nan.getMessage().contains("channel 0"), nan.getMessage());
    assertThrows(
        DataException.class,
        () ->
            NoiseWhitener.fit(
                Tensor.zeros(0, 2, 4), Collections.emptyList(), List.of(), new int[0]));
    NoiseWhitener two = NoiseWhitener.of(2, new double[] {1, 0, 0, 1}, new int[] {0});
    assertThrows(IllegalArgumentException.class, () -> two.apply(Tensor.zeros(1, 3, 4)));
  }
}
