/**
 * Networks that find the embedding in a noisy one, given what was decoded, and what is made small
 * to train them. What draws embeddings by them is in {@code io.noesis.alignment.prior}.
 */
@NullMarked
package io.noesis.alignment.diffusion;

import org.jspecify.annotations.NullMarked;
