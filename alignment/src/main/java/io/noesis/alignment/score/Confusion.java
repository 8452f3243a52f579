package io.noesis.alignment.score;

import io.noesis.alignment.retrieve.Ranking;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often each category was said when each was shown.
 *
 * @param labels the categories
 * @param counts one list per shown category, with one count per said category
 */
public record Confusion(List<String> labels, List<List<Integer>> counts) {
  /** Checks that it is square and copies the lists. */
  public Confusion {
    labels = List.copyOf(labels);
    counts = counts.stream().map(List::copyOf).toList();
    Check.size("rows of a confusion", labels.size(), counts.size());
    for (List<Integer> row : counts) {
      Check.size("columns of a confusion", labels.size(), row.size());
    }
  }

  /**
   * Counts pairs.
   *
   * @param labels the categories in the order to show them
   * @param shown what was shown, one per row
   * @param said what the decoder said, one per row
   * @return the counts
   */
  public static Confusion of(List<String> labels, List<String> shown, List<String> said) {
    Check.size("labels said", shown.size(), said.size());
    int n = labels.size();
    int[][] counts = new int[n][n];
    for (int r = 0; r < shown.size(); r++) {
      counts[indexOf(labels, shown.get(r))][indexOf(labels, said.get(r))]++;
    }
    List<List<Integer>> rows = new ArrayList<>();
    for (int[] row : counts) {
      rows.add(Arrays.stream(row).boxed().toList());
    }
    return new Confusion(labels, rows);
  }

  /**
   * The category of the best candidate against the category that was shown. For a pool of
   * categories these are the candidates themselves; else the pool's categories, in ascending order.
   *
   * @param decoding what was decoded; candidates need categories, unless they are categories
   * @return the counts over all rows
   */
  public static Confusion of(Decoding decoding) {
    boolean direct = decoding.setting().target() == Target.CATEGORY;
    List<String> category = direct ? decoding.pool().ids() : decoding.poolCategories();
    Check.argument(
        category.stream().noneMatch(String::isEmpty),
        "a confusion needs the category of every candidate, %d have none",
        category.stream().filter(String::isEmpty).count());
    List<String> labels = direct ? category : category.stream().distinct().sorted().toList();
    Ranking best = decoding.ranking(1);
    int[] said =
        decoding.pool().rowsOf(best.hits().stream().map(hits -> hits.get(0).id()).toList());
    int[] shown =
        decoding.pool().rowsOf(decoding.rows().stream().map(Decoding.Row::truth).toList());
    return of(labels, names(category, shown), names(category, said));
  }

  /** How often {@code said} was said when {@code shown} was shown. */
  public int count(String shown, String said) {
    return counts.get(indexOf(labels, shown)).get(indexOf(labels, said));
  }

  /** The share of rows on the diagonal. */
  public double accuracy() {
    double right = 0;
    double all = 0;
    for (int i = 0; i < labels.size(); i++) {
      right += counts.get(i).get(i);
      all += total(i);
    }
    return right / all;
  }

  /** The mean share that is recognised, over the categories that were shown. */
  public double balancedAccuracy() {
    double sum = 0;
    int shown = 0;
    for (int i = 0; i < labels.size(); i++) {
      int total = total(i);
      if (total > 0) {
        sum += (double) counts.get(i).get(i) / total;
        shown++;
      }
    }
    return sum / shown;
  }

  private int total(int row) {
    return counts.get(row).stream().mapToInt(Integer::intValue).sum();
  }

  private static List<String> names(List<String> names, int[] rows) {
    return Arrays.stream(rows).mapToObj(names::get).toList();
  }

  private static int indexOf(List<String> labels, String label) {
    int index = labels.indexOf(label);
    Check.argument(index >= 0, "category '%s' is not one of %s", label, labels);
    return index;
  }
}
