package io.noesis.ingest.simulate.stimulus;

import java.util.Locale;

/** How many objects of the category the scene shows. */
public enum SceneCount {
  ONE(1),
  TWO(2),
  THREE(3);

  private final int number;

  SceneCount(int number) {
    this.number = number;
  }

  /** The number itself. */
  public int number() {
    return number;
  }

  /** The number's English name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
