package io.noesis.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.ingest.simulate.PicturePlan;
import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tests.support.CommandLines;
import io.noesis.tests.support.Outcome;
import io.noesis.tests.support.RunFiles;
import io.noesis.tests.support.Studies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The other side of {@link PlantedSignalTest}: the same kind of study, with a strong signal, but
 * the events name another stimulus than the one that was shown. Nothing may be decoded.
 */
class ShuffledIdsTest {
  private static final int SHUFFLES = 8;

  /** A null band holds 95 % of what chance gives. */
  private static final double OUTSIDE = 0.05;

  /** How improbable a count must be before this test says that a band is wrong. */
  private static final double IMPROBABLE = 1e-4;

  @TempDir Path temporary;

  @Test
  void everyScoreFallsInsideItsChanceBandAndTheRunIsBlocked() throws IOException {
    Path folder = temporary.resolve("study");
    Studies.write(Studies.plan(100, new PicturePlan(144, 1, 36, 2, 64), 0.5), 7, folder);
    Map<Path, List<String>> events = events(folder);
    assertEquals(0, run(folder, "true-ids").code(), "the signal is there before ids are shuffled");
    List<RunFiles.ScoreLine> lines = new ArrayList<>();
    int blocked = 0;
    for (int k = 0; k < SHUFFLES; k++) {
      shuffle(events, Seed.of(11).child("shuffle-" + k).random());
      Outcome outcome = run(folder, "shuffled-" + k);
      List<RunFiles.ScoreLine> scores = RunFiles.scores(temporary.resolve("shuffled-" + k));
      assertEquals(looksLikeSignal(scores) ? 0 : 4, outcome.code(), outcome::toString);
      blocked += outcome.code() == 4 ? 1 : 0;
      lines.addAll(scores);
    }
    System.out.println("shuffled ids: " + blocked + " runs blocked, " + summary(lines));
    bandsHold(lines);
    // Each passes at most one time in twenty; that two of eight do has a probability of 6 %.
    assertTrue(blocked >= SHUFFLES - 1, "only " + blocked + " of " + SHUFFLES + " runs blocked");
  }

  private Outcome run(Path folder, String name) {
    Outcome outcome =
        CommandLines.noesis(
            "run",
            "simulated",
            temporary.resolve(name).toString(),
            "--root=" + folder,
            "--set=evaluation.gallery=0",
            "--set=evaluation.bootstraps=99"); // Intervals are not looked at.
    assertTrue(outcome.code() == 0 || outcome.code() == 4, outcome::toString);
    return outcome;
  }

  private static boolean outside(RunFiles.ScoreLine line) {
    return line.value() < line.nullLow() || line.value() > line.nullHigh();
  }

  /**
   * What NO-SIGNAL looks at: two-way identification of averaged repetitions of each of two
   * subjects; one must leave its band, with a p that survives the correction for two.
   */
  private static boolean looksLikeSignal(List<RunFiles.ScoreLine> lines) {
    List<RunFiles.ScoreLine> primary =
        lines.stream()
            .filter(l -> l.metric().startsWith("image_from_brain.two_way@"))
            .filter(l -> l.variant().equals("repetitions averaged"))
            .toList();
    assertEquals(2, primary.size(), primary.toString());
    return primary.stream().anyMatch(l -> l.value() > l.nullHigh() && 2 * l.p() <= 0.05);
  }

  private static String summary(List<RunFiles.ScoreLine> lines) {
    long outside = lines.stream().filter(ShuffledIdsTest::outside).count();
    return String.format(
        "%d of %d scores (%.1f %%) outside the 95 %% band of their null",
        outside, lines.size(), 100.0 * outside / lines.size());
  }

  /**
   * Scores of one run depend on each other, so each metric is judged by itself over independent
   * shuffles and subjects, and their mean against 5 % with the allowance of a single metric.
   */
  private static void bandsHold(List<RunFiles.ScoreLine> lines) {
    Map<String, List<RunFiles.ScoreLine>> byMetric = new LinkedHashMap<>();
    for (RunFiles.ScoreLine line : lines) {
      byMetric
          .computeIfAbsent(line.metric() + ", " + line.variant(), m -> new ArrayList<>())
          .add(line);
    }
    assertTrue(byMetric.size() >= 20, "so few metrics? " + byMetric.keySet());
    int judged = 2 * SHUFFLES;
    int most =
        new BinomialDistribution(null, judged, OUTSIDE)
            .inverseCumulativeProbability(1 - IMPROBABLE);
    List<Executable> checks = new ArrayList<>();
    byMetric.forEach(
        (metric, values) -> {
          checks.add(() -> assertEquals(judged, values.size(), metric));
          long out = values.stream().filter(ShuffledIdsTest::outside).count();
          checks.add(() -> assertTrue(out <= most, metric + ": outside " + out + " of " + judged));
        });
    long all = lines.stream().filter(ShuffledIdsTest::outside).count();
    double twoSds = 2 * Math.sqrt(OUTSIDE * (1 - OUTSIDE) / judged);
    checks.add(() -> assertTrue(all <= (OUTSIDE + twoSds) * lines.size(), summary(lines)));
    assertAll(checks);
  }

  private static Map<Path, List<String>> events(Path folder) throws IOException {
    Map<Path, List<String>> tables = new LinkedHashMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files =
          all.filter(f -> f.getFileName().toString().endsWith("_events.tsv")).sorted().toList();
      for (Path file : files) {
        tables.put(file, Files.readAllLines(file));
      }
    }
    return tables;
  }

  /** Deals what was shown anew among the trials of each subject and part; onsets stay. */
  private static void shuffle(Map<Path, List<String>> tables, PinnedRandom random)
      throws IOException {
    Map<String, List<String>> shown = new LinkedHashMap<>();
    tables.forEach(
        (file, lines) ->
            lines.stream()
                .skip(1)
                .forEach(
                    line ->
                        shown
                            .computeIfAbsent(group(file, line), g -> new ArrayList<>())
                            .add(picture(line))));
    Map<String, Integer> dealt = new LinkedHashMap<>();
    Map<String, int[]> orders = new LinkedHashMap<>();
    shown.forEach((group, all) -> orders.put(group, random.permutation(all.size())));
    for (Map.Entry<Path, List<String>> table : tables.entrySet()) {
      List<String> out = new ArrayList<>(table.getValue().subList(0, 1));
      for (String line : table.getValue().subList(1, table.getValue().size())) {
        String group = group(table.getKey(), line);
        int next = dealt.merge(group, 1, Integer::sum) - 1;
        String[] cells = line.split("\t");
        out.add(
            String.join(
                "\t", cells[0], cells[1], shown.get(group).get(orders.get(group)[next]), cells[6]));
      }
      Files.write(table.getKey(), out);
    }
  }

  private static String group(Path events, String line) {
    return events.getFileName().toString().split("_")[0] + " " + line.split("\t")[6];
  }

  /** {@code trial_type, stim_file, stimulus_id, repetition} of a row. */
  private static String picture(String line) {
    return String.join("\t", Arrays.asList(line.split("\t")).subList(2, 6));
  }
}
