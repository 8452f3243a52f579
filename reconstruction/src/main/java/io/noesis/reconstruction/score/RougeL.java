package io.noesis.reconstruction.score;

import java.util.List;

/**
 * ROUGE-L (Lin 2004, https://aclanthology.org/W04-1013) with the COCO evaluation's weight: from the
 * longest common subsequence, precision P and recall R, {@code (1 + b^2) P R / (R + b^2 P)}, b =
 * 1.2.
 */
final class RougeL {
  private static final double BETA = 1.2;

  private RougeL() {}

  static double of(List<String> made, List<String> shown) {
    int common = longestCommon(made, shown);
    if (common == 0) {
      return 0;
    }
    double precision = common / (double) made.size();
    double recall = common / (double) shown.size();
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
