package io.noesis.reconstruction.caption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.noesis.encoders.onnx.OnnxHeader;
import io.noesis.encoders.onnx.OnnxInput;
import io.noesis.encoders.onnx.OnnxModel;
import io.noesis.encoders.onnx.OnnxOptions;
import io.noesis.encoders.onnx.OnnxPort;
import io.noesis.encoders.onnx.OnnxType;
import io.noesis.reconstruction.pack.ModelPack;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The estimate of what captioners keep, against what their decoders give. */
class CaptionMemoryTest {
  private static final Path FOLDER = Path.of("src/test/resources/io/noesis/reconstruction/caption");

  /** The decoder is run on a whole sentence: the keys and values that come out are measured. */
  @ParameterizedTest
  @CsvSource({"tiny-clipcap, 4", "tiny-git, 5", "tiny-t5, 0", "tiny-bart, 0"})
  void keysAndValuesAreThoseThatTheDecoderGives(String name, int before) {
    ModelPack pack = ModelPack.open(FOLDER.resolve(name));
    Path file = pack.graph("decoder").file();
    int sentences = 3;
    int words = 7;
    OnnxHeader header = OnnxHeader.read(file).orElseThrow();
    try (OnnxModel decoder = OnnxModel.open(file, OnnxOptions.SINGLE_THREADED)) {
      Map<String, OnnxInput> inputs = new LinkedHashMap<>();
      long states = 0;
      for (OnnxPort port : decoder.inputs()) {
        int[] sizes = new int[port.rank()];
        for (int i = 0; i < sizes.length; i++) {
          sizes[i] = (int) port.axes().get(i).size();
        }
        sizes[0] = sentences;
        if (port.name().startsWith("past_key_values.")) {
          sizes[2] = 0;
        } else if (port.name().startsWith("cross.")) {
          sizes[2] = 5;
          states += 4L * sizes[1] * sizes[2] * sizes[3];
        } else if (port.rank() == 3) {
          sizes[1] = before;
        } else if (port.rank() == 2) {
          sizes[1] = words;
        }
        inputs.put(
            port.name(),
            port.type() == OnnxType.INT64
                ? OnnxInput.of(numbers(port.name(), sizes), sizes)
                : OnnxInput.of(Tensor.zeros(sizes)));
      }
      List<String> present =
          decoder.outputs().stream()
              .map(OnnxPort::name)
              .filter(output -> output.startsWith("present."))
              .toList();
      long given =
          decoder.run(inputs, present).values().stream().mapToLong(t -> 4L * t.size()).sum();
      assertEquals(
          given, sentences * CaptionMemory.caches(header, "past_key_values.", before + words));
      assertEquals(states, CaptionMemory.caches(header, "cross.", 5));
    }
  }

  /** Sentences go on from themselves; words are the first of the vocabulary. */
  private static long[] numbers(String name, int[] sizes) {
    long[] values = new long[java.util.Arrays.stream(sizes).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < values.length; i++) {
      values[i] = name.equals("beam_idx") ? i : 1;
    }
    return values;
  }

  @Test
  void theEstimateGrowsWithBeamsWordsAndCaptionsAtOnce() {
    ModelPack pack = ModelPack.open(FOLDER.resolve("tiny-clipcap"));
    DecodingOptions usual = DecodingOptions.threads(1);
    // 2 layers of keys and values of 4 heads by 8 numbers, before and after a step, and 291 words.
    long perSentence = 2L * 2 * 2 * 4 * 8 * 4 * (4 + 20) + 291 * 4;
    for (int beams : new int[] {1, 5}) {
      CaptionRequest request = new CaptionRequest(new WordSearch.Beam(beams, 1), 100, 0);
      var need = GraphCaptioner.memory(pack, usual, request);
      assertEquals(16 * beams * perSentence, need.run());
      assertTrue(need.counted().contains("16 captions at once, " + beams + " sentences each"));
      assertTrue(need.counted().contains("up to 20 words"), need.counted());
    }
    DecodingOptions anew = new DecodingOptions(usual.graphs(), 16, DecodingOptions.Past.RECOMPUTED);
    CaptionRequest greedy = new CaptionRequest(new WordSearch.Greedy(), 20, 0);
    var need = GraphCaptioner.memory(pack, anew, greedy);
    assertTrue(need.counted().contains("layers of whole sentences"), need.counted());
    assertTrue(need.run() > GraphCaptioner.memory(pack, usual, greedy).run());
  }
}
