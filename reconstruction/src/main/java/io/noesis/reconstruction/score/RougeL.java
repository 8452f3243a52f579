package io.noesis.reconstruction.score;

import java.util.List;

/**
 * ROUGE-L (Lin 2004, https://aclanthology.org/W04-1013) with the COCO evaluation's weight: from the
 * longest common subsequence, precision P and recall R, {@code (1 + b^2) P R / (R + b^2 P)}, b =
 * 1.2. Of several references P and R are each the best, which need not be of the same one.
 */
final class RougeL {
  private static final double BETA = 1.2;

  private RougeL() {}

  static double of(List<String> made, List<List<String>> references) {
    double precision = 0;
    double recall = 0;
    for (List<String> shown : references) {
      int common = longestCommon(made, shown);
      if (common > 0) {
        precision = Math.max(precision, common / (double) made.size());
        recall = Math.max(recall, common / (double) shown.size());
      }
    }
    if (precision == 0) {
      return 0;
    }
    return (1 + BETA * BETA) * precision * recall / (recall + BETA * BETA * precision);
  }

  private static int longestCommon(List<String> a, List<String> b) {
    int[] before = new int[b.size() + 1];
    for (String word : a) {
      int[] row = new int[b.size() + 1];
      for (int j = 1; j <= b.size(); j++) {
        row[j] = word.equals(b.get(j - 1)) ? before[j - 1] + 1 : Math.max(before[j], row[j - 1]);
      }
      before = row;
    }
    return before[b.size()];
  }
}
