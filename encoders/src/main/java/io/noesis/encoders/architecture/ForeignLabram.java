package io.noesis.encoders.architecture;

import io.noesis.encoders.architecture.ForeignWeights.Before;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.run.Registry.Entry;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How LaBraM's program names the weights of its networks. */
final class ForeignLabram {
  private static final String UNITS =
      "; responses at 200 Hz, in units of 100 µV; set channels to the names of the recorded ones.";

  /** In front of the tokenizer's arrays where they are in one file with others. */
  private static final String VQNSP = "vqnsp.";

  private static final String QUERY_BIAS = "attn.q_bias";
  private static final String VALUE_BIAS = "attn.v_bias";

  private ForeignLabram() {}

  /** The network that decodes. */
  static Entry<ForeignWeights> tuned() {
    List<Rule> rules = new ArrayList<>(encoder("", "tokens", "encoder."));
    rules.add(Rule.of("fc_norm", "norm"));
    rules.add(Rule.of("head", "out"));
    return new Entry<>(
        "labram",
        new ForeignWeights(Labram.NAME, rules, List.of()),
        "LaBraM's NeuralTransformer with its head, tuned without biases of queries, keys and values"
            + UNITS);
  }

  /** The networks that learn without targets. */
  static List<Entry<ForeignWeights>> pretrainings() {
    return List.of(
        pretraining(
            "labram-vqnsp",
            LabramPretraining.SPECTRA,
            new NameMap(spectra(), List.of("module."), counts("")),
            "LaBraM's VQNSP: the amplitudes and phases that its decoder makes of codes; target is"
                + " [channels · patches, 2 · patch]"),
        pretraining(
            "labram-pretrain",
            LabramPretraining.NAMING,
            new NameMap(naming(), List.of("module."), besideNaming()),
            "LaBraM's NeuralTransformerForMEM, and in the same file its VQNSP with '"
                + VQNSP
                + "' in front of the names: the tokens of its encoder, nothing hidden; target is"
                + " [channels · patches, width]"));
  }

  private static Entry<ForeignWeights> pretraining(
      String name, String stage, NameMap names, String words) {
    Before joined =
        new Before(
            "each " + QUERY_BIAS + " and " + VALUE_BIAS + " joined to attn.qkv.bias, zeros between",
            ForeignLabram::joined);
    return new Entry<>(
        name, new ForeignWeights(Labram.NAME, names, Optional.of(joined), stage), words + UNITS);
  }

  /** There keys have no biases, which would change nothing. */
  private static Map<String, Tensor> joined(Map<String, Tensor> weights) {
    Map<String, Tensor> all = new LinkedHashMap<>(weights);
    weights.forEach(
        (name, queries) -> {
          if (name.endsWith(QUERY_BIAS)) {
            String block = name.substring(0, name.length() - QUERY_BIAS.length());
            Tensor values = all.remove(block + VALUE_BIAS);
            if (values != null) {
              all.remove(name);
              Tensor keys = Tensor.zeros(queries.dim(0));
              all.put(block + "attn.qkv.bias", Tensor.concatenate(queries, keys, values));
            }
          }
        });
    return all;
  }

  private static List<Rule> spectra() {
    List<Rule> rules = new ArrayList<>(tokenizer("", "encoder."));
    rules.addAll(encoder("decoder.", "", "decoder.decoder."));
    rules.add(biases("decoder.", "decoder.decoder."));
    rules.add(Rule.of("decoder.patch_embed.proj", "decoder.up"));
    rules.add(Rule.of("decoder.fc_norm", "decoder.norm"));
    rules.addAll(through("decode_task_layer.", "amplitude."));
    rules.addAll(through("decode_task_layer_angle.", "phase."));
    return rules;
  }

  private static List<Rule> naming() {
    List<Rule> rules = new ArrayList<>(encoder("student.", "tokens", "encoder."));
    rules.add(Rule.of("student.norm", "encoder.norm"));
    rules.add(Rule.of("student.mask_token", "mask_token"));
    rules.add(Rule.of("lm_head", "names"));
    rules.addAll(tokenizer(VQNSP, "tokenizer."));
    return rules;
  }

  private static List<String> besideNaming() {
    List<String> beside = new ArrayList<>(List.of("student.lm_head.", "projection_head."));
    beside.addAll(List.of(VQNSP + "decoder.", VQNSP + "decode_task_layer"));
    beside.addAll(counts(VQNSP));
    return beside;
  }

  /** What the quantiser keeps and does not use. */
  private static List<String> counts(String theirs) {
    String quantiser = theirs + "quantize.";
    return List.of(
        quantiser + "cluster_size",
        quantiser + "embedding.cluster_size",
        quantiser + "embedding.embed_avg");
  }

  /** From recordings to codes. */
  private static List<Rule> tokenizer(String theirs, String ours) {
    List<Rule> rules =
        new ArrayList<>(encoder(theirs + "encoder.", ours + "tokens", ours + "encoder."));
    rules.add(biases(theirs + "encoder.", ours + "encoder."));
    rules.add(Rule.of(theirs + "encoder.fc_norm", ours + "norm"));
    rules.addAll(through(theirs + "encode_task_layer.", ours + "down."));
    rules.add(Rule.of(theirs + "quantize.embedding.weight", "quantiser.codebook"));
    rules.add(Rule.of(theirs + "quantize.embedding.initted", "quantiser.started"));
    return rules;
  }

  private static List<Rule> through(String theirs, String ours) {
    return List.of(Rule.of(theirs + "0", ours + "into"), Rule.of(theirs + "2", ours + "out"));
  }

  /**
   * Tokens, their places and blocks.
   *
   * @param tokens our convolutions; empty where there are none
   */
  private static List<Rule> encoder(String theirs, String tokens, String ours) {
    String block = theirs + "blocks.#.";
    String own = ours + "blocks.#.";
    List<Rule> rules = new ArrayList<>();
    if (!tokens.isEmpty()) {
      rules.add(Rule.of(theirs + "patch_embed", tokens));
    }
    rules.addAll(
        List.of(
            Rule.of(theirs + "cls_token", ours + "class_token.weight"),
            Rule.of(theirs + "pos_embed", ours + "channels.weight"),
            Rule.of(theirs + "time_embed", ours + "times.weight"),
            Rule.of(block + "norm1", own + "self.norm"),
            maps(block, own, "weight"),
            Rule.of(block + "attn.q_norm", own + "self.query_norm"),
            Rule.of(block + "attn.k_norm", own + "self.key_norm"),
            Rule.of(block + "attn.proj", own + "self.out"),
            Rule.of(block + "gamma_1", own + "self.scale.weight"),
            Rule.of(block + "norm2", own + "mlp.norm"),
            Rule.of(block + "mlp.fc1", own + "mlp.into"),
            Rule.of(block + "mlp.fc2", own + "mlp.out"),
            Rule.of(block + "gamma_2", own + "mlp.scale.weight")));
    return rules;
  }

  private static Rule biases(String theirs, String ours) {
    return maps(theirs + "blocks.#.", ours + "blocks.#.", "bias");
  }

  private static Rule maps(String block, String own, String what) {
    return Rule.parts(
        block + "attn.qkv." + what,
        own + "self.query." + what,
        own + "self.key." + what,
        own + "self.value." + what);
  }
}
