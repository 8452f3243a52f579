package io.noesis.encoders.architecture;

import io.noesis.encoders.architecture.ForeignWeights.Before;
import io.noesis.encoders.architecture.NameMap.Layout;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.run.Registry.Entry;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How published programs of transformers over samples, volumes and ROIs name their weights; where
 * none is public, how PyTorch's own modules would.
 */
final class ForeignSequencePrograms {
  /** Linear maps of GPT-2, which stand transposed. */
  private static final Pattern GPT_MAP = Pattern.compile(".*\\.(c_attn|c_proj|c_fc)\\.weight");

  private ForeignSequencePrograms() {}

  static List<Entry<ForeignWeights>> entries() {
    List<String> aligner = List.of("aligner.q_x", "aligner.cross_attn_x");
    String sets = "; set prompts to task, dataset and subject with the values that were told there";
    return List.of(
        glim(
            "glim",
            List.of(),
            "GLIM: prompts, encoder and the EEG side of the aligner; the embedding is a vector, the"
                + " tokens for the language model a further output"
                + sets),
        glim(
            "glim-tokens",
            aligner,
            "GLIM with targets [queries, dim]: the tokens for the language model alone" + sets),
        sequence(
            "wave",
            "fmri_projector",
            List.of("decoder.decoding_head", "net.", "noise_scheduler.", "dim_mapper"),
            "fmri_encoder and fmri_projector of WAVE, also in the file of its prior, whose own"
                + " arrays are left out; responses are [parcels, volumes]; set stepSeconds to the"
                + " repetition time"),
        sequence(
            "wave-tokens",
            "dim_mapper",
            List.of("decoder.decoding_head", "net.", "noise_scheduler.", "fmri_projector"),
            "fmri_encoder of WAVE and the dim_mapper in the file of its prior, whose other arrays are"
                + " left out; target is [257, 768], responses are [parcels, volumes]; set"
                + " stepSeconds to the repetition time"),
        sequence(
            "learning-from-brains",
            "decoder.decoding_head.0",
            List.of("fmri_projector"),
            "the CSM transformer of Thomas et al. with its decoding head; responses are [parcels,"
                + " volumes]; set stepSeconds to the repetition time"),
        entry(
            "torch-roi-queries",
            RoiQueries.NAME,
            roiQueries(),
            List.of("module.", "model."),
            "a transformer brain encoder of PyTorch's modules, with the names of"
                + " torch.nn.TransformerDecoder: input_proj, query_embed, decoder without"
                + " self_attn and norm1, readout whose rows are the voxels of one ROI behind those"
                + " of another"),
        entry(
            "torch-parcel-transformer",
            ParcelTransformer.NAME,
            parcels(),
            List.of("module.", "model."),
            "a transformer over parcels of PyTorch's modules: tokens, one torch.nn.Linear for each"
                + " parcel, pos_embed, cls_token, encoder with the names of"
                + " torch.nn.TransformerEncoder (norm_first, gelu, its norm at the end), head"));
  }

  private static Entry<ForeignWeights> entry(
      String name, String architecture, List<Rule> rules, List<String> outer, String words) {
    return new Entry<>(
        name,
        new ForeignWeights(architecture, new NameMap(rules, outer, List.of()), Optional.empty()),
        words + ".");
  }

  private static Entry<ForeignWeights> glim(String name, List<String> more, String words) {
    List<String> without = new ArrayList<>(more);
    without.addAll(
        List.of("eeg_encoder.pos_embed", "aligner.q_y", "aligner.cross_attn_y", "text_model."));
    return new Entry<>(
        name,
        new ForeignWeights(
            Glim.NAME,
            new NameMap(glimRules(), List.of("module.", "model."), without),
            Optional.empty()),
        words + ".");
  }

  private static List<Rule> glimRules() {
    List<Rule> rules = new ArrayList<>();
    List<String> prompts = List.of("task", "dataset", "subject");
    for (int i = 0; i < prompts.size(); i++) {
      String ours = "encoder." + prompts.get(i);
      rules.add(
          new Rule(
              "p_embedder.embedders." + i + ".weight",
              ours + ".unknown|" + ours + ".weight",
              Layout.FIRST_AND_REST));
    }
    rules.add(
        Rule.parts(
            "p_embedder.sigma",
            prompts.stream().map(prompt -> "encoder." + prompt + ".share").toArray(String[]::new)));
    String in = "eeg_encoder.in_blocks.#.";
    String steered = "encoder.inner.blocks.#.";
    rules.add(Rule.of(in + "t_adaLN.1", steered + "time.modulation"));
    for (String kind : List.of("weight", "bias")) {
      rules.add(
          Rule.parts(
              in + "adaLN.1." + kind,
              steered + "attention.modulation." + kind,
              steered + "mlp.modulation." + kind));
    }
    rules.addAll(attention(in + "attn", steered + "attention.inner"));
    rules.add(Rule.of(in + "mlp.fc1", steered + "mlp.inner.into"));
    rules.add(Rule.of(in + "mlp.fc2", steered + "mlp.inner.out"));
    String out = "eeg_encoder.out_blocks.#.";
    String gathering = "gathering.decoder.blocks.#.";
    rules.addAll(attention(out + "self_attn", gathering + "self"));
    rules.addAll(attention(out + "cross_attn", gathering + "cross"));
    rules.addAll(
        List.of(
            Rule.of(out + "norm1", gathering + "self.norm"),
            Rule.of(out + "norm2", gathering + "cross.norm"),
            Rule.of(out + "norm3", gathering + "mlp.norm"),
            Rule.of(out + "mlp.fc1", gathering + "mlp.into"),
            Rule.of(out + "mlp.fc2", gathering + "mlp.out"),
            Rule.of("eeg_encoder.x_proj", "wider"),
            Rule.of("eeg_encoder.norm1", "wider_norm"),
            Rule.of("eeg_encoder.shared_queries", "gathering.queries"),
            Rule.of("eeg_encoder.norm2", "norm"),
            Rule.of("aligner.in_proj", "text"),
            Rule.of("aligner.q_x", "heads.embedding.query.queries")));
    rules.addAll(attention("aligner.cross_attn_x", "heads.embedding.query.decoder"));
    return rules;
  }

  /** torch.nn.MultiheadAttention. */
  private static List<Rule> attention(String theirs, String ours) {
    return List.of(
        Rule.parts(
            theirs + ".in_proj_weight",
            ours + ".query.weight",
            ours + ".key.weight",
            ours + ".value.weight"),
        Rule.parts(
            theirs + ".in_proj_bias",
            ours + ".query.bias",
            ours + ".key.bias",
            ours + ".value.bias"),
        Rule.of(theirs + ".out_proj", ours + ".out"));
  }

  private static Entry<ForeignWeights> sequence(
      String name, String head, List<String> otherHead, String words) {
    String block = "decoder.transformer.h.#.";
    List<Rule> rules =
        List.of(
            Rule.of("embedder.cls_embed", "class_token.weight"),
            Rule.of("embedder.embed_model.model.0", "into"),
            Rule.of("embedder.embed_model.model.1", "into_norm"),
            Rule.of("embedder.wt_re", "times"),
            Rule.of("decoder.transformer.wpe", "places"),
            Rule.of(block + "ln_1", "blocks.#.self.norm"),
            Rule.parts(
                block + "attn.c_attn.weight",
                "blocks.#.self.query.weight",
                "blocks.#.self.key.weight",
                "blocks.#.self.value.weight"),
            Rule.parts(
                block + "attn.c_attn.bias",
                "blocks.#.self.query.bias",
                "blocks.#.self.key.bias",
                "blocks.#.self.value.bias"),
            Rule.of(block + "attn.c_proj", "blocks.#.self.out"),
            Rule.of(block + "ln_2", "blocks.#.mlp.norm"),
            Rule.of(block + "mlp.c_fc", "blocks.#.mlp.into"),
            Rule.of(block + "mlp.c_proj", "blocks.#.mlp.out"),
            Rule.of("decoder.transformer.ln_f", "norm"),
            Rule.of("decoder.pooler_layer.0", "pooler"),
            Rule.of(head, "out"));
    List<String> without =
        Stream.concat(
                otherHead.stream(),
                Stream.of(
                    "embedder.msk_embed",
                    "unembedder.",
                    "decoder.transformer.wte",
                    block + "attn.bias",
                    block + "attn.masked_bias",
                    "CLIP.",
                    "meta_net.",
                    "context_vector",
                    "img_logit_scale",
                    "txt_logit_scale"))
            .toList();
    return new Entry<>(
        name,
        new ForeignWeights(
            CausalSequence.NAME,
            new NameMap(rules, List.of("module.", "voxel2clip.", "fmri_encoder."), without),
            Optional.of(
                new Before(
                    "the weights of c_attn, c_proj and c_fc, which GPT-2 has transposed, are turned",
                    ForeignSequencePrograms::turned))),
        words + ".");
  }

  private static Map<String, Tensor> turned(Map<String, Tensor> weights) {
    Map<String, Tensor> turned = new LinkedHashMap<>(weights);
    turned.replaceAll(
        (name, numbers) ->
            GPT_MAP.matcher(name).matches() && numbers.shape().rank() == 2
                ? NameMap.exchanged(numbers)
                : numbers);
    return turned;
  }

  private static List<Rule> roiQueries() {
    String layer = "decoder.layers.#.";
    List<Rule> rules = new ArrayList<>(attention(layer + "multihead_attn", "rois.decoder.#.cross"));
    rules.addAll(
        List.of(
            Rule.of("input_proj", "features"),
            Rule.of("query_embed.weight", "rois.queries"),
            Rule.of(layer + "norm2", "rois.decoder.#.cross.norm"),
            Rule.of(layer + "linear1", "rois.decoder.#.mlp.into"),
            Rule.of(layer + "linear2", "rois.decoder.#.mlp.out"),
            Rule.of(layer + "norm3", "rois.decoder.#.mlp.norm"),
            Rule.of("decoder.norm", "norm")));
    return rules;
  }

  private static List<Rule> parcels() {
    String layer = "encoder.layers.#.";
    List<Rule> rules = new ArrayList<>(attention(layer + "self_attn", "blocks.#.self"));
    rules.addAll(
        List.of(
            Rule.ofSubjects("tokens.#", "tokens.linear"),
            new Rule("cls_token", "class_token.weight", Layout.ADDED),
            new Rule("pos_embed", "class_token.weight|positions.weight", Layout.FIRST_AND_REST),
            Rule.of(layer + "norm1", "blocks.#.self.norm"),
            Rule.of(layer + "norm2", "blocks.#.mlp.norm"),
            Rule.of(layer + "linear1", "blocks.#.mlp.into"),
            Rule.of(layer + "linear2", "blocks.#.mlp.out"),
            Rule.of("encoder.norm", "norm"),
            Rule.of("head", "out")));
    return rules;
  }
}
