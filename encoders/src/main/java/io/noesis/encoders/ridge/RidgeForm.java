package io.noesis.encoders.ridge;

/** By which decomposition a ridge problem is solved; the solutions agree to rounding. */
public enum RidgeForm {
  /** The dual form when there are at most as many rows as columns, else the primal form. */
  AUTO,
  /** Eigenvectors of XXᵀ {@code [rows, rows]}. */
  DUAL,
  /** Eigenvectors of XᵀX {@code [columns, columns]}. */
  PRIMAL,
  /** Singular vectors of X: slower, and exact where columns are nearly collinear. */
  SVD
}
