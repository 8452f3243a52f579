package io.noesis.alignment.score;

import java.util.Locale;

/** From what a picture or a caption was made: from the brain, or from what must stand beside it. */
public enum Condition {
  /** The embedding decoded from the responses to the stimulus. */
  DECODED("decoded from the brain"),
  /** The embedding decoded from the responses to another test stimulus. */
  SHUFFLED("shuffled: from the brain's response to another stimulus"),
  /** The mean embedding of the training trials: what the model makes of no response at all. */
  MEAN("mean training embedding"),
  /** The mean embedding of the training stimuli of the same category. */
  CATEGORY("category only: mean of its training stimuli"),
  /** A random embedding about the mean, as far from it as training targets are. */
  NOISE("random embedding"),
  /** The true embedding: the best that this model can do. */
  CEILING("true embedding: the model's ceiling"),
  /** The training stimulus nearest to the decoded embedding, as it was shown; nothing is made. */
  NEAREST("nearest training stimulus");

  private final String words;

  Condition(String words) {
    this.words = words;
  }

  /** A few words for tables and legends. */
  public String words() {
    return words;
  }

  /** The name in files and recipes. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
