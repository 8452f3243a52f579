/**
 * NIfTI-1 and NIfTI-2, one file or a pair, plain or gzipped, either byte order. In go paths and
 * volumes; out come headers, streams of volumes, and files written whole or not at all.
 */
@NullMarked
package io.noesis.ingest.format.nifti;

import org.jspecify.annotations.NullMarked;
