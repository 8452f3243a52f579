/**
 * MATLAB files, version 5 (also those that MATLAB calls 6 and 7). In: a file; out: its variables as
 * {@link io.noesis.ingest.format.mat.MatValue} trees. Version 4 and 7.3 are refused by name.
 */
@NullMarked
package io.noesis.ingest.format.mat;

import org.jspecify.annotations.NullMarked;
