package io.noesis.alignment.retrieve;

import io.noesis.tensor.Tensor;

/** Compares all queries with some candidates in numbers that are quick but not exact. */
interface FirstPass {
  /**
   * Offers every candidate that may be among the best to its queries.
   *
   * @param vectors of candidates {@code [rows, width]}
   * @param from the first of them to compare
   * @param to one past the last
   * @param number of the first vector among all candidates
   * @param near one per query
   */
  void compare(Tensor vectors, int from, int to, int number, NearBest[] near);
}
