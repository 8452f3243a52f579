package io.noesis.encoders.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.noesis.run.AtomicFile;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Initializers whose numbers lie in a file beside the graph (ONNX, "External Data"). */
final class ExternalWeights {
  /** Offsets are multiples of it, so that a reader can map each weight into memory. */
  private static final long ALIGNMENT = 65536;

  /** Below it a weight stays in the graph: shape inference reads axes and shapes there. */
  private static final long SMALLEST = 1024;

  private ExternalWeights() {}

  /** Writes the file and gives the initializers that point into it. */
  static List<TensorProto> write(Path file, Map<String, GraphWeight> weights) {
    List<TensorProto> initializers = new ArrayList<>();
    String location = String.valueOf(file.getFileName());
    long[] end = {0};
    AtomicFile.write(
        file,
        out -> {
          for (Map.Entry<String, GraphWeight> entry : weights.entrySet()) {
            GraphWeight weight = entry.getValue();
            if (weight.bytes() < SMALLEST) {
              initializers.add(weight.inline(entry.getKey()));
              continue;
            }
            long offset = (end[0] + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            pad(out, offset - end[0]);
            weight.writeTo(out);
            end[0] = offset + weight.bytes();
            initializers.add(
                weight
                    .header(entry.getKey())
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(entry("location", location))
                    .addExternalData(entry("offset", Long.toString(offset)))
                    .addExternalData(entry("length", Long.toString(weight.bytes())))
                    .build());
          }
        });
    return initializers;
  }

  private static void pad(OutputStream out, long count) throws java.io.IOException {
    out.write(new byte[Math.toIntExact(count)]);
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
