/**
 * Brain encoders: training rows go in, a fitted {@link io.noesis.encoders.BrainEncoder} comes out,
 * which turns responses into embeddings. {@link io.noesis.encoders.Architectures} lists them.
 */
@NullMarked
package io.noesis.encoders;

import org.jspecify.annotations.NullMarked;
