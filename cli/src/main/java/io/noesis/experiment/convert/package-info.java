/**
 * Any readable array, volume or table goes in; the same numbers come out as {@code .npy}, NIfTI or
 * TSV. Each pair of kinds is one small writer; what is impossible is refused before anything is
 * read.
 */
@NullMarked
package io.noesis.experiment.convert;

import org.jspecify.annotations.NullMarked;
