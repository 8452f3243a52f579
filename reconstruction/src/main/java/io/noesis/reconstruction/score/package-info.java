/**
 * Scores of pictures and captions: what was made for each stimulus and what was shown go in, values
 * with interval, chance and the null of exchanged brains come out.
 */
@NullMarked
package io.noesis.reconstruction.score;

import org.jspecify.annotations.NullMarked;
