/**
 * Functional alignment of subjects: each one's responses to the same stimuli go in, a common space
 * and each one's map into it come out. It sees training rows only; who calls it sees to that.
 */
@NullMarked
package io.noesis.alignment.functional;

import org.jspecify.annotations.NullMarked;
