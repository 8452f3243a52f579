package io.noesis.tensor;

/**
 * The solution of a least-squares problem.
 *
 * @param solution X {@code [k, m]}
 * @param rank how many columns of A are independent; below k, X is the shortest of all solutions
 */
public record LeastSquares(Matrix solution, int rank) {}
