package io.noesis.experiment;

import io.noesis.run.PinnedRandom;
import io.noesis.run.Seed;
import io.noesis.tensor.SafetensorsWriter;
import io.noesis.tensor.Tensor;
import java.nio.file.Path;

/** A text decoder of random weights for the words of the pack tiny-t5. */
final class TinyDecoder {
  static final Path PACK =
      Path.of("../reconstruction/src/test/resources/io/noesis/reconstruction/caption/tiny-t5");

  private static final int VOCABULARY = 39;
  private static final int HEADS = 2;
  private static final int INNER = 8;
  private static final int HIDDEN = 12;

  private TinyDecoder() {}

  /** One block that reads states of that width. */
  static Path write(Path file, int width) {
    PinnedRandom random = Seed.of(4).random();
    SafetensorsWriter out = new SafetensorsWriter();
    add(out, random, "shared.weight", VOCABULARY, width);
    add(out, random, "lm_head.weight", VOCABULARY, width);
    add(out, random, "decoder.final_layer_norm.weight", width);
    String block = "decoder.block.0.layer.";
    for (String kind : new String[] {"0.SelfAttention", "1.EncDecAttention"}) {
      for (String map : new String[] {"q", "k", "v"}) {
        add(out, random, block + kind + "." + map + ".weight", INNER, width);
      }
      add(out, random, block + kind + ".o.weight", width, INNER);
    }
    add(out, random, block + "0.SelfAttention.relative_attention_bias.weight", 32, HEADS);
    for (int layer = 0; layer < 3; layer++) {
      add(out, random, block + layer + ".layer_norm.weight", width);
    }
    add(out, random, block + "2.DenseReluDense.wi_0.weight", HIDDEN, width);
    add(out, random, block + "2.DenseReluDense.wi_1.weight", HIDDEN, width);
    add(out, random, block + "2.DenseReluDense.wo.weight", width, HIDDEN);
    out.write(file);
    return file;
  }

  private static void add(SafetensorsWriter out, PinnedRandom random, String name, int... sizes) {
    out.add(name, Tensor.zeros(sizes).map(zero -> 0.2 * random.nextGaussian()));
  }
}
