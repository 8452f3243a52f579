package io.noesis.ingest.format.nifti;

import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.Grid;

/** Makes the bytes before the data of a single-file NIfTI: header and an empty extension flag. */
final class HeaderWriter {
  /** {@code NIFTI_XFORM_ALIGNED_ANAT}: some other file's or truth's space; claims no template. */
  private static final int ALIGNED = 2;

  /** {@code NIFTI_UNITS_MM | NIFTI_UNITS_SEC}. */
  private static final int MM_AND_SECONDS = 2 | 8;

  private HeaderWriter() {}

  static byte[] bytes(NiftiSpec spec, NiftiType type) {
    Grid grid = spec.grid();
    int longest = Math.max(Math.max(grid.nx(), grid.ny()), Math.max(grid.nz(), spec.volumes()));
    int version = longest > Short.MAX_VALUE ? 2 : 1;
    HeaderBytes header = HeaderBytes.empty(version);
    int size = HeaderBytes.size(version);
    header.put(HeaderField.SIZEOF_HDR, 0, size);
    header.put(HeaderField.MAGIC, version == 1 ? "n+1" : "n+2\0\r\n\032\n");
    header.put(HeaderField.DATATYPE, 0, type.code());
    header.put(HeaderField.BITPIX, 0, type.bits());
    header.put(HeaderField.VOX_OFFSET, 0, size + 4);
    header.put(HeaderField.SCL_SLOPE, 0, spec.slope());
    header.put(HeaderField.SCL_INTER, 0, spec.intercept());
    header.put(HeaderField.XYZT_UNITS, 0, MM_AND_SECONDS);
    header.put(HeaderField.DESCRIP, spec.description());
    boolean series = spec.volumes() > 1 || spec.trSeconds() > 0;
    int[] dim = {series ? 4 : 3, grid.nx(), grid.ny(), grid.nz(), spec.volumes(), 1, 1, 1};
    for (int i = 0; i < 8; i++) {
      header.put(HeaderField.DIM, i, dim[i]);
      header.put(HeaderField.PIXDIM, i, 1);
    }
    header.put(HeaderField.PIXDIM, 4, spec.trSeconds());
    orientation(header, grid.affine());
    byte[] out = new byte[size + 4];
    System.arraycopy(header.array(), 0, out, 0, size);
    return out;
  }

  /** The sform always; the qform too where a quaternion can say the same. */
  private static void orientation(HeaderBytes header, Affine affine) {
    double[] rows = affine.toArray();
    for (int i = 0; i < 12; i++) {
      header.put(HeaderField.SROW, i, rows[i]);
    }
    header.put(HeaderField.SFORM_CODE, 0, ALIGNED);
    double[] zooms = affine.zoomsMm();
    for (int axis = 0; axis < 3; axis++) {
      header.put(HeaderField.PIXDIM, axis + 1, zooms[axis]);
    }
    Quaternion rotation = Quaternion.of(affine);
    if (rotation != null) {
      header.put(HeaderField.QFORM_CODE, 0, ALIGNED);
      header.put(HeaderField.PIXDIM, 0, rotation.qfac());
      header.put(HeaderField.QUATERN, 0, rotation.b());
      header.put(HeaderField.QUATERN, 1, rotation.c());
      header.put(HeaderField.QUATERN, 2, rotation.d());
      for (int row = 0; row < 3; row++) {
        header.put(HeaderField.QOFFSET, row, affine.at(row, 3));
      }
    }
  }
}
