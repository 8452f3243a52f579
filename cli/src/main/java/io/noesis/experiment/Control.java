package io.noesis.experiment;

import io.noesis.run.Seed;

/** What of the training data is spoilt on purpose: a decoder of such a run must be at chance. */
public enum Control {
  /** Nothing. */
  NONE("none", ""),
  /**
   * What was shown in the training trials of a fold is dealt anew among them, for each subject by
   * itself; test trials stay as they are.
   */
  SHUFFLED_IDS(
      "shuffled ids",
      "what was shown in the training trials was dealt anew among them, within each subject and"
          + " fold, so that nothing can be learned");

  private final String label;
  private final String words;

  Control(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** Its name in words. */
  String label() {
    return label;
  }

  /** What was done, in words. */
  String words() {
    return words;
  }

  /**
   * What training trials are said to have shown.
   *
   * @param trained their rows of the trial table
   * @param seed of the subject and fold
   * @return for each of them the row whose stimulus it is given; themselves without a control
   */
  int[] shown(int[] trained, Seed seed) {
    if (this == NONE) {
      return trained;
    }
    int[] order = seed.child("shuffled ids").random().permutation(trained.length);
    int[] shown = new int[trained.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = trained[order[i]];
    }
    return shown;
  }
}
