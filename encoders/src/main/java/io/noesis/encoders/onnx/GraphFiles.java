package io.noesis.encoders.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.noesis.run.Failure;
import io.noesis.run.FileFingerprints;
import io.noesis.run.Fingerprint;
import io.noesis.run.ModelException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The files that a graph on disk is made of: the {@code .onnx} and those beside it that hold its
 * weights (ONNX, "External Data"; message and field numbers as in {@code onnx.proto}). Read as a
 * stream, so that neither a graph nor its weights need to fit into memory.
 */
public final class GraphFiles {
  private static final String LOCATION = "location";

  /** The messages on the way from a model to the place of a tensor's numbers. */
  private enum Message {
    MODEL,
    GRAPH,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    SPARSE,
    TENSOR,
    ENTRY
  }

  private static final Map<Message, Map<Integer, Message>> INSIDE =
      Map.of(
          Message.MODEL,
          Map.of(7, Message.GRAPH, 25, Message.FUNCTION),
          Message.GRAPH,
          Map.of(1, Message.NODE, 5, Message.TENSOR, 15, Message.SPARSE),
          Message.FUNCTION,
          Map.of(7, Message.NODE),
          Message.NODE,
          Map.of(5, Message.ATTRIBUTE),
          Message.ATTRIBUTE,
          Map.of(
              5,
              Message.TENSOR,
              6,
              Message.GRAPH,
              10,
              Message.TENSOR,
              11,
              Message.GRAPH,
              22,
              Message.SPARSE,
              23,
              Message.SPARSE),
          Message.SPARSE,
          Map.of(1, Message.TENSOR, 2, Message.TENSOR),
          Message.TENSOR,
          Map.of(13, Message.ENTRY),
          Message.ENTRY,
          Map.of());

  private GraphFiles() {}

  /**
   * SHA-256 over everything that decides what a graph computes. Of a graph in one piece it is that
   * of the file; of a graph with weights beside it, that of all their digests together.
   *
   * @param onnx the {@code .onnx} file
   * @return 64 hexadecimal digits
   * @throws ModelException when a file is missing, no ONNX, or lies outside the graph's folder
   */
  public static String fingerprint(Path onnx) {
    SortedSet<String> beside = locations(onnx);
    String graph = FileFingerprints.of(onnx);
    if (beside.isEmpty()) {
      return graph;
    }
    StringBuilder all = new StringBuilder("graph ").append(graph);
    for (String location : beside) {
      String digest = FileFingerprints.of(inside(onnx, location));
      all.append('\n').append(location).append(' ').append(digest);
    }
    return Fingerprint.ofText(all.toString());
  }

  /**
   * The files of weights that a graph names.
   *
   * @param onnx the {@code .onnx} file
   * @return paths relative to the graph's folder, as the graph spells them
   * @throws ModelException when the file is missing or no ONNX
   */
  static SortedSet<String> locations(Path onnx) {
    SortedSet<String> found = new TreeSet<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(onnx), 1 << 16)) {
      CodedInputStream coded = CodedInputStream.newInstance(in);
      read(coded, Message.MODEL, found);
    } catch (IOException e) {
      throw new ModelException(
          "reading which files the graph "
              + onnx
              + " is made of: "
              + Failure.reason(e)
              + ". Expected a whole .onnx file; fetch it again or export it anew.",
          e);
    }
    return found;
  }

  private static void read(CodedInputStream in, Message message, SortedSet<String> found)
      throws IOException {
    Map<Integer, Message> inside = Optional.ofNullable(INSIDE.get(message)).orElseThrow();
    String key = "";
    String value = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      boolean sized = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (sized && inside.containsKey(field)) {
        int outer = in.pushLimit(in.readRawVarint32());
        read(in, Optional.ofNullable(inside.get(field)).orElseThrow(), found);
        in.popLimit(outer);
      } else if (sized && message == Message.ENTRY && field == 1) {
        key = in.readString();
      } else if (sized && message == Message.ENTRY && field == 2) {
        value = in.readString();
      } else {
        in.skipField(tag);
      }
    }
    if (key.equals(LOCATION)) {
      found.add(value);
    }
  }

  private static Path inside(Path onnx, String location) {
    try {
      Path folder = onnx.toAbsolutePath().normalize().getParent();
      Path file = folder == null ? Path.of(location) : folder.resolve(location).normalize();
      if (folder != null && file.startsWith(folder) && Files.isRegularFile(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // Refused below with the rest.
    }
    throw new ModelException(
        "reading the weights of the graph "
            + onnx
            + ": it names the file '"
            + location
            + "', which is not in the graph's folder. Put it there under that name, or export the"
            + " model anew.");
  }
}
