/**
 * Target embeddings: text and pictures go in, {@link io.noesis.alignment.embedding.Embeddings} of a
 * named {@link io.noesis.alignment.embedding.EmbeddingSpace} come out. Tokenizers live only here.
 */
@NullMarked
package io.noesis.alignment.embedding;

import org.jspecify.annotations.NullMarked;
