package io.noesis.alignment.score;

/** Between which units the truth may be exchanged in a permutation. */
public enum Exchange {
  /** Between all units: right when units were shown in random order. */
  ANY_UNIT("among all"),
  /** Only between units of the same run: what differs between runs cannot pass for signal. */
  WITHIN_RUN("within runs of");

  private final String words;

  Exchange(String words) {
    this.words = words;
  }

  /** How it is written in a protocol line, before the name of the units. */
  public String words() {
    return words;
  }
}
