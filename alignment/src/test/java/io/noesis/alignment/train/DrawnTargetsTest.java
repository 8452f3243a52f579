package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.Choices;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.run.CancelledException;
import io.noesis.run.ModelException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of several targets of a row, drawn anew in each batch. */
class DrawnTargetsTest {
  private static final int ROWS = 160;
  private static final int EACH = 3;

  /** Row r has the targets 3 r, 3 r + 1 and 3 r + 2. */
  private static Choices choices(Tensor all) {
    return new Choices(
        all,
        IntStream.range(0, ROWS)
            .mapToObj(r -> List.of(EACH * r, EACH * r + 1, EACH * r + 2))
            .toList());
  }

  /** About each row's own target. */
  private static Tensor about(TrainingRows rows) {
    Tensor noise = TrainerTest.normal("about", ROWS * EACH, 4);
    for (int i = 0; i < noise.size(); i++) {
      noise.array()[i] += rows.targets().array()[i / (4 * EACH) * 4 + i % 4];
    }
    return noise;
  }

  private static TrainingRows rows(Tensor all) {
    TrainingRows rows = TrainerTest.rows(ROWS);
    return rows.showing(Shown.UNKNOWN.drawing(Map.of(Shown.EMBEDDING, choices(all))));
  }

  private static TrainingRows rows() {
    return rows(about(TrainerTest.rows(ROWS)));
  }

  private static TrainedNetwork train(TrainingRows rows, ValidationSpec how, TrainingRun run) {
    return new Trainer(TrainerTest.spec(6, how), TrainerTest.network())
        .train(rows, TrainerTest.SEED, run);
  }

  private static final ValidationSpec NONE = new ValidationSpec(0, 0);

  @Test
  void everyTargetOfARowIsDrawnAndNoOther() {
    TrainingRows rows = rows();
    RowTable table = RowTable.of(rows, IntStream.range(0, ROWS).toArray());
    int[] which = {7, 7, 150, 0};
    Tensor all = rows.shown().choices().get(Shown.EMBEDDING).all();
    Batch fixed = Batch.of(rows, table, which);
    List<Set<Integer>> drawn =
        List.of(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    for (int step = 0; step < 60; step++) {
      Batch batch = fixed.drawing(rows.shown().choices(), which, Seed.of(step));
      assertEquals(
          batch.targets(), fixed.drawing(rows.shown().choices(), which, Seed.of(step)).targets());
      assertEquals(fixed.responses(), batch.responses());
      for (int i = 0; i < which.length; i++) {
        float[] found = batch.targets().row(i);
        int[] own = IntStream.range(EACH * which[i], EACH * (which[i] + 1)).toArray();
        int number =
            IntStream.of(own)
                .filter(n -> java.util.Arrays.equals(all.row(n), found))
                .findFirst()
                .orElseThrow();
        drawn.get(i).add(number);
      }
    }
    drawn.forEach(numbers -> assertEquals(EACH, numbers.size()));
  }

  @Test
  void aFurtherTargetIsDrawnWithoutTheEmbedding() {
    TrainingRows plain = TrainerTest.rows(ROWS);
    Tensor stands = Tensor.zeros(ROWS, 2, 2);
    Tensor all = TrainerTest.normal("further", ROWS * EACH, 4);
    TrainingRows rows =
        plain.showing(
            Shown.UNKNOWN
                .with("caption", stands)
                .with("other", stands)
                .drawing(Map.of("caption", choices(all))));
    int[] which = {3, 9};
    Batch batch =
        Batch.of(rows, RowTable.of(rows, which), which)
            .drawing(rows.shown().choices(), which, Seed.of(2));
    assertEquals(plain.targets().rows(which), batch.targets());
    assertEquals(stands.rows(which), batch.further().get("other"));
    assertArrayEquals(new int[] {2, 2, 2}, batch.further().get("caption").shape().toArray());
    assertNotEquals(stands.rows(which), batch.further().get("caption"));
  }

  @Test
  void theTargetsOfARowAreOfOneCaption() {
    TrainingRows plain = TrainerTest.rows(ROWS);
    Tensor numbers = Tensor.zeros(ROWS * EACH, 4);
    for (int i = 0; i < numbers.size(); i++) {
      numbers.array()[i] = i / 4;
    }
    TrainingRows rows =
        plain.showing(
            Shown.UNKNOWN
                .with("words", plain.targets())
                .drawing(Map.of("words", choices(numbers), Shown.EMBEDDING, choices(numbers))));
    int[] all = IntStream.range(0, ROWS).toArray();
    Batch batch =
        Batch.of(rows, RowTable.of(rows, all), all)
            .drawing(rows.shown().choices(), all, Seed.of(2));
    assertEquals(batch.targets(), batch.further().get("words"));
    assertNotEquals(plain.targets(), batch.targets());
  }

  @Test
  void rowsOfSeveralSubjectsKeepTheirOwn() {
    TrainingRows rows = rows();
    int[] some = {5, 80};
    Choices fewer = rows.some(some).shown().choices().get(Shown.EMBEDDING);
    assertEquals(List.of(List.of(15, 16, 17), List.of(240, 241, 242)), fewer.ofRow());
    TrainingRows other = rows(TrainerTest.normal("others", ROWS * EACH, 4));
    Map<String, TrainingRows> both = new java.util.LinkedHashMap<>();
    both.put("01", rows.some(some));
    both.put("02", other.some(some));
    Choices joined = TrainingRows.join(both).shown().choices().get(Shown.EMBEDDING);
    assertEquals(2 * ROWS * EACH, joined.all().dim(0));
    int before = ROWS * EACH;
    assertEquals(List.of(before + 15, before + 16, before + 17), joined.ofRow().get(2));
    both.put("02", rows.some(new int[] {1}));
    Choices shared = TrainingRows.join(both).shown().choices().get(Shown.EMBEDDING);
    assertEquals(ROWS * EACH, shared.all().dim(0), "of one study all are kept once");
    assertEquals(List.of(3, 4, 5), shared.ofRow().get(2));
  }

  @Test
  void aStoppedTrainingGoesOnWithTheSameBits(@TempDir Path folder) {
    TrainedNetwork whole = train(rows(), NONE, TrainingRun.silent());
    TrainingRun.Start start = TrainingRun.Start.FRESH;
    for (int stopAfter : new int[] {3, 5, 2}) {
      AtomicInteger left = new AtomicInteger(stopAfter);
      TrainingRun run =
          TrainingRun.silent().in(folder, start).stoppedBy(() -> left.getAndDecrement() == 0);
      assertThrows(CancelledException.class, () -> train(rows(), NONE, run));
      start = TrainingRun.Start.RESUME;
    }
    TrainingRun on = TrainingRun.silent().in(folder, start);
    TrainingRows rows = rows();
    Choices own = rows.shown().choices().get(Shown.EMBEDDING);
    List<List<Integer>> moved = new ArrayList<>(own.ofRow());
    Collections.swap(moved, 3, 4);
    for (Choices others :
        List.of(
            choices(TrainerTest.normal("others", ROWS * EACH, 4)), new Choices(own.all(), moved))) {
      TrainingRows drawing = rows.showing(Shown.UNKNOWN.drawing(Map.of(Shown.EMBEDDING, others)));
      ModelException other = assertThrows(ModelException.class, () -> train(drawing, NONE, on));
      assertTrue(other.getMessage().contains("other rows, settings or seed"), other::getMessage);
    }
    assertEquals(whole.weights(), train(rows(), NONE, on).weights());
  }

  @Test
  void trainingMeetsWhatIsDrawnAndValidationWhatStandsForIt() {
    TrainingRows plain = TrainerTest.rows(ROWS);
    ValidationSpec half = new ValidationSpec(0.5, 0);
    TrainedNetwork fixed = train(plain, half, TrainingRun.silent());
    TrainedNetwork drawn = train(rows(), half, TrainingRun.silent());
    assertNotEquals(fixed.weights(), drawn.weights());
    // Whatever is drawn from, all copies of the row's own target: nothing changes.
    Tensor copies = Tensor.zeros(ROWS * EACH, 4);
    for (int i = 0; i < copies.size(); i++) {
      copies.array()[i] = plain.targets().array()[i / (4 * EACH) * 4 + i % 4];
    }
    TrainedNetwork same = train(rows(copies), half, TrainingRun.silent());
    assertEquals(fixed.weights(), same.weights());
    // Of validation rows nothing is drawn: what theirs could be does not count.
    HeldOut held = HeldOut.of(plain, 0.5, TrainerTest.SEED.child("validation"));
    Tensor foreign = about(plain);
    for (int row : held.validation()) {
      for (int k = 0; k < 4 * EACH; k++) {
        foreign.array()[row * 4 * EACH + k] = 1e6f;
      }
    }
    TrainedNetwork unmoved = train(rows(foreign), half, TrainingRun.silent());
    assertEquals(drawn.weights(), unmoved.weights());
    assertEquals(drawn.history(), unmoved.history());
  }

  @Test
  void refused() {
    List<List<Integer>> numbers = new ArrayList<>(List.of(List.of(0), List.of(4)));
    Tensor all = Tensor.zeros(4, 2);
    assertThrows(IllegalArgumentException.class, () -> new Choices(all, numbers));
    numbers.set(1, List.of());
    assertThrows(IllegalArgumentException.class, () -> new Choices(all, numbers));
    TrainingRows rows = TrainerTest.rows(ROWS);
    Shown unknown = Shown.UNKNOWN.drawing(Map.of("caption", choices(about(rows))));
    IllegalArgumentException named =
        assertThrows(IllegalArgumentException.class, () -> rows.showing(unknown));
    assertTrue(named.getMessage().contains("'caption'"), named::getMessage);
  }
}
