/**
 * The architectures a recipe can name, one class each, and their registry {@link
 * io.noesis.encoders.architecture.Architectures}. Training rows go in, a fitted {@link
 * io.noesis.encoders.BrainEncoder} comes out.
 */
@NullMarked
package io.noesis.encoders.architecture;

import org.jspecify.annotations.NullMarked;
