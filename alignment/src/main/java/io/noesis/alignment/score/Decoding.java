package io.noesis.alignment.score;

import io.noesis.alignment.embedding.Embeddings;
import io.noesis.alignment.retrieve.Ranking;
import io.noesis.run.Check;
import io.noesis.run.DataException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a decoder said and what was true: everything a metric needs.
 *
 * @param decoded one vector per decoded row, ids as the decoder names its rows (trials, or stimuli
 *     when repetitions were averaged)
 * @param rows what is known of each decoded row, in the same order
 * @param pool the candidates; the truth of every row is among them
 * @param poolCategories the category of each candidate, in the pool's order; empty where unknown
 * @param trainingMeans the mean target embedding of the training stimuli, one per fold; ids are the
 *     folds' names
 * @param setting how rows are compared and what they mean
 * @param poolOfFold the same candidates where each fold has a space of its own (what layers that
 *     its training learned make of targets), by the fold's name: rows are compared with the pool of
 *     theirs; empty where all folds share one
 */
public record Decoding(
    Embeddings decoded,
    List<Row> rows,
    Embeddings pool,
    List<String> poolCategories,
    Embeddings trainingMeans,
    Setting setting,
    Map<String, Embeddings> poolOfFold) {
  /**
   * One decoded row.
   *
   * @param truth id of the candidate that was really shown
   * @param unit what is resampled and exchanged as one: usually the stimulus, so that all trials of
   *     a stimulus move together
   * @param run the run it was recorded in; empty when it pools several
   * @param fold the fold that decoded it: an id of {@code trainingMeans}
   */
  public record Row(String truth, String unit, String run, String fold) {}

  /**
   * How rows are compared and what they mean.
   *
   * @param similarity how a decoded vector is compared with a candidate
   * @param target what a candidate stands for
   * @param unit the name of the units: {@code stimulus}, {@code block}, {@code trial}
   * @param protocol what two labs must share to compare, in words: repetitions averaged, pool rule
   */
  public record Setting(Similarity similarity, Target target, String unit, String protocol) {
    /** Cosine retrieval of single stimuli. */
    public static final Setting RETRIEVAL =
        new Setting(Similarity.COSINE, Target.ITEM, "stimulus", "");

    /** Recognition of categories: the pool holds one embedding per category. */
    public static final Setting RECOGNITION =
        new Setting(Similarity.CENTRED_COSINE, Target.CATEGORY, "trial", "");

    /** The same with other units. */
    public Setting withUnit(String otherUnit) {
      return new Setting(similarity, target, otherUnit, protocol);
    }

    /** The same with another similarity. */
    public Setting with(Similarity other) {
      return new Setting(other, target, unit, protocol);
    }

    /** The same with another protocol line. */
    public Setting withProtocol(String otherProtocol) {
      return new Setting(similarity, target, unit, otherProtocol);
    }
  }

  /** A decoding of folds that share one space. */
  public Decoding(
      Embeddings decoded,
      List<Row> rows,
      Embeddings pool,
      List<String> poolCategories,
      Embeddings trainingMeans,
      Setting setting) {
    this(decoded, rows, pool, poolCategories, trainingMeans, setting, Map.of());
  }

  /** Checks that the parts belong together. */
  public Decoding {
    rows = List.copyOf(rows);
    poolCategories = List.copyOf(poolCategories);
    poolOfFold = Map.copyOf(poolOfFold);
    Check.argument(!rows.isEmpty(), "nothing was decoded: a score needs at least one row");
    Check.size("rows of a decoding", decoded.size(), rows.size());
    Check.size("categories of the pool", pool.size(), poolCategories.size());
    requireOneSpace(decoded, pool, "the pool");
    requireOneSpace(decoded, trainingMeans, "the training mean");
    requireKnownNames(rows, pool, trainingMeans);
    requireOneTruthPerUnit(rows);
    requireSameCandidates(rows, pool, poolOfFold);
  }

  /**
   * A retrieval of single stimuli by cosine.
   *
   * @param decoded one vector per row
   * @param rows what is known of each row
   * @param pool the candidates
   * @param trainingMeans one mean per fold
   * @return the decoding, without categories
   */
  public static Decoding of(
      Embeddings decoded, List<Row> rows, Embeddings pool, Embeddings trainingMeans) {
    List<String> unknown = Collections.nCopies(pool.size(), "");
    return new Decoding(decoded, rows, pool, unknown, trainingMeans, Setting.RETRIEVAL);
  }

  /**
   * The same with the categories of the pool.
   *
   * @param categories category by candidate id; a candidate that is not in it has none
   * @return a new value
   */
  public Decoding withCategories(Map<String, String> categories) {
    List<String> aligned = pool.ids().stream().map(id -> categories.getOrDefault(id, "")).toList();
    return new Decoding(decoded, rows, pool, aligned, trainingMeans, setting, poolOfFold);
  }

  /** The same compared or described in another way. */
  public Decoding with(Setting other) {
    return new Decoding(decoded, rows, pool, poolCategories, trainingMeans, other, poolOfFold);
  }

  /**
   * One row per unit: the mean of the unit's decoded vectors. Itself when there is one row already.
   *
   * @return the averaged decoding; its protocol says how many rows were averaged
   */
  public Decoding averaged() {
    return Averaging.byUnit(this);
  }

  /** The same where each fold compares in a space of its own. */
  public Decoding withPools(Map<String, Embeddings> ofFolds) {
    return new Decoding(decoded, rows, pool, poolCategories, trainingMeans, setting, ofFolds);
  }

  /** The folds that decoded rows of each unit, by its id. */
  public Map<String, Set<String>> foldsOfUnits() {
    Map<String, Set<String>> folds = new HashMap<>();
    rows.forEach(r -> folds.computeIfAbsent(r.unit(), u -> new TreeSet<>()).add(r.fold()));
    return folds;
  }

  /**
   * The best candidates of every row, compared as the setting says; equal ones by ascending id.
   *
   * @param keep how many to keep per row
   * @return one list per row, in the order of the rows
   */
  public Ranking ranking(int keep) {
    return Comparison.of(this).ranking(keep);
  }

  /**
   * The rows of several folds as one decoding; the folds keep their own training means.
   *
   * @param folds at least one; same pool, same setting, row ids and fold names unique over all
   * @return all their rows
   */
  public static Decoding pooled(List<Decoding> folds) {
    return Averaging.pooled(folds);
  }

  private static void requireOneSpace(Embeddings decoded, Embeddings other, String what) {
    if (!decoded.space().equals(other.space())) {
      throw new DataException(
          "scoring: the decoded embeddings live in "
              + decoded.space()
              + " and "
              + what
              + " in "
              + other.space()
              + "; only vectors of one space can be compared");
    }
  }

  private static void requireKnownNames(List<Row> rows, Embeddings pool, Embeddings trainingMeans) {
    Set<String> candidates = new HashSet<>(pool.ids());
    Set<String> folds = new HashSet<>(trainingMeans.ids());
    for (Row row : rows) {
      Check.argument(
          candidates.contains(row.truth()),
          "scoring unit '%s': its truth '%s' is not among the %d candidates of the pool",
          row.unit(),
          row.truth(),
          pool.size());
      Check.argument(
          folds.contains(row.fold()),
          "scoring unit '%s': no training mean of fold '%s'; known folds: %s",
          row.unit(),
          row.fold(),
          trainingMeans.ids());
    }
  }

  private static void requireSameCandidates(
      List<Row> rows, Embeddings pool, Map<String, Embeddings> poolOfFold) {
    if (poolOfFold.isEmpty()) {
      return;
    }
    for (Row row : rows) {
      Embeddings own = poolOfFold.get(row.fold());
      Check.argument(
          own != null && own.ids().equals(pool.ids()) && own.space().equals(pool.space()),
          "scoring unit '%s': fold '%s' has no pool of the same candidates; the pools are of %s",
          row.unit(),
          row.fold(),
          poolOfFold.keySet());
    }
  }

  private static void requireOneTruthPerUnit(List<Row> rows) {
    Map<String, String> truth = new HashMap<>();
    for (Row row : rows) {
      String earlier = truth.putIfAbsent(row.unit(), row.truth());
      Check.argument(
          earlier == null || earlier.equals(row.truth()),
          "unit '%s' has the truths '%s' and '%s'; what is resampled as one must show one thing",
          row.unit(),
          earlier,
          row.truth());
    }
  }
}
