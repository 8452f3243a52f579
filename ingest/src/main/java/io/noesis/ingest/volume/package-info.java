/**
 * Volumes on their grids, masks, and the one door between a volume and {@code [volumes, voxels]}.
 * In come streams of volumes from any format; out go matrices whose columns a mask names, and back.
 */
@NullMarked
package io.noesis.ingest.volume;

import org.jspecify.annotations.NullMarked;
