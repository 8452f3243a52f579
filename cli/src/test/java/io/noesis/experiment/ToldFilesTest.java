package io.noesis.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.tensor.Npy;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of features that a decoder is told: two places of three numbers for each of four rows. */
class ToldFilesTest {
  private static final Map<String, List<Integer>> ASKED = Map.of("frame", List.of(2, 3));
  @TempDir Path folder;

  private Map<String, Tensor> read(Tensor features) {
    Path file = folder.resolve("frame.npy");
    Npy.write(file, features);
    return new ToldFiles(Map.of("frame", file)).read(ASKED, 4);
  }

  private void refused(Tensor features, String words) {
    DataException e = assertThrows(DataException.class, () -> read(features));
    assertTrue(e.getMessage().contains(words), e::getMessage);
    assertEquals(3, e.exitCode().code());
  }

  @Test
  void featuresAreTakenAsTheyAre() {
    Tensor features = Tensor.zeros(4, 2, 3);
    features.array()[7] = 1;
    assertEquals(Map.of("frame", features), read(features));
  }

  @Test
  void otherAxesAndRowsAreRefusedThoughTheNumbersWouldDo() {
    String expected = ", expected [4, 2, 3]";
    refused(Tensor.zeros(4, 3, 2), "found [4, 3, 2]" + expected);
    refused(Tensor.zeros(4, 6), "found [4, 6]" + expected);
    refused(Tensor.zeros(2, 4, 3), "found [2, 4, 3]" + expected);
    refused(Tensor.zeros(3, 2, 3), "found [3, 2, 3]" + expected);
    refused(Tensor.zeros(5, 2, 3), "found [5, 2, 3]" + expected);
    refused(Tensor.zeros(0, 2, 3), "found [0, 2, 3]" + expected);
  }

  @Test
  void numbersThatAreNoneAreNamedByTheirRow() {
    for (float value : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      Tensor features = Tensor.zeros(4, 2, 3);
      features.array()[2 * 6 + 1] = value;
      refused(features, "row 2 holds " + value);
    }
  }
}
