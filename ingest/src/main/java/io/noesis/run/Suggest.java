package io.noesis.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the known name nearest to a mistyped one. */
public final class Suggest {
  private Suggest() {}

  /**
   * The known name with the smallest edit distance to {@code given}, when it is near enough to be a
   * likely slip (at most a third of the name, at least two edits).
   *
   * @param given what the user wrote
   * @param known the names that exist
   * @return the nearest name, or nothing when none is near
   */
  public static Optional<String> nearest(String given, Collection<String> known) {
    String wanted = given.toLowerCase(Locale.ROOT);
    int allowed = Math.max(2, given.length() / 3);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String name : known) {
      int distance = distance(wanted, name.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = name;
      }
    }
    return best != null && bestDistance <= allowed ? Optional.of(best) : Optional.empty();
  }

  /**
   * The sentence that follows "unknown ...": the nearest name and the list of known ones.
   *
   * @param given what the user wrote
   * @param known the names that exist
   * @return for example {@code Did you mean 'ridge'? Known: ridge, mlp.}
   */
  public static String sentence(String given, Collection<String> known) {
    List<String> names = new ArrayList<>(known);
    names.sort(null);
    String list = "Known: " + String.join(", ", names) + ".";
    return nearest(given, known).map(n -> "Did you mean '" + n + "'? " + list).orElse(list);
  }

  /** Levenshtein distance with a single rolling row. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
