/**
 * Which format a file is of, told by its content. In: any path; out: the format's name and a
 * summary of what it holds. The readers themselves are in the packages below.
 */
@NullMarked
package io.noesis.ingest.format;

import org.jspecify.annotations.NullMarked;
