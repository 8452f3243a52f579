package io.noesis.reconstruction.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.noesis.alignment.embedding.TextTokenizer;
import io.noesis.alignment.embedding.TokenBatch;
import io.noesis.alignment.embedding.TokenizerJson;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.reconstruction.pack.PackGraph;
import io.noesis.run.Progress;
import io.noesis.tensor.LongArray;
import io.noesis.tensor.Safetensors;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The vectors that a tower's pack carries: every graph whose inputs are in the file is run, and
 * every output that is there too must come out within {@value #TOLERANCE} of its largest value.
 * Texts in the metadata must become the token ids of the file.
 */
final class GoldenVectors {
  private static final double TOLERANCE = 1e-4;

  private GoldenVectors() {}

  static String check(ModelPack pack, Progress progress) {
    try (Safetensors file = Safetensors.open(pack.file(GoldenPair.FILE))) {
      int compared = 0;
      double largest = 0;
      progress.begin("making the golden vectors again", pack.graphs().size());
      for (PackGraph graph : pack.graphs()) {
        try (OnnxModel model = OnnxModel.open(graph.file(), OnnxOptions.SINGLE_THREADED)) {
          List<String> outputs =
              model.outputs().stream()
                  .map(OnnxPort::name)
                  .filter(name -> file.names().contains(name))
                  .toList();
          boolean given =
              model.inputs().stream().allMatch(port -> file.names().contains(port.name()));
          if (given && !outputs.isEmpty()) {
            Map<String, Tensor> made = model.run(inputs(model, file), outputs);
            for (Map.Entry<String, Tensor> output : made.entrySet()) {
              double error =
                  error(pack, output.getKey(), file.read(output.getKey()), output.getValue());
              largest = Math.max(largest, error);
              compared++;
            }
          }
        }
        progress.step(1);
      }
      progress.done(compared + " outputs");
      if (compared == 0) {
        throw GoldenPair.differs(
            pack, GoldenPair.FILE + " has " + file.names() + ", which fits none of its graphs");
      }
      int texts = texts(pack, file);
      return String.format(
          Locale.ROOT,
          "its %d golden outputs come out within %.1e of their largest value%s",
          compared,
          largest,
          texts == 0 ? "" : ", its " + texts + " texts as the same tokens");
    }
  }

  private static Map<String, OnnxInput> inputs(OnnxModel model, Safetensors file) {
    Map<String, OnnxInput> inputs = new LinkedHashMap<>();
    for (OnnxPort port : model.inputs()) {
      boolean whole = port.type() == OnnxType.INT64 || port.type() == OnnxType.INT32;
      if (whole) {
        LongArray values = file.readLongs(port.name());
        inputs.put(port.name(), new OnnxInput.Longs(values.array(), values.shape()));
      } else {
        inputs.put(port.name(), OnnxInput.of(file.read(port.name())));
      }
    }
    return inputs;
  }

  private static double error(ModelPack pack, String name, Tensor expected, Tensor found) {
    if (!expected.shape().equals(found.shape())) {
      throw GoldenPair.differs(
          pack,
          "its golden '"
              + name
              + "' comes out as "
              + found.shape()
              + ", expected "
              + expected.shape());
    }
    double scale = 0;
    double error = 0;
    for (int i = 0; i < expected.size(); i++) {
      scale = Math.max(scale, Math.abs(expected.array()[i]));
      double difference = Math.abs((double) expected.array()[i] - found.array()[i]);
      // A difference that is no number must not pass as none.
      error = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(error, difference);
    }
    double relative = scale == 0 ? error : error / scale;
    if (relative > TOLERANCE) {
      throw GoldenPair.differs(
          pack,
          String.format(
              Locale.ROOT,
              "its golden '%s' comes out with a difference of %.1e of its largest value, expected"
                  + " at most %.0e",
              name,
              relative,
              TOLERANCE));
    }
    return relative;
  }

  private static int texts(ModelPack pack, Safetensors file) {
    String told = file.metadata().get("texts");
    if (told == null || !file.names().contains("input_ids")) {
      return 0;
    }
    List<String> texts;
    try {
      texts = List.of(new ObjectMapper().readValue(told, String[].class));
    } catch (JsonProcessingException e) {
      throw GoldenPair.differs(pack, GoldenPair.FILE + " has the texts " + told);
    }
    LongArray ids = file.readLongs("input_ids");
    int length = ids.shape().dim(1);
    Path folder = pack.file("tokenizer");
    try (TextTokenizer tokenizer =
        TextTokenizer.open(
            folder.toString(), TokenizerJson.ofFolder(folder), Math.max(3, length))) {
      TokenBatch batch = tokenizer.encode(texts);
      for (int row = 0; row < texts.size(); row++) {
        long[] found = batch.row(row).ids();
        long[] wanted = Arrays.copyOfRange(ids.array(), row * length, row * length + found.length);
        if (!Arrays.equals(found, wanted)) {
          throw GoldenPair.differs(
              pack,
              "its text '"
                  + texts.get(row)
                  + "' becomes the tokens "
                  + Arrays.toString(found)
                  + ", expected "
                  + Arrays.toString(wanted));
        }
      }
    }
    return texts.size();
  }
}
