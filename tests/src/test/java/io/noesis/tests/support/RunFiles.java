package io.noesis.tests.support;

import io.noesis.ingest.format.tsv.Tsv;
import io.noesis.ingest.format.tsv.TsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a run folder holds, read as a stranger would read it. */
public final class RunFiles {
  private RunFiles() {}

  /**
   * One line of {@code scores.tsv}.
   *
   * @param subject label
   * @param metric name
   * @param variant how rows were formed
   * @param value the score
   * @param low lower end of its interval
   * @param high upper end of its interval
   * @param nullLow lower end of its null band
   * @param nullHigh upper end of its null band
   * @param p permutation p
   */
  public record ScoreLine(
      String subject,
      String metric,
      String variant,
      double value,
      double low,
      double high,
      double nullLow,
      double nullHigh,
      double p) {}

  /** All scores of a run's own encoder; those of ridge beside a network are left out. */
  public static List<ScoreLine> scores(Path run) {
    TsvTable table = Tsv.read(run.resolve("scores.tsv"));
    return scores(table, table.value(0, "encoder").orElseThrow());
  }

  private static List<ScoreLine> scores(TsvTable table, String encoder) {
    List<ScoreLine> lines = new ArrayList<>();
    for (int r = 0; r < table.rows(); r++) {
      if (!table.required(r, "encoder").equals(encoder)) {
        continue;
      }
      lines.add(
          new ScoreLine(
              table.value(r, "subject").orElseThrow(),
              table.value(r, "metric").orElseThrow(),
              table.value(r, "variant").orElseThrow(),
              table.numberOrNaN(r, "value"),
              table.numberOrNaN(r, "low"),
              table.numberOrNaN(r, "high"),
              table.numberOrNaN(r, "null_low"),
              table.numberOrNaN(r, "null_high"),
              table.numberOrNaN(r, "p")));
    }
    return lines;
  }

  /** The one score of a subject, metric and variant. */
  public static ScoreLine score(Path run, String subject, String metric, String variant) {
    return one(scores(run), run, subject, metric, variant);
  }

  /** The same of ridge, which stands beside the run's own encoder. */
  public static ScoreLine ridge(Path run, String subject, String metric, String variant) {
    TsvTable table = Tsv.read(run.resolve("scores.tsv"));
    return one(scores(table, "ridge"), run, subject, metric, variant);
  }

  private static ScoreLine one(
      List<ScoreLine> lines, Path run, String subject, String metric, String variant) {
    List<ScoreLine> found =
        lines.stream()
            .filter(s -> s.subject().equals(subject))
            .filter(s -> s.metric().equals(metric))
            .filter(s -> s.variant().equals(variant))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          found.size() + " scores " + metric + ", " + variant + " of " + subject + " in " + run);
    }
    return found.get(0);
  }

  /** Every file below a folder by its relative path, with its bytes. */
  public static Map<String, byte[]> bytes(Path folder, Predicate<String> wanted) {
    Map<String, byte[]> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (wanted.test(name)) {
          found.put(name, Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("reading " + folder, e);
    }
    return found;
  }
}
