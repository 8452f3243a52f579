package io.noesis.alignment.score;

/** What one candidate of the pool stands for. */
public enum Target {
  /** One stimulus: retrieval. */
  ITEM,
  /** A whole category, by a text prompt or a centre: classification. */
  CATEGORY
}
