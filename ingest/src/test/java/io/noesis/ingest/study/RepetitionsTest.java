package io.noesis.ingest.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.run.DataException;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepetitionsTest {
  private static TrialTable trials(String... stimuli) {
    List<Trial> trials = new ArrayList<>();
    for (String stimulus : stimuli) {
      trials.add(
          new Trial(
              "01", "", "01", Double.NaN, Double.NaN, Double.NaN, Double.NaN, stimulus, "", 1, ""));
    }
    return new TrialTable(trials);
  }

  private static List<List<Integer>> groups(int together) {
    TrialTable table = trials("a", "b", "a", "c", "a", "b", "a", "a");
    int[] rows = {0, 1, 2, 4, 5, 6, 7};
    return Repetitions.groups(table, rows, together).stream()
        .map(g -> Arrays.stream(g).boxed().toList())
        .toList();
  }

  @Test
  void repetitionsAreTakenTogetherInTheirOrder() {
    assertEquals(
        List.of(List.of(0), List.of(1), List.of(2), List.of(3), List.of(4), List.of(5), List.of(6)),
        groups(1));
    assertEquals(List.of(List.of(0, 2, 3, 5, 6), List.of(1, 4)), groups(0));
    assertEquals(List.of(List.of(0, 2), List.of(1, 4), List.of(3, 5), List.of(6)), groups(2));
    assertThrows(IllegalArgumentException.class, () -> groups(-1));
  }

  @Test
  void theirMeansKeepTheAxes() {
    Tensor rows = Tensor.wrap(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 3, 2, 2);
    Tensor means = Repetitions.means(rows, List.of(new int[] {0, 2}, new int[] {1}));
    assertArrayEquals(new int[] {2, 2, 2}, means.shape().toArray());
    assertArrayEquals(new float[] {5, 6, 7, 8, 5, 6, 7, 8}, means.array());
  }

  @Test
  void windowsAreCutAsMneCutsThem() {
    EpochAxes axes = EpochAxes.of(2, 361).timed(120, -0.5);
    assertArrayEquals(new int[] {60, 301}, axes.window(0, 2.5));
    assertArrayEquals(new int[] {0, 61}, axes.window(-0.5, 0));
    assertEquals(2.5, axes.endSeconds(), 1e-12);
    EpochAxes cut = axes.cut(60, 301);
    assertEquals(0, cut.startSeconds(), 1e-12);
    assertEquals("301, 0 s to 2.500 s at 120 Hz", cut.time().replace("0.000 s", "0 s"));
    DataException outside = assertThrows(DataException.class, () -> axes.window(0, 2.6));
    assertTrue(outside.getMessage().contains("startSeconds"), outside.getMessage());
    DataException unknown =
        assertThrows(DataException.class, () -> EpochAxes.of(2, 10).window(0, 1));
    assertTrue(unknown.getMessage().contains("SamplingFrequency"), unknown.getMessage());
  }
}
