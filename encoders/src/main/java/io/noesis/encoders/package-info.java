/**
 * Brain encoders: training rows go in, a fitted {@link io.noesis.encoders.BrainEncoder} comes out,
 * which turns responses into embeddings; {@code encoders.architecture} lists them.
 */
@NullMarked
package io.noesis.encoders;

import org.jspecify.annotations.NullMarked;
