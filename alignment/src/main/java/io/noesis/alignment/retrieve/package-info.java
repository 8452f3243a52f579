/**
 * Retrieval: query embeddings and a {@link io.noesis.alignment.retrieve.Gallery} go in, a {@link
 * io.noesis.alignment.retrieve.Ranking} comes out. Exact, ties by id.
 */
@NullMarked
package io.noesis.alignment.retrieve;

import org.jspecify.annotations.NullMarked;
