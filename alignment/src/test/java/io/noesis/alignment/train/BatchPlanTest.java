package io.noesis.alignment.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.alignment.loss.Mixed;
import io.noesis.alignment.loss.RowMixing;
import io.noesis.alignment.train.BatchSpec.Blend;
import io.noesis.alignment.train.BatchSpec.Repetitions;
import io.noesis.alignment.train.BatchSpec.Subjects;
import io.noesis.encoders.Shown;
import io.noesis.encoders.TrainingRows;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  private static final Seed SEED = Seed.of(4);

  /** Rows of subjects with so many rows each, in which stimulus i is shown again in row i + 10. */
  static TrainingRows rows(int... counts) {
    Map<String, TrainingRows> subjects = new LinkedHashMap<>();
    for (int s = 0; s < counts.length; s++) {
      List<String> stimuli =
          IntStream.range(0, counts[s]).mapToObj(i -> "picture " + i % 10).toList();
      subjects.put(
          "sub-" + s,
          new TrainingRows(
                  TrainerTest.normal("x" + s, counts[s], 3),
                  TrainerTest.normal("y" + s, counts[s], 2),
                  stimuli)
              .showing(Shown.of(stimuli)));
    }
    return TrainingRows.join(subjects);
  }

  private static BatchPlan plan(TrainingRows rows, int size, BatchSpec spec) {
    int[] all = IntStream.range(0, rows.groups().size()).toArray();
    TrainingSpec training = TrainingSpec.defaults().withBatchesOf(size).withBatches(spec);
    return new BatchPlan(RowTable.of(rows, all), training, SEED);
  }

  private static Map<Integer, Long> subjects(TrainingRows rows, int[] batch) {
    int[] numbers = rows.recorded().numbers();
    return Arrays.stream(batch)
        .boxed()
        .collect(Collectors.groupingBy(row -> numbers[row], Collectors.counting()));
  }

  private static Set<Integer> all(int[][] batches) {
    return Arrays.stream(batches)
        .flatMapToInt(Arrays::stream)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void balancedBatchesHaveAsManyOfEachSubjectInOrder() {
    TrainingRows rows = rows(40, 12, 30);
    BatchPlan plan = plan(rows, 14, BatchSpec.defaults().of(Subjects.BALANCED));
    assertEquals(10, plan.batchesPerEpoch(), "40 rows in fours");
    for (int[] batch : plan.batches(0)) {
      assertEquals(Map.of(0, 4L, 1, 4L, 2, 4L), subjects(rows, batch));
      int[] numbers = Arrays.stream(batch).map(row -> rows.recorded().numbers()[row]).toArray();
      assertArrayEquals(new int[] {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}, numbers);
      assertEquals(12, Arrays.stream(batch).distinct().count());
    }
    // All rows of the largest, and all of the smallest in each of its rounds of three batches.
    assertEquals(40 + 12, all(plan.batches(0)).stream().filter(row -> row < 52).count());
    assertEquals(all(plan.batches(0)).size(), all(plan.batches(1)).size(), 2);
  }

  @Test
  void batchesOfOneSubjectTakeTurns() {
    TrainingRows rows = rows(40, 5, 30);
    BatchPlan plan = plan(rows, 8, BatchSpec.defaults().of(Subjects.ONE));
    int[][] batches = plan.batches(3);
    assertEquals(5 + 1 + 3, batches.length);
    List<Integer> turns = new ArrayList<>();
    for (int[] batch : batches) {
      assertEquals(1, subjects(rows, batch).size());
      turns.addAll(subjects(rows, batch).keySet());
    }
    assertFalse(turns.equals(turns.stream().sorted().toList()), turns::toString);
    assertEquals(5, batches[turns.indexOf(1)].length, "a subject with few rows has small batches");
  }

  @Test
  void theSameSeedGivesTheSameBatches() {
    TrainingRows rows = rows(40, 12);
    for (Subjects subjects : Subjects.values()) {
      BatchSpec spec = BatchSpec.defaults().of(subjects);
      int[][] first = plan(rows, 8, spec).batches(5);
      assertTrue(Arrays.deepEquals(first, plan(rows, 8, spec).batches(5)));
      assertFalse(Arrays.deepEquals(first, plan(rows, 8, spec).batches(6)));
    }
  }

  @Test
  void repetitionsInTurnShowEachStimulusOncePerEpoch() {
    TrainingRows rows = rows(30, 20);
    BatchPlan plan = plan(rows, 10, BatchSpec.defaults().of(Repetitions.IN_TURN));
    assertEquals(2, plan.batchesPerEpoch());
    Set<Integer> seen = new TreeSet<>();
    for (int epoch = 0; epoch < 6; epoch++) {
      Set<Integer> rowsOfEpoch = all(plan.batches(epoch));
      assertEquals(20, rowsOfEpoch.size());
      seen.addAll(rowsOfEpoch);
    }
    assertEquals(50, seen.size(), "all repetitions after six epochs");
  }

  @Test
  void whatCannotBeIsTold() {
    TrainingRows unknown = TrainerTest.rows(20);
    RecipeException stimuli =
        assertThrows(
            RecipeException.class,
            () -> plan(unknown, 8, BatchSpec.defaults().of(Repetitions.IN_TURN)));
    assertTrue(stimuli.getMessage().contains("batches.repetitions"), stimuli.getMessage());
    RecipeException small =
        assertThrows(
            RecipeException.class,
            () -> plan(rows(9, 9, 9), 2, BatchSpec.defaults().of(Subjects.BALANCED)));
    assertTrue(small.getMessage().contains("training.batchSize"), small.getMessage());
  }

  @Test
  void partnersAreOfTheSameSubject() {
    long[] subjects = {0, 0, 1, 1, 1, 2, 0, 2};
    Mixed mixed = new RowMixing(0.5, 0.5).draw(subjects, SEED.random());
    boolean others = false;
    for (int i = 0; i < subjects.length; i++) {
      assertEquals(subjects[i], subjects[mixed.partner().get(i)]);
      others |= mixed.partner().get(i) != i;
    }
    assertTrue(others);
  }

  private static Tensor blended(TrainingRows rows, Blend blend, double part, String seed) {
    int[] all = IntStream.range(0, rows.groups().size()).toArray();
    BatchSpec spec = BatchSpec.defaults().blending(blend, part);
    return new Blending(spec, RowTable.of(rows, all))
        .rows(rows.responses(), new int[] {3, 27, 34}, SEED.child(seed));
  }

  @Test
  void repetitionsAreBlendedWithinStimulusAndSubject() {
    TrainingRows rows = rows(30, 10);
    Tensor x = rows.responses();
    Tensor mean = blended(rows, Blend.MEAN, 1, "a");
    for (int c = 0; c < 3; c++) {
      assertEquals((x.at(3, c) + x.at(13, c) + x.at(23, c)) / 3, mean.at(0, c), 1e-6);
      assertEquals((x.at(7, c) + x.at(17, c) + x.at(27, c)) / 3, mean.at(1, c), 1e-6);
      assertEquals(x.at(34, c), mean.at(2, c), "shown to the other subject once only");
    }
    Tensor pair = blended(rows, Blend.PAIR, 1, "a");
    double[] shares = new double[3];
    boolean found = false;
    for (int other : new int[] {13, 23}) {
      for (int c = 0; c < 3; c++) {
        shares[c] = (pair.at(0, c) - x.at(other, c)) / (x.at(3, c) - x.at(other, c));
      }
      found |= Math.abs(shares[0] - shares[1]) < 1e-4 && shares[0] >= 0 && shares[0] <= 1;
    }
    assertTrue(found, "no convex mixture with one other repetition");
    assertEquals(x.rows(new int[] {3, 27, 34}), blended(rows, Blend.MEAN, 0, "a"));
    assertEquals(pair, blended(rows, Blend.PAIR, 1, "a"));
    assertFalse(pair.equals(blended(rows, Blend.PAIR, 1, "b")));
  }

  @Test
  void validationGroupsAreHeldOutForAllSubjects() {
    TrainingRows rows = rows(30, 20);
    HeldOut heldOut = HeldOut.of(rows, 0.3, SEED);
    Set<String> learned = new TreeSet<>();
    Arrays.stream(heldOut.training()).forEach(row -> learned.add(rows.groups().get(row)));
    Set<Integer> validated = new TreeSet<>();
    for (int row : heldOut.validation()) {
      assertFalse(learned.contains(rows.groups().get(row)));
      validated.add(rows.recorded().numbers()[row]);
    }
    assertEquals(Set.of(0, 1), validated);
    List<String> own = new ArrayList<>(java.util.Collections.nCopies(30, "only"));
    own.addAll(rows.groups().subList(30, 50));
    TrainingRows apart =
        new TrainingRows(rows.responses(), rows.targets(), own, rows.recorded(), rows.shown());
    boolean refused = false;
    for (int seed = 0; seed < 20; seed++) {
      try {
        HeldOut.of(apart, 0.5, Seed.of(seed));
      } catch (RecipeException e) {
        assertTrue(e.getMessage().contains("training.validation.part"), e.getMessage());
        refused = true;
      }
    }
    assertTrue(refused, "some draw takes the only group of the first subject");
  }
}
