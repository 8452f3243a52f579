/**
 * Arrays: the float32 {@link io.noesis.tensor.Tensor}, the float64 {@link io.noesis.tensor.Matrix}
 * of numerical kernels, dense linear algebra, and array files. Imports only {@code io.noesis.run}.
 */
@NullMarked
package io.noesis.tensor;

import org.jspecify.annotations.NullMarked;
