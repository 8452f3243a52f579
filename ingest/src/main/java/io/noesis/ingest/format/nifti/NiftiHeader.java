package io.noesis.ingest.format.nifti;

import io.noesis.ingest.volume.Affine;
import io.noesis.ingest.volume.Grid;
import io.noesis.run.DataException;
import io.noesis.run.UnsupportedDataException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a NIfTI header says, in our units: millimetres and seconds (NIfTI-1 2007, NIfTI-2 2011).
 * Reading it never touches the data.
 *
 * @param layout version, byte order and where the data begin
 * @param type the number type of a voxel
 * @param shape the sizes of all axes, first axis fastest on disk; 1 to 7 of them
 * @param zoomsMm the voxel edges in millimetres ({@code pixdim} 1 to 3, never negative)
 * @param trSeconds seconds between volumes; 0 when there is no fourth axis or it is not time
 * @param scaling slope and intercept, or null when values are stored as they are
 * @param orientation where the voxels lie, and how the file says so
 * @param description the free texts of the header
 * @param extensions the header extensions; a malformed one ends the list
 */
public record NiftiHeader(
    Layout layout,
    NiftiType type,
    List<Long> shape,
    List<Double> zoomsMm,
    double trSeconds,
    @Nullable Scaling scaling,
    Orientation orientation,
    Description description,
    List<Extension> extensions) {

  /**
   * How the bytes lie.
   *
   * @param version 1 or 2
   * @param byteOrder of header and data
   * @param pairing whether header and data are two files
   * @param dataOffset where the data begin in their file
   */
  public record Layout(int version, ByteOrder byteOrder, Pairing pairing, long dataOffset) {}

  /** Whether header and data share a file. */
  public enum Pairing {
    /** One {@code .nii}. */
    SINGLE_FILE,
    /** {@code .hdr} and {@code .img}. */
    HEADER_AND_IMAGE
  }

  /**
   * value = slope * stored + intercept; never slope 0, NaN or infinite, which mean "no scaling".
   *
   * @param slope {@code scl_slope}
   * @param intercept {@code scl_inter}
   */
  public record Scaling(double slope, double intercept) {}

  /** Which header fields gave the affine, in the order of their precedence. */
  public enum Source {
    /** {@code srow_x/y/z}, used whenever {@code sform_code} is above 0 (method 3). */
    SFORM,
    /** The quaternion, used when only {@code qform_code} is above 0 (method 2). */
    QFORM,
    /**
     * The zooms alone (method 1): orientation unknown. As nibabel does, the first axis is taken to
     * run leftwards and the world origin lies in the centre of the volume.
     */
    ZOOMS_ONLY
  }

  /**
   * Where the voxels lie.
   *
   * @param affine voxel indices to millimetres
   * @param source which fields it came from
   * @param qformCode 0 unknown, 1 scanner, 2 aligned, 3 Talairach, 4 MNI152, 5 other template
   * @param sformCode likewise
   */
  public record Orientation(Affine affine, Source source, int qformCode, int sformCode) {}

  /**
   * The free texts.
   *
   * @param text {@code descrip}
   * @param intentCode {@code intent_code}: 0 none, 1002 labels, 1007 vector, 2001 time series, ...
   * @param intentName {@code intent_name}
   * @param auxiliaryFile {@code aux_file}
   */
  public record Description(String text, int intentCode, String intentName, String auxiliaryFile) {}

  /**
   * A header extension, whose content is skipped.
   *
   * @param code what it holds: 2 DICOM, 4 AFNI, 6 comment, 32 CIFTI, ...
   * @param bytes its length, with the 8 bytes of code and length
   */
  public record Extension(int code, int bytes) {}

  /** Copies the lists. */
  public NiftiHeader {
    shape = List.copyOf(shape);
    zoomsMm = List.copyOf(zoomsMm);
    extensions = List.copyOf(extensions);
  }

  /**
   * Reads a header only; an image file ({@code .img}) leads to its header.
   *
   * @param file {@code .nii}, {@code .hdr} or {@code .img}, gzipped or not; judged by content
   * @return the header
   * @throws io.noesis.run.CorruptDataException when it is not NIfTI or breaks its own rules
   * @throws UnsupportedDataException when it is ANALYZE 7.5 without the NIfTI magic
   */
  public static NiftiHeader read(Path file) {
    return NiftiPair.of(file).header();
  }

  /** How many values: the product of the shape. */
  public long values() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Bytes of the stored data, inflated. */
  public long dataBytes() {
    return (Math.multiplyExact(values(), (long) type.bits()) + 7) / 8;
  }

  /** The size of an axis; 1 for axes that the file does not have. */
  public long size(int axis) {
    return axis < shape.size() ? shape.get(axis) : 1;
  }

  /** The number of volumes of a 3-D or 4-D image: the fourth size. */
  public long volumes() {
    return size(3);
  }

  /** Whether every axis after the fourth has size 1. */
  public boolean isSeries() {
    return shape.stream().skip(4).allMatch(n -> n == 1);
  }

  /**
   * The space of each volume.
   *
   * @throws DataException when one volume has more than 2^31-1 voxels
   */
  public Grid grid() {
    long nx = size(0);
    long ny = size(1);
    long nz = size(2);
    if (Math.max(nx, Math.max(ny, nz)) > Integer.MAX_VALUE || nx * ny > Integer.MAX_VALUE / nz) {
      throw new UnsupportedDataException(
          "a volume of "
              + nx
              + " x "
              + ny
              + " x "
              + nz
              + " voxels is larger than this version reads (2^31-1 voxels). Crop it first.");
    }
    return new Grid((int) nx, (int) ny, (int) nz, orientation.affine());
  }

  /** Bytes of all values as float32; masked, it is 4 bytes x volumes x voxels of the mask. */
  public long memoryBytes() {
    return Math.multiplyExact(values(), 4L);
  }

  /** What {@code inspect} shows, one line each. */
  public List<String> lines() {
    boolean single = layout.pairing() == Pairing.SINGLE_FILE;
    boolean little = layout.byteOrder() == ByteOrder.LITTLE_ENDIAN;
    return List.of(
        String.format(
            "format: NIfTI-%d, %s, %s",
            layout.version(),
            single ? "one file" : "header and image",
            little ? "little-endian" : "big-endian"),
        "type: "
            + type.name().toLowerCase(Locale.ROOT)
            + (type.numeric() ? "" : ", inspected only"),
        "shape: " + shape,
        "zooms: " + zoomsMm + " mm" + (trSeconds > 0 ? ", TR " + trSeconds + " s" : ""),
        "scaling: " + scalingText(),
        "orientation: " + orientationText(),
        String.format(Locale.ROOT, "data: %d bytes at %d", dataBytes(), layout.dataOffset()),
        String.format(
            Locale.ROOT,
            "memory: %.1f MB whole, %d bytes per voxel of a mask",
            memoryBytes() / 1e6,
            memoryBytes() / Math.max(1, size(0) * size(1) * size(2))),
        "description: " + description.text(),
        "extensions: " + extensions.size());
  }

  private String scalingText() {
    return scaling == null
        ? "none"
        : String.format(Locale.ROOT, "%.9g x stored + %.9g", scaling.slope(), scaling.intercept());
  }

  private String orientationText() {
    String codes = orientation.affine().orientation();
    return (orientation.source() == Source.ZOOMS_ONLY ? "unknown, taken as " + codes : codes)
        + ", affine "
        + orientation.affine()
        + " from "
        + orientation.source().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
