/**
 * Captions: embeddings go in, sentences come out. Nothing here takes a caption of what was shown,
 * so none can reach a decoder.
 */
@NullMarked
package io.noesis.reconstruction.caption;

import org.jspecify.annotations.NullMarked;
