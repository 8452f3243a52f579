/**
 * The model pack that ships with Noesis: pictures of the stimulus generator go out for its
 * training, the trained pack comes in from the class path.
 */
@NullMarked
package io.noesis.reconstruction.embedded;

import org.jspecify.annotations.NullMarked;
