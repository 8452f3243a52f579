package io.noesis.ingest.format.nifti;

/**
 * The header fields that are read or written: where each lies in {@code nifti1.h} (348 bytes) and
 * {@code nifti2.h} (540 bytes), and its C type there (b, h, i, q = 8 to 64-bit integer, f, d =
 * float, double, s = text).
 */
enum HeaderField {
  SIZEOF_HDR(0, 'i', 0, 'i'),
  DIM(40, 'h', 16, 'q'),
  INTENT_CODE(68, 'h', 504, 'i'),
  DATATYPE(70, 'h', 12, 'h'),
  BITPIX(72, 'h', 14, 'h'),
  PIXDIM(76, 'f', 104, 'd'),
  VOX_OFFSET(108, 'f', 168, 'q'),
  SCL_SLOPE(112, 'f', 176, 'd'),
  SCL_INTER(116, 'f', 184, 'd'),
  XYZT_UNITS(123, 'b', 500, 'i'),
  DESCRIP(148, 's', 240, 's'),
  AUX_FILE(228, 's', 320, 's'),
  QFORM_CODE(252, 'h', 344, 'i'),
  SFORM_CODE(254, 'h', 348, 'i'),
  QUATERN(256, 'f', 352, 'd'),
  QOFFSET(268, 'f', 376, 'd'),
  SROW(280, 'f', 400, 'd'),
  INTENT_NAME(328, 's', 508, 's'),
  MAGIC(344, 's', 4, 's');

  private final int at1;
  private final char type1;
  private final int at2;
  private final char type2;

  HeaderField(int at1, char type1, int at2, char type2) {
    this.at1 = at1;
    this.type1 = type1;
    this.at2 = at2;
    this.type2 = type2;
  }

  /** The offset of its first byte. */
  int offset(int version) {
    return version == 1 ? at1 : at2;
  }

  /** Its C type, as a letter. */
  char type(int version) {
    return version == 1 ? type1 : type2;
  }
}
