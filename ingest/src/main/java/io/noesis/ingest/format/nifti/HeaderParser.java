package io.noesis.ingest.format.nifti;

import io.noesis.ingest.format.nifti.NiftiHeader.Description;
import io.noesis.ingest.format.nifti.NiftiHeader.Extension;
import io.noesis.ingest.format.nifti.NiftiHeader.Layout;
import io.noesis.ingest.format.nifti.NiftiHeader.Pairing;
import io.noesis.ingest.format.nifti.NiftiHeader.Scaling;
import io.noesis.run.CorruptDataException;
import io.noesis.run.UnsupportedDataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a header of {@code nifti1.h} or {@code nifti2.h}, checking every field it uses. */
final class HeaderParser {
  /** How far extensions are listed, so that inspecting a damaged file ends soon. */
  private static final long EXTENSIONS = 1 << 26;

  private final String name;
  private final HeaderBytes header;

  private HeaderParser(String name, HeaderBytes header) {
    this.name = name;
    this.header = header;
  }

  /** Whether a file begins with a NIfTI header, for telling an image from its header. */
  static boolean looksLikeHeader(ByteSource source) {
    try (InputStream in = source.open()) {
      HeaderBytes header = HeaderBytes.of(in.readNBytes(HeaderBytes.size(2)));
      return header != null
          && header.whole()
          && header.text(HeaderField.MAGIC, 4).matches("n[+i]" + header.version());
    } catch (IOException e) {
      // A damaged image is reported when its data are read, with its header known.
      return false;
    }
  }

  static NiftiHeader parse(ByteSource source) {
    try (InputStream in = source.open()) {
      byte[] start = in.readNBytes(HeaderBytes.size(1));
      HeaderBytes header = HeaderBytes.of(start);
      if (header != null && header.version() == 2) {
        byte[] rest = in.readNBytes(HeaderBytes.size(2) - start.length);
        byte[] all = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, all, start.length, rest.length);
        header = HeaderBytes.of(all);
      }
      if (header == null) {
        throw notNifti(source.name(), start);
      }
      if (!header.whole()) {
        throw new CorruptDataException(
            String.format(
                "reading %s: the header has %d bytes, expected %d. The file is truncated; fetch or"
                    + " export it again.",
                source.name(), header.array().length, HeaderBytes.size(header.version())));
      }
      return new HeaderParser(source.name(), header).header(in);
    } catch (IOException e) {
      throw source.failure(e, "the header");
    }
  }

  private static CorruptDataException notNifti(String name, byte[] start) {
    String found =
        start.length < 4
            ? "only " + start.length + " bytes"
            : "sizeof_hdr 0x" + Integer.toHexString(ByteBuffer.wrap(start).getInt(0));
    return new CorruptDataException(
        String.format(
            "reading %s: not a NIfTI file: found %s, expected sizeof_hdr 348 (NIfTI-1) or 540"
                + " (NIfTI-2) in either byte order. Check that the file is what its name says.",
            name, found));
  }

  private NiftiHeader header(InputStream rest) throws IOException {
    Pairing pairing = pairing();
    NiftiType type = type();
    List<Long> shape = shape(type);
    double mm = millimetresPerUnit();
    OrientationParser space = new OrientationParser(name, header, mm);
    int size = HeaderBytes.size(header.version());
    long offset = dataOffset(pairing, size);
    return new NiftiHeader(
        new Layout(header.version(), header.order(), pairing, offset),
        type,
        shape,
        space.zoomsMm(),
        shape.size() > 3 ? seconds() : 0,
        scaling(type),
        space.orientation(shape),
        new Description(
            header.text(HeaderField.DESCRIP, 80),
            (int) header.integer(HeaderField.INTENT_CODE, 0),
            header.text(HeaderField.INTENT_NAME, 16),
            header.text(HeaderField.AUX_FILE, 24)),
        extensions(rest, pairing == Pairing.SINGLE_FILE ? offset - size : EXTENSIONS));
  }

  private Pairing pairing() {
    String magic = header.text(HeaderField.MAGIC, 4);
    if (magic.equals("n+" + header.version())) {
      return Pairing.SINGLE_FILE;
    }
    if (magic.equals("ni" + header.version())) {
      return Pairing.HEADER_AND_IMAGE;
    }
    if (header.version() == 1 && magic.isEmpty()) {
      throw new UnsupportedDataException(
          "reading "
              + name
              + ": an ANALYZE 7.5 header without the NIfTI magic 'ni1' or 'n+1': left and right"
              + " cannot be told. Convert it to NIfTI with the tool that wrote it.");
    }
    throw broken("magic", "'" + magic + "'", "'n+1', 'ni1', 'n+2' or 'ni2'");
  }

  private NiftiType type() {
    long code = header.integer(HeaderField.DATATYPE, 0);
    NiftiType type = NiftiType.ofCode(code);
    if (type == null) {
      throw broken("datatype", code, "a NIfTI type code (2 = uint8, 4 = int16, 16 = float32, ...)");
    }
    return type;
  }

  private List<Long> shape(NiftiType type) {
    long rank = header.integer(HeaderField.DIM, 0);
    if (rank < 1 || rank > 7) {
      throw broken("dim[0]", rank, "the number of axes, 1 to 7");
    }
    List<Long> shape = new ArrayList<>();
    // At least a float's worth, so that sizes in memory cannot overflow either.
    long bits = Math.max(type.bits(), Float.SIZE);
    for (int axis = 1; axis <= rank; axis++) {
      long size = header.integer(HeaderField.DIM, axis);
      if (size < 1 || bits > Long.MAX_VALUE / 2 / size) {
        throw broken("dim[" + axis + "]", size, "at least 1, and less than 2^62 bits in all");
      }
      bits *= size;
      shape.add(size);
    }
    return shape;
  }

  private double millimetresPerUnit() {
    return switch ((int) header.integer(HeaderField.XYZT_UNITS, 0) & 0x07) {
      case 1 -> 1000;
      case 3 -> 1e-3;
      default -> 1;
    };
  }

  private double seconds() {
    double step = Math.abs(header.real(HeaderField.PIXDIM, 4));
    double unit =
        switch ((int) header.integer(HeaderField.XYZT_UNITS, 0) & 0x38) {
          case 0, 8 -> 1;
          case 16 -> 1e-3;
          case 24 -> 1e-6;
          default -> 0;
        };
    return Double.isFinite(step) ? step * unit : 0;
  }

  private long dataOffset(Pairing pairing, int headerSize) {
    double claimed = header.real(HeaderField.VOX_OFFSET, 0);
    long smallest = pairing == Pairing.SINGLE_FILE ? headerSize + 4 : 0;
    if (claimed == 0) {
      return smallest;
    }
    if (!(claimed >= smallest && claimed < 0x1p62 && claimed == Math.rint(claimed))) {
      throw broken("vox_offset", claimed, "0, or a whole number of at least " + smallest);
    }
    return header.integer(HeaderField.VOX_OFFSET, 0);
  }

  /** Slope 0, NaN or infinite means that values are stored as they are. */
  private @Nullable Scaling scaling(NiftiType type) {
    double slope = header.real(HeaderField.SCL_SLOPE, 0);
    double intercept = header.real(HeaderField.SCL_INTER, 0);
    if (slope == 0 || !Double.isFinite(slope) || !type.numeric()) {
      return null;
    }
    if (!Double.isFinite(intercept)) {
      throw broken("scl_inter", intercept, "a finite intercept beside scl_slope " + slope);
    }
    return slope == 1 && intercept == 0 ? null : new Scaling(slope, intercept);
  }

  /** Lists extensions without keeping their content; never reads past where the data begin. */
  private List<Extension> extensions(InputStream in, long room) throws IOException {
    List<Extension> found = new ArrayList<>();
    byte[] flag = in.readNBytes((int) Math.min(4, room));
    if (flag.length < 4 || flag[0] == 0) {
      return found;
    }
    for (long left = Math.min(room, EXTENSIONS) - 4; left >= 16; ) {
      byte[] head = in.readNBytes(8);
      if (head.length < 8) {
        break;
      }
      ByteBuffer numbers = ByteBuffer.wrap(head).order(header.order());
      int size = numbers.getInt(0);
      if (size < 16 || size > left || !Skip.exactly(in, size - 8L)) {
        break;
      }
      found.add(new Extension(numbers.getInt(4), size));
      left -= size;
    }
    return found;
  }

  private CorruptDataException broken(String field, Object value, String expected) {
    return broken(name, field, value, expected);
  }

  static CorruptDataException broken(String name, String field, Object value, String expected) {
    return new CorruptDataException(
        String.format(
            "reading %s: header field %s is %s, expected %s. The header is damaged; fetch or export"
                + " the file again.",
            name, field, value, expected));
  }
}
