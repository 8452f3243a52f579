package io.noesis.ingest.format.nifti;

import org.jspecify.annotations.Nullable;

/**
 * The number types of NIfTI-1 section "TYPE OF DATA" ({@code datatype}) that both versions share.
 */
public enum NiftiType {
  /** One bit per voxel. */
  BINARY(1, 1, false),
  /** Unsigned 8-bit integer. */
  UINT8(2, 8, true),
  /** Signed 16-bit integer. */
  INT16(4, 16, true),
  /** Signed 32-bit integer. */
  INT32(8, 32, true),
  /** 32-bit float. */
  FLOAT32(16, 32, true),
  /** Two 32-bit floats. */
  COMPLEX64(32, 64, false),
  /** 64-bit float. */
  FLOAT64(64, 64, true),
  /** Three bytes: red, green, blue. */
  RGB24(128, 24, false),
  /** Signed 8-bit integer. */
  INT8(256, 8, true),
  /** Unsigned 16-bit integer. */
  UINT16(512, 16, true),
  /** Unsigned 32-bit integer. */
  UINT32(768, 32, true),
  /** Signed 64-bit integer. */
  INT64(1024, 64, true),
  /** Unsigned 64-bit integer. */
  UINT64(1280, 64, true),
  /** 128-bit float. */
  FLOAT128(1536, 128, false),
  /** Two 64-bit floats. */
  COMPLEX128(1792, 128, false),
  /** Two 128-bit floats. */
  COMPLEX256(2048, 256, false),
  /** Four bytes: red, green, blue, alpha. */
  RGBA32(2304, 32, false);

  private final int code;
  private final int bits;
  private final boolean numeric;

  NiftiType(int code, int bits, boolean numeric) {
    this.code = code;
    this.bits = bits;
    this.numeric = numeric;
  }

  /** The number in the header's {@code datatype}. */
  public int code() {
    return code;
  }

  /** Bits per voxel. */
  public int bits() {
    return bits;
  }

  /** Whether a voxel is one real number that this version reads; the others can be inspected. */
  public boolean numeric() {
    return numeric;
  }

  /** The type of a code, or null when there is none. */
  static @Nullable NiftiType ofCode(long code) {
    for (NiftiType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
