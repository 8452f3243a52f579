package io.noesis.encoders.ridge;

/** On which left-out rows penalties are compared. */
public enum Validation {
  /** Groups of rows are left out in at most the given number of folds. */
  FOLDS,
  /** Every row is left out alone, whatever its group: for rows that are unrelated only. */
  LEAVE_ONE_OUT
}
