/**
 * Captions: embeddings go in, sentences come out. Nothing here takes a caption of what was shown,
 * so none can reach a decoder; the copies of {@link
 * io.noesis.reconstruction.caption.RetrievalCaptioner} are of training stimuli and say whose they
 * are.
 */
@NullMarked
package io.noesis.reconstruction.caption;

import org.jspecify.annotations.NullMarked;
