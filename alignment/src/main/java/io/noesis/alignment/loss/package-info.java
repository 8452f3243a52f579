/**
 * What training makes small: predictions and targets go in, one number with gradients comes out;
 * {@link io.noesis.alignment.loss.Losses} lists them.
 */
@NullMarked
package io.noesis.alignment.loss;

import org.jspecify.annotations.NullMarked;
