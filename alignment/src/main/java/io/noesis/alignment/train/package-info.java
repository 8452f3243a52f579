/**
 * Training of networks: training rows, a network and a loss go in, the weights that were best on
 * validation rows come out, with checkpoints from which a stopped training goes on bit for bit.
 */
@NullMarked
package io.noesis.alignment.train;

import org.jspecify.annotations.NullMarked;
