package io.noesis.alignment.train;

import io.noesis.encoders.TrainingRows;
import io.noesis.run.RecipeException;
import io.noesis.run.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Rows to learn from and rows to choose the epoch by; no group has rows in both.
 *
 * @param training row numbers, ascending
 * @param validation row numbers, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // Package-private; made once, read only.
record HeldOut(int[] training, int[] validation) {
  /**
   * Groups are drawn whoever their rows are of, so that what is validated for one subject was not
   * learned from another.
   */
  static HeldOut of(TrainingRows table, double part, Seed seed) {
    HeldOut out = of(table.groups(), part, seed);
    List<String> subjects = table.recorded().subjects();
    Set<String> learned = new HashSet<>();
    for (int row : out.training) {
      learned.add(subjects.get(row));
    }
    for (String subject : subjects) {
      if (!learned.contains(subject)) {
        throw new RecipeException(
            "training: all rows of subject '"
                + subject
                + "' were drawn for validation. Expected some to train on; lower"
                + " training.validation.part (now "
                + part
                + ") or leave the subject out.");
      }
    }
    return out;
  }

  static HeldOut of(List<String> groups, double part, Seed seed) {
    if (part == 0) {
      return new HeldOut(IntStream.range(0, groups.size()).toArray(), new int[0]);
    }
    List<String> names = new ArrayList<>(new LinkedHashSet<>(groups));
    int aside = (int) Math.max(1, Math.round(part * names.size()));
    if (aside >= names.size()) {
      throw new RecipeException(
          "training: the validation part "
              + part
              + " of "
              + names.size()
              + " groups leaves none to train on. Expected at least one group on each side; set"
              + " training.validation.part to 0 or use more recordings.");
    }
    int[] order = seed.random().permutation(names.size());
    Set<String> out = new HashSet<>();
    for (int i = 0; i < aside; i++) {
      out.add(names.get(order[i]));
    }
    return new HeldOut(rows(groups, out, false), rows(groups, out, true));
  }

  private static int[] rows(List<String> groups, Set<String> out, boolean held) {
    return IntStream.range(0, groups.size())
        .filter(row -> out.contains(groups.get(row)) == held)
        .toArray();
  }
}
