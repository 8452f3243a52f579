/**
 * Diffusion priors: embeddings decoded from brains and the true ones go in, a {@link
 * io.noesis.alignment.prior.DiffusionPrior} comes out, which draws likely true embeddings for
 * decoded ones.
 */
@NullMarked
package io.noesis.alignment.prior;

import org.jspecify.annotations.NullMarked;
