package io.noesis.ingest.format.nifti;

import io.noesis.ingest.format.nifti.NiftiHeader.Orientation;
import io.noesis.ingest.format.nifti.NiftiHeader.Source;
import io.noesis.ingest.volume.Affine;
import java.util.ArrayList;
import java.util.List;

/**
 * The affine of a header (NIfTI-1 section "3D image (volume) orientation and location in space"):
 * method 3 (sform) before method 2 (qform) before the zooms alone.
 */
final class OrientationParser {
  /** How far the quaternion's squared length may exceed 1 by rounding in float32. */
  private static final double ROUNDING = 3 * Math.ulp(1f);

  private final String name;
  private final HeaderBytes header;
  private final double mm;

  /**
   * @param name the file, for messages
   * @param header the bytes
   * @param mm millimetres per unit of the file
   */
  OrientationParser(String name, HeaderBytes header, double mm) {
    this.name = name;
    this.header = header;
    this.mm = mm;
  }

  /** {@code pixdim} 1 to 3; a size of 0 means 1 and the sign says nothing, as nibabel has it. */
  List<Double> zoomsMm() {
    List<Double> zooms = new ArrayList<>();
    for (int axis = 1; axis <= 3; axis++) {
      double size = finite(HeaderField.PIXDIM, axis, "pixdim");
      zooms.add(size == 0 ? mm : Math.abs(size) * mm);
    }
    return zooms;
  }

  Orientation orientation(List<Long> shape) {
    int qform = (int) header.integer(HeaderField.QFORM_CODE, 0);
    int sform = (int) header.integer(HeaderField.SFORM_CODE, 0);
    if (sform > 0) {
      return new Orientation(fromRows(), Source.SFORM, qform, sform);
    }
    if (qform > 0) {
      return new Orientation(fromQuaternion(), Source.QFORM, qform, sform);
    }
    return new Orientation(fromZooms(shape), Source.ZOOMS_ONLY, qform, sform);
  }

  private Affine fromRows() {
    double[] rows = new double[12];
    for (int i = 0; i < 12; i++) {
      rows[i] = finite(HeaderField.SROW, i, "srow") * mm;
    }
    return Affine.ofRows(rows);
  }

  private Affine fromQuaternion() {
    double b = finite(HeaderField.QUATERN, 0, "quatern");
    double c = finite(HeaderField.QUATERN, 1, "quatern");
    double d = finite(HeaderField.QUATERN, 2, "quatern");
    double rest = 1 - b * b - c * c - d * d;
    if (rest < -ROUNDING) {
      throw HeaderParser.broken(
          name, "quatern_b, c, d", b + ", " + c + ", " + d, "a vector of length at most 1");
    }
    double a = Math.sqrt(Math.max(0, rest));
    // With a = 0 the three others may be a trifle too long; dividing keeps it a rotation.
    double n = 2 / (a * a + b * b + c * c + d * d);
    double[] r = {
      1 - n * (c * c + d * d),
      n * (b * c - a * d),
      n * (b * d + a * c),
      n * (b * c + a * d),
      1 - n * (b * b + d * d),
      n * (c * d - a * b),
      n * (b * d - a * c),
      n * (c * d + a * b),
      1 - n * (b * b + c * c)
    };
    List<Double> zooms = zoomsMm();
    double qfac = header.real(HeaderField.PIXDIM, 0) == -1 ? -1 : 1;
    double[] rows = new double[12];
    for (int row = 0; row < 3; row++) {
      for (int axis = 0; axis < 3; axis++) {
        double flip = axis == 2 ? qfac : 1;
        rows[4 * row + axis] = r[3 * row + axis] * zooms.get(axis) * flip;
      }
      rows[4 * row + 3] = finite(HeaderField.QOFFSET, row, "qoffset") * mm;
    }
    return Affine.ofRows(rows);
  }

  /** Axes the file does not have get a step of 1 and no offset. */
  private Affine fromZooms(List<Long> shape) {
    List<Double> zooms = zoomsMm();
    double[] rows = new double[12];
    for (int axis = 0; axis < 3; axis++) {
      boolean there = axis < shape.size();
      double step = (there ? zooms.get(axis) : mm) * (axis == 0 ? -1 : 1);
      rows[5 * axis] = step;
      rows[4 * axis + 3] = there ? -step * (shape.get(axis) - 1) / 2 : 0;
    }
    return Affine.ofRows(rows);
  }

  private double finite(HeaderField field, int index, String label) {
    double value = header.real(field, index);
    // 1e30 mm is no brain, and its square would no longer be finite.
    if (!(Math.abs(value) <= 1e30)) {
      throw HeaderParser.broken(name, label + "[" + index + "]", value, "a finite length");
    }
    return value;
  }
}
