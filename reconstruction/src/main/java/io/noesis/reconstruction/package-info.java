/**
 * Captions and pictures from decoded embeddings: see the packages below. Nothing lies here itself.
 */
@NullMarked
package io.noesis.reconstruction;

import org.jspecify.annotations.NullMarked;
