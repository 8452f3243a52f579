package io.noesis.ingest.format.nifti;

import io.noesis.ingest.format.nifti.NiftiHeader.Pairing;
import io.noesis.run.CorruptDataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A header with the file its data are in: the same file, or the other one of a pair.
 *
 * @param header the parsed header
 * @param data where the data are, or null when that file is missing
 * @param name what messages call it
 */
record NiftiPair(NiftiHeader header, @Nullable ByteSource data, String name) {

  static NiftiPair of(Path file) {
    ByteSource given = ByteSource.of(file);
    boolean image = suffix(file).equals(".img") && !HeaderParser.looksLikeHeader(given);
    if (image) {
      Path other = sibling(file, ".hdr");
      if (other == null) {
        throw new CorruptDataException(
            "reading "
                + file
                + ": an image without its header, expected "
                + stem(file)
                + ".hdr or .hdr.gz beside it. Copy the header there too.");
      }
      return new NiftiPair(HeaderParser.parse(ByteSource.of(other)), given, file.toString());
    }
    NiftiPair alone = of(given);
    Path other = alone.data == null ? sibling(file, ".img") : null;
    return other == null ? alone : new NiftiPair(alone.header, ByteSource.of(other), alone.name);
  }

  /** A file by itself: whole when it is of the single kind, else a header without data. */
  static NiftiPair of(ByteSource file) {
    NiftiHeader header = HeaderParser.parse(file);
    boolean single = header.layout().pairing() == Pairing.SINGLE_FILE;
    return new NiftiPair(header, single ? file : null, file.name());
  }

  /** The data, checked to be there and large enough. */
  ByteSource requireData() {
    if (data == null) {
      throw new CorruptDataException(
          "reading "
              + name
              + ": a header without data, expected the image (.img or .img.gz) of the same name"
              + " beside it. Copy the image there too.");
    }
    data.requireRoom(
        Math.addExact(header.layout().dataOffset(), header.dataBytes()),
        "data of shape " + header.shape());
    return data;
  }

  /** The other file of a pair; one that is compressed alike comes first. */
  private static @Nullable Path sibling(Path file, String suffix) {
    boolean gz = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    List<String> endings = gz ? List.of(suffix + ".gz", suffix) : List.of(suffix, suffix + ".gz");
    for (String ending : endings) {
      for (String cased : List.of(ending, ending.toUpperCase(Locale.ROOT))) {
        Path other = file.resolveSibling(stem(file) + cased);
        if (Files.isRegularFile(other)) {
          return other;
        }
      }
    }
    return null;
  }

  private static String withoutGz(Path file) {
    String name = String.valueOf(file.getFileName());
    boolean gz = name.toLowerCase(Locale.ROOT).endsWith(".gz");
    return gz ? name.substring(0, name.length() - 3) : name;
  }

  private static String suffix(Path file) {
    String name = withoutGz(file);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
  }

  private static String stem(Path file) {
    String name = withoutGz(file);
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
