package io.noesis.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.noesis.alignment.score.Statistics;
import io.noesis.encoders.architecture.Architectures;
import io.noesis.ingest.study.StimulusSet;
import io.noesis.report.ContrastText;
import io.noesis.run.DataException;
import io.noesis.run.RecipeException;
import io.noesis.run.RecordBinder;
import io.noesis.run.YamlTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What several runs decoded of the same test trials, held against each other in pairs: embeddings,
 * slots one by one and together, and triples. Scored as the first run of a pair says; the interval
 * resamples stimuli, p is that of exchanging, for each of them, which run decoded it, and {@code
 * p_holm} the same corrected for all pairs and subjects that are held against each other by the
 * score (Holm 1979).
 */
public final class RunContrast {
  /** The columns of {@link #rows}. */
  public static final List<String> COLUMNS = columns();

  private static final String SETTINGS = "encoder.settings";
  private static final int METRIC = COLUMNS.indexOf("metric");
  private static final int VARIANT = COLUMNS.indexOf("variant");
  private static final int FIRST = COLUMNS.indexOf("first");
  private static final int P = COLUMNS.indexOf("p");

  private final List<RunFolder> runs;
  private final List<String> names;

  private static List<String> columns() {
    List<String> columns = new ArrayList<>(RidgePanels.COLUMNS);
    columns.add(columns.indexOf("p") + 1, "p_holm");
    return List.copyOf(columns);
  }

  /**
   * Opens trained runs.
   *
   * @param runs at least two, of the same study
   * @throws RecipeException when they are not two, or one is given twice
   */
  public RunContrast(List<RunFolder> runs) {
    if (runs.size() < 2) {
      throw new RecipeException(
          "holding runs against each other: expected at least two run folders, found "
              + runs.size()
              + ".");
    }
    Set<Path> folders = new HashSet<>();
    for (RunFolder run : runs) {
      if (!folders.add(run.path().toAbsolutePath().normalize())) {
        throw new RecipeException(
            "holding runs against each other: "
                + run.path()
                + " is given twice; a run does not differ from itself. Give each once.");
      }
    }
    this.runs = List.copyOf(runs);
    List<String> last =
        runs.stream()
            .map(run -> "" + run.path().toAbsolutePath().normalize().getFileName())
            .toList();
    boolean alike = last.stream().distinct().count() < last.size();
    this.names = alike ? runs.stream().map(run -> run.path().toString()).toList() : last;
  }

  /**
   * Every setting in which the runs' recipes differ, with what each of them has. Settings of an
   * architecture that a recipe leaves out are shown as they are by default.
   *
   * @return one line for each: {@code encoder.settings.options.feedback: direct | hard | soft}
   */
  public List<String> settings() {
    List<Map<String, String>> all = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>();
    for (RunFolder run : runs) {
      Map<String, String> leaves = new TreeMap<>();
      ObjectNode recipe = YamlTree.read(run.file(RunFiles.RECIPE));
      leaves(recipe, "", leaves);
      keys.addAll(leaves.keySet());
      leaves(inFull(RunFiles.recipe(run).encoder()), SETTINGS, leaves);
      all.add(leaves);
    }
    List<String> lines = new ArrayList<>();
    for (String key : keys) {
      List<String> values = all.stream().map(leaves -> leaves.getOrDefault(key, "none")).toList();
      if (values.stream().distinct().count() > 1) {
        lines.add(key + ": " + String.join(" | ", values));
      }
    }
    return lines;
  }

  private static JsonNode inFull(EncoderSpec encoder) {
    return RecordBinder.tree(
        RecordBinder.bind(
            encoder.settings(),
            Architectures.registry().get(encoder.architecture()).settings(),
            SETTINGS));
  }

  private static void leaves(JsonNode node, String path, Map<String, String> into) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  leaves(
                      entry.getValue(),
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      into));
    } else if (!node.isNull()) {
      into.put(path, node.isValueNode() ? node.asText() : node.toString());
    }
  }

  /** The names that the runs have in {@link #rows}, in their order. */
  public List<String> names() {
    return names;
  }

  /**
   * All differences of all pairs and of all subjects that both have, as a table.
   *
   * @return rows of {@link #COLUMNS}; first minus second
   * @throws DataException when two runs are of other data or other test trials
   */
  public List<List<String>> rows() {
    Map<String, List<List<String>>> families = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      for (int j = i + 1; j < runs.size(); j++) {
        for (List<String> row : pair(i, j)) {
          String of = row.get(FIRST).substring(names.get(i).length());
          String family = String.join("\t", row.get(METRIC), row.get(VARIANT), of);
          families.computeIfAbsent(family, f -> new ArrayList<>()).add(row);
        }
      }
    }
    return families.values().stream().flatMap(rows -> corrected(rows).stream()).toList();
  }

  /** Rows of one score with p corrected for their number. */
  private static List<List<String>> corrected(List<List<String>> rows) {
    double[] p =
        Statistics.holm(rows.stream().mapToDouble(row -> Double.parseDouble(row.get(P))).toArray());
    List<List<String>> corrected = new ArrayList<>();
    for (int i = 0; i < p.length; i++) {
      List<String> row = new ArrayList<>(rows.get(i));
      row.add(P + 1, Double.toString(p[i]));
      corrected.add(row);
    }
    return corrected;
  }

  /**
   * Subjects that not all runs have trained.
   *
   * @return a sentence for each run that lacks some; empty where all have the same
   */
  public List<String> missing() {
    Set<String> all = new TreeSet<>();
    runs.forEach(run -> all.addAll(trained(run)));
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      List<String> lacking = new ArrayList<>(all);
      lacking.removeAll(trained(runs.get(i)));
      if (!lacking.isEmpty()) {
        sentences.add(
            names.get(i) + " has not trained " + String.join(", ", lacking) + ": left out there");
      }
    }
    return sentences;
  }

  private static List<String> trained(RunFolder run) {
    return run.subjects().stream().filter(subject -> trained(run, subject)).toList();
  }

  /** Those rows that belong into a short table. */
  public static List<List<String>> headlines(List<List<String>> rows) {
    return rows.stream()
        .filter(
            row -> MetricNames.headline(row.get(METRIC)) || row.get(METRIC).startsWith("triple."))
        .toList();
  }

  /** The short table in words, for a terminal. */
  public static String text(List<List<String>> rows) {
    return ContrastText.of(
        headlines(rows).stream()
            .map(
                row ->
                    new ContrastText.Row(
                        cell(row, "subject"),
                        cell(row, "first") + " minus " + cell(row, "second"),
                        MetricNames.label(cell(row, "metric")),
                        cell(row, "variant"),
                        number(row, "difference"),
                        number(row, "low"),
                        number(row, "high"),
                        number(row, "p"),
                        number(row, "p_holm"),
                        cell(row, "n")))
            .toList());
  }

  private static String cell(List<String> row, String column) {
    return row.get(COLUMNS.indexOf(column));
  }

  private static double number(List<String> row, String column) {
    return Double.parseDouble(cell(row, column));
  }

  private List<List<String>> pair(int i, int j) {
    RunFolder one = runs.get(i);
    RunFolder two = runs.get(j);
    if (!fingerprint(one).equals(fingerprint(two))) {
      throw apart(i, j, "are of different data (data SHA-256 in provenance.json)");
    }
    List<String> subjects = new ArrayList<>(trained(one));
    subjects.retainAll(trained(two));
    if (subjects.isEmpty()) {
      throw apart(i, j, "have trained no subject that is in both");
    }
    List<List<String>> rows = new ArrayList<>();
    for (String subject : subjects) {
      Decoded first = Decoded.read(one, subject);
      Decoded second = Decoded.read(two, subject);
      if (!first.rows().equals(second.rows())
          || !first.trials().equals(second.trials())
          || !first.folds().equals(second.folds())) {
        throw apart(i, j, "tested other trials of sub-" + subject + ", or in other folds");
      }
      rows.addAll(subject(List.of(i, j), first, second));
    }
    return rows;
  }

  private List<List<String>> subject(List<Integer> which, Decoded first, Decoded second) {
    RunFolder one = runs.get(which.get(0));
    RunFolder two = runs.get(which.get(1));
    DecodingRecipe recipe = RunFiles.recipe(one);
    StimulusSet stimuli = StimulusFile.read(one);
    List<String> pair = which.stream().map(names::get).toList();
    List<List<String>> rows = new ArrayList<>();
    TargetTable targets = TargetTable.read(one);
    if (targets.fingerprint().equals(TargetTable.read(two).fingerprint())) {
      new Scoring(recipe, targets, stimuli)
          .contrasts(first, second)
          .forEach(c -> rows.add(RidgePanels.row(first.subject(), pair.get(0), pair.get(1), c)));
    }
    Slots own = Slots.of(one, recipe, first);
    Slots others = Slots.of(two, RunFiles.recipe(two), second);
    Slots both = own.alsoIn(others);
    if (!both.all().isEmpty()) {
      Slots same = others.alsoIn(own);
      List<SlotScores.Pair> pairs =
          new ArrayList<>(SlotScores.differences(recipe, stimuli, pair, both, same));
      pairs.addAll(TripleScoring.differences(recipe, stimuli, pair, both, same));
      pairs.forEach(
          p -> rows.add(RidgePanels.row(first.subject(), p.first(), p.second(), p.contrast())));
    }
    if (rows.isEmpty()) {
      throw apart(which.get(0), which.get(1), "have no target in common");
    }
    return rows;
  }

  private static boolean trained(RunFolder run, String subject) {
    return run.finished(Decoded.folder(subject) + "/training", run.identity());
  }

  private static String fingerprint(RunFolder run) {
    return RunFiles.study(run).path("fingerprint").asText();
  }

  private DataException apart(int i, int j, String why) {
    return new DataException(
        "holding runs against each other: "
            + names.get(i)
            + " and "
            + names.get(j)
            + " "
            + why
            + "; expected runs of the same study, split and subjects.");
  }
}
