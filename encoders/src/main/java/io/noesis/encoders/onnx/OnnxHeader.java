package io.noesis.encoders.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.noesis.run.Failure;
import io.noesis.run.ModelException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a graph's file says of its inputs and outputs, read without its weights (ONNX, message and
 * field numbers as in {@code onnx.proto}). Axes that ONNX Runtime would infer are free here.
 *
 * @param inputs in the graph's order, without those that are weights
 * @param outputs in the graph's order
 * @param metadata what its maker wrote into the file, by key
 */
public record OnnxHeader(
    List<OnnxPort> inputs, List<OnnxPort> outputs, Map<String, String> metadata) {
  /** Copies the collections. */
  public OnnxHeader {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads a file's header.
   *
   * @param onnx the {@code .onnx} file
   * @return the header; empty where the file leaves the type or rank of an input or output open
   * @throws ModelException when the file is missing or no ONNX
   */
  public static Optional<OnnxHeader> read(Path onnx) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(onnx), 1 << 16)) {
      return new Reader(CodedInputStream.newInstance(in)).header();
    } catch (IOException e) {
      throw new ModelException(
          "reading what the graph "
              + onnx
              + " takes and gives: "
              + Failure.reason(e)
              + ". Expected a whole .onnx file; fetch it again or export it anew.",
          e);
    }
  }

  /** One pass over a file. */
  private static final class Reader {
    private final CodedInputStream in;
    private final List<OnnxPort> inputs = new ArrayList<>();
    private final List<OnnxPort> outputs = new ArrayList<>();
    private final Set<String> weights = new HashSet<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private boolean graph;
    private boolean open;

    Reader(CodedInputStream in) {
      this.in = in;
    }

    Optional<OnnxHeader> header() throws IOException {
      fields(
          field -> {
            switch (field) {
              case 7 -> message(this::graph);
              case 14 -> message(this::entry);
              default -> {
                return false;
              }
            }
            return true;
          });
      inputs.removeIf(port -> weights.contains(port.name()));
      return open || !graph || outputs.isEmpty()
          ? Optional.empty()
          : Optional.of(new OnnxHeader(inputs, outputs, metadata));
    }

    private interface Field {
      /** Reads a sized field; false where it is of no interest. */
      boolean read(int number) throws IOException;
    }

    private interface Part {
      void read() throws IOException;
    }

    private void fields(Field reader) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        boolean sized = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
        if (!sized || !reader.read(WireFormat.getTagFieldNumber(tag))) {
          in.skipField(tag);
        }
      }
    }

    private void message(Part part) throws IOException {
      int outer = in.pushLimit(in.readRawVarint32());
      part.read();
      in.popLimit(outer);
    }

    private void graph() throws IOException {
      graph = true;
      fields(
          field -> {
            switch (field) {
              case 5 -> message(this::weight);
              case 11 -> message(() -> port(inputs));
              case 12 -> message(() -> port(outputs));
              case 15 -> message(this::sparse);
              default -> {
                return false;
              }
            }
            return true;
          });
    }

    private void weight() throws IOException {
      fields(
          field -> {
            if (field != 8) {
              return false;
            }
            weights.add(in.readString());
            return true;
          });
    }

    private void sparse() throws IOException {
      fields(
          field -> {
            if (field != 1) {
              return false;
            }
            message(this::weight);
            return true;
          });
    }

    private void entry() throws IOException {
      String[] pair = {"", ""};
      fields(
          field -> {
            if (field != 1 && field != 2) {
              return false;
            }
            pair[field - 1] = in.readString();
            return true;
          });
      metadata.put(pair[0], pair[1]);
    }

    private void port(List<OnnxPort> ports) throws IOException {
      String[] name = {""};
      TensorType type = new TensorType();
      fields(
          field -> {
            if (field == 1) {
              name[0] = in.readString();
              return true;
            }
            if (field != 2) {
              return false;
            }
            message(() -> type.read(in));
            return true;
          });
      open |= !type.whole();
      ports.add(new OnnxPort(name[0], type.element(), type.axes));
    }
  }

  /** A value's type: the one of a tensor, or none that is of use here. */
  private static final class TensorType {
    private final List<OnnxPort.Axis> axes = new ArrayList<>();
    private int element;
    private boolean shaped;

    boolean whole() {
      return shaped && element != 0;
    }

    OnnxType element() {
      return switch (element) {
        case 1 -> OnnxType.FLOAT32;
        case 10 -> OnnxType.FLOAT16;
        case 11 -> OnnxType.FLOAT64;
        case 7 -> OnnxType.INT64;
        case 6 -> OnnxType.INT32;
        case 9 -> OnnxType.BOOL;
        default -> OnnxType.OTHER;
      };
    }

    /** TypeProto, of which field 1 is a tensor's. */
    void read(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == 1) {
          int outer = in.pushLimit(in.readRawVarint32());
          tensor(in);
          in.popLimit(outer);
        } else {
          in.skipField(tag);
        }
      }
    }

    private void tensor(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> element = in.readEnum();
          case 2 -> {
            shaped = true;
            int outer = in.pushLimit(in.readRawVarint32());
            shape(in);
            in.popLimit(outer);
          }
          default -> in.skipField(tag);
        }
      }
    }

    private void shape(CodedInputStream in) throws IOException {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == 1) {
          int outer = in.pushLimit(in.readRawVarint32());
          axis(in);
          in.popLimit(outer);
        } else {
          in.skipField(tag);
        }
      }
    }

    private void axis(CodedInputStream in) throws IOException {
      long size = -1;
      String label = "";
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> size = in.readInt64();
          case 2 -> label = in.readString();
          default -> in.skipField(tag);
        }
      }
      axes.add(new OnnxPort.Axis(size, label));
    }
  }
}
