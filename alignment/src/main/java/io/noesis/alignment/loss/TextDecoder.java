package io.noesis.alignment.loss;

import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.RelativeBias;
import io.noesis.encoders.layer.RmsNorm;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.TextDecoderBlock;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.ModelException;
import io.noesis.tensor.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The decoder of T5 in its release 1.1 and of Flan-T5, frozen, from a file under the names of
 * transformers: {@code shared.weight}, {@code decoder.*} and, where the head is not the embedding,
 * {@code lm_head.weight}. All sizes are those of the file. Gradients go through it to the states it
 * reads; its own weights are never changed.
 *
 * @param file {@code .safetensors}; what an encoder has there is not read
 * @param width of a word and of a state
 * @param vocabulary how many words it knows
 * @param heads of attention
 * @param headWidth of each
 * @param hidden width of the feed-forward networks
 * @param blocks how many
 * @param buckets of distances between words
 * @param tied whether the head is the embedding
 */
record TextDecoder(
    Path file,
    int width,
    int vocabulary,
    int heads,
    int headWidth,
    int hidden,
    int blocks,
    int buckets,
    boolean tied) {
  private static final String SHARED = "shared.weight";
  private static final String HEAD = "lm_head.weight";
  private static final String FINAL = "decoder.final_layer_norm.weight";
  private static final String BIAS =
      "decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
  private static final double EPSILON = 1e-6;

  /** From which distance on words are equally far: that of every published T5. */
  private static final int FARTHEST = 128;

  /**
   * Reads the sizes.
   *
   * @throws ModelException when the file is no decoder of this kind
   */
  static TextDecoder of(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(
          "reading the text decoder "
              + file
              + ": there is no such file. Give the .safetensors of a T5 of transformers (release 1.1"
              + " or Flan) as 'decoder' of the loss language-model.");
    }
    try (Safetensors weights = Safetensors.open(file)) {
      TreeSet<String> names = new TreeSet<>(weights.names());
      String first = "decoder.block.0.layer.";
      for (String needed :
          new String[] {
            SHARED,
            FINAL,
            BIAS,
            first + "0.SelfAttention.q.weight",
            first + "2.DenseReluDense.wi_0.weight"
          }) {
        if (!names.contains(needed)) {
          throw new ModelException(
              "reading the text decoder "
                  + file
                  + ": it has no '"
                  + needed
                  + "'. Expected the decoder of a T5 with gated feed-forward networks (release 1.1 or"
                  + " Flan) under the names of transformers.");
        }
      }
      int[] shared = sizes(weights, SHARED);
      int[] bias = sizes(weights, BIAS);
      int inner = sizes(weights, first + "0.SelfAttention.q.weight")[0];
      int blocks = 0;
      while (names.contains("decoder.block." + blocks + ".layer.0.SelfAttention.q.weight")) {
        blocks++;
      }
      return new TextDecoder(
          file,
          shared[1],
          shared[0],
          bias[1],
          inner / bias[1],
          sizes(weights, first + "2.DenseReluDense.wi_0.weight")[0],
          blocks,
          bias[0],
          !names.contains(HEAD));
    }
  }

  private static int[] sizes(Safetensors weights, String name) {
    return weights.entry(name).shape().stream().mapToInt(Math::toIntExact).toArray();
  }

  /** From embedded words {@code [batch, words, width]} to what the head reads. */
  private Layer layers(int words) {
    Sequence.Builder layers = Sequence.builder();
    for (int i = 0; i < blocks; i++) {
      layers.add("blocks." + i, new TextDecoderBlock(width, heads, headWidth, hidden));
    }
    return new RelativeBias(
        words, heads, buckets, FARTHEST, layers.add("norm", new RmsNorm(width, EPSILON)).build());
  }

  /** Our names of the layers' weights, and theirs. */
  private Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("weight", BIAS);
    for (int i = 0; i < blocks; i++) {
      String ours = "blocks." + i + ".";
      String theirs = "decoder.block." + i + ".layer.";
      attention(names, ours + "self", theirs + "0.", "SelfAttention");
      attention(names, ours + "cross", theirs + "1.", "EncDecAttention");
      names.put(ours + "mlp.norm.weight", theirs + "2.layer_norm.weight");
      names.put(ours + "mlp.of.gate.weight", theirs + "2.DenseReluDense.wi_0.weight");
      names.put(ours + "mlp.of.into.weight", theirs + "2.DenseReluDense.wi_1.weight");
      names.put(ours + "mlp.of.out.weight", theirs + "2.DenseReluDense.wo.weight");
    }
    names.put("norm.weight", FINAL);
    return names;
  }

  private static void attention(
      Map<String, String> names, String ours, String theirs, String kind) {
    names.put(ours + ".norm.weight", theirs + "layer_norm.weight");
    names.put(ours + ".of.query.weight", theirs + kind + ".q.weight");
    names.put(ours + ".of.key.weight", theirs + kind + ".k.weight");
    names.put(ours + ".of.value.weight", theirs + kind + ".v.weight");
    names.put(ours + ".of.out.weight", theirs + kind + ".o.weight");
  }

  /** Names all weights as those of the file. */
  void declare(Declaration parameters, int words) {
    Map<String, String> names = names();
    parameters.ofFile("shared", new Initial.OfFile(file, SHARED), vocabulary, width);
    if (!tied) {
      parameters.ofFile("head.weight", new Initial.OfFile(file, HEAD), vocabulary, width);
    }
    parameters.ofFile(
        "layers",
        layers(words),
        name -> new Initial.OfFile(file, java.util.Objects.requireNonNull(names.get(name), name)));
  }

  /**
   * The logits of each word, given those before it.
   *
   * @param pass its weights
   * @param states {@code [batch, states, width]} that every word looks at
   * @param before numbers of the words before each, {@code [batch · words]}, row by row
   * @return {@code [batch, words, vocabulary]}
   */
  Value logits(Pass pass, Value states, long[] before) {
    int rows = states.dim(0);
    int words = before.length / rows;
    Value shared = pass.parameter("shared");
    Value embedded =
        Ops.reshape(Ops.select(shared, 0, Value.of(before, before.length)), rows, words, width);
    Value read = pass.with(Attention.CONTEXT, states).inner("layers", layers(words), embedded);
    if (tied) {
      Value sized = Ops.multiply(read, 1 / Math.sqrt(width));
      return Ops.matmul(sized, Ops.transpose(shared, 0, 1));
    }
    return pass.inner("head", new Linear(width, vocabulary, Bias.WITHOUT), read);
  }
}
