package io.noesis.tensor;

/** In which order a file holds the elements of an array. */
public enum ArrayOrder {
  /** The last axis varies fastest (row-major), as in {@link Tensor}. */
  C,
  /** The first axis varies fastest (column-major), as MATLAB and R write. */
  FORTRAN
}
