/**
 * Proof of a model pack on this machine: a pack goes in, what its golden pair shows comes out, or
 * the error that it does not come out again.
 */
@NullMarked
package io.noesis.reconstruction.verify;

import org.jspecify.annotations.NullMarked;
