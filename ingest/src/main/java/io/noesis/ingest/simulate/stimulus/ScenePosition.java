package io.noesis.ingest.simulate.stimulus;

import java.util.Locale;

/** Where in the picture the objects are. */
public enum ScenePosition {
  LEFT,
  RIGHT,
  TOP,
  BOTTOM,
  CENTRE;

  /** The position's English name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
