package io.noesis.alignment.score;

import java.util.Arrays;

/** The rows that count and how they hang together: what a permutation may move. Never written. */
final class UnitRows {
  private final int[][] members;
  private final int[] label;
  private final int[] group;

  /**
   * @param members rows of each unit
   * @param label the label of each unit's truth, for statistics that go by label
   * @param group units of one group may exchange their truths
   */
  UnitRows(int[][] members, int[] label, int[] group) {
    this.members = members;
    this.label = label;
    this.group = group;
  }

  int units() {
    return members.length;
  }

  int[][] members() {
    return members;
  }

  int[] label() {
    return label;
  }

  int[] group() {
    return group;
  }

  /** Whether any two units that may exchange their truths have different ones. */
  boolean exchangeChangesTruths() {
    int[] first = new int[units()];
    Arrays.fill(first, -1);
    for (int u = 0; u < units(); u++) {
      if (first[group[u]] < 0) {
        first[group[u]] = label[u];
      } else if (first[group[u]] != label[u]) {
        return true;
      }
    }
    return false;
  }
}
