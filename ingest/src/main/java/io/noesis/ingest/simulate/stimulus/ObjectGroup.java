package io.noesis.ingest.simulate.stimulus;

import java.util.Locale;

/** The six superordinate groups of the object categories. */
public enum ObjectGroup {
  /** Living things that move. */
  ANIMAL,
  /** What carries people. */
  VEHICLE,
  /** What grows. */
  PLANT,
  /** What people built to be in. */
  BUILDING,
  /** What people eat. */
  FOOD,
  /** Things of the house. */
  HOUSEHOLD;

  /** The group as a lower-case word, used in ids and feature names. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
