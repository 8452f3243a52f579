package io.noesis.ingest.simulate.stimulus;

import java.util.Locale;

/** How large each object is, relative to what its count leaves room for. */
public enum SceneSize {
  SMALL,
  MEDIUM,
  LARGE;

  /** The size's English name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
