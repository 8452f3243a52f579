package io.noesis.ingest.simulate.stimulus;

import java.util.Locale;

/** What is behind the objects. */
public enum Background {
  /** A plain grey studio. */
  STUDIO(0.66),
  /** Nothing but white. */
  WHITE(0.0),
  /** A bright sky with clouds. */
  SKY(2.0),
  /** Grass and hills below a pale sky. */
  MEADOW(0.58),
  /** Sand, sea and sky. */
  BEACH(0.60),
  /** Stars and a moon above a dark hill. */
  NIGHT(0.78),
  /** A street before a skyline. */
  CITY(0.70),
  /** A wall and a wooden floor. */
  ROOM(0.68);

  private final double horizon;

  Background(double horizon) {
    this.horizon = horizon;
  }

  /** Where the ground begins, as a fraction of the height from the top; above 1 for no ground. */
  double horizon() {
    return horizon;
  }

  /** The background as a lower-case word, used in ids and feature names. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
