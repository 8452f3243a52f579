package io.noesis.encoders.architecture;

import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Patches;
import io.noesis.encoders.layer.SubjectPatches;
import java.util.List;

/**
 * Voxels put in patches by one table, or by one of each subject.
 *
 * @param layer {@code [batch, voxels]} → {@code [batch, count, size]}
 * @param count how many patches
 * @param size places of the largest
 */
record VoxelPatches(Layer layer, int count, int size) {
  static VoxelPatches of(List<Patches> tables) {
    SubjectPatches all = new SubjectPatches(tables);
    return new VoxelPatches(tables.size() == 1 ? tables.get(0) : all, all.count(), all.size());
  }
}
