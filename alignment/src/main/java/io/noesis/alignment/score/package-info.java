/**
 * Scores: decoded and true embeddings go in, {@link io.noesis.alignment.score.Score}s come out,
 * each with its chance level, interval, null band and n.
 */
@NullMarked
package io.noesis.alignment.score;

import org.jspecify.annotations.NullMarked;
