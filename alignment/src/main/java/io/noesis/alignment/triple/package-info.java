/** Triples of concepts: their numbers, and what is known of them before anything is decoded. */
@NullMarked
package io.noesis.alignment.triple;

import org.jspecify.annotations.NullMarked;
