package io.noesis.encoders.architecture;

import io.noesis.encoders.architecture.NameMap.Layout;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.run.Registry;
import io.noesis.run.Registry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How published programs name their weights. */
final class ForeignPrograms {
  private static final String ATM_BLOCK = "encoder.encoder.attn_layers.#.";

  static final Registry<ForeignWeights> REGISTRY =
      Registry.of(
          "program with weights of its own names",
          Stream.of(
                  ForeignVoxelPrograms.entries(),
                  epochs(),
                  ForeignSequencePrograms.entries(),
                  ForeignPretrainings.entries(),
                  ForeignLabram.pretrainings())
              .flatMap(List::stream)
              .toList());

  private static List<Entry<ForeignWeights>> epochs() {
    return List.of(
        program(
            "braindecode-eegnet",
            EegNet.NAME,
            "braindecode's EEGNet with final_layer_with_constraint=False; set padding to"
                + " both_sides",
            Rule.of("conv_temporal", "time"),
            Rule.of("bnorm_temporal", "norm1"),
            Rule.of("conv_spatial.parametrizations.weight.original", "space.weight"),
            Rule.of("conv_spatial", "space"),
            Rule.of("bnorm_1", "norm2"),
            Rule.of("conv_separable_depth", "depthwise"),
            Rule.of("conv_separable_point", "pointwise"),
            Rule.of("bnorm_2", "norm3"),
            Rule.of("final_layer.conv_classifier", "out")),
        program(
            "braindecode-shallow-fbcsp",
            ShallowFbcsp.NAME,
            "braindecode's ShallowFBCSPNet",
            Rule.of("conv_time_spat.conv_time", "time"),
            Rule.of("conv_time_spat.conv_spat", "space"),
            Rule.of("bnorm", "norm"),
            Rule.of("final_layer.conv_classifier", "out")),
        program(
            "braindecode-deep4",
            DeepConvNet.NAME,
            "braindecode's Deep4Net",
            Rule.of("conv_time_spat.conv_time", "time"),
            Rule.of("conv_time_spat.conv_spat", "space"),
            Rule.of("bnorm", "norm1"),
            Rule.of("conv_#", "time#"),
            Rule.of("bnorm_#", "norm#"),
            Rule.of("final_layer.conv_classifier", "out")),
        program(
            "braindecode-eeg-conformer",
            EegConformer.NAME,
            "braindecode's EEGConformer",
            Rule.of("patch_embedding.shallownet.0", "time"),
            Rule.of("patch_embedding.shallownet.1", "space"),
            Rule.of("patch_embedding.shallownet.2", "norm"),
            Rule.of("patch_embedding.projection.0", "mix"),
            Rule.of("transformer.#.0.fn.0", "blocks.#.self.norm"),
            Rule.of("transformer.#.0.fn.1.queries", "blocks.#.self.query"),
            Rule.of("transformer.#.0.fn.1.keys", "blocks.#.self.key"),
            Rule.of("transformer.#.0.fn.1.values", "blocks.#.self.value"),
            Rule.of("transformer.#.0.fn.1.projection", "blocks.#.self.out"),
            Rule.of("transformer.#.1.fn.0", "blocks.#.mlp.norm"),
            Rule.of("transformer.#.1.fn.1.0", "blocks.#.mlp.into"),
            Rule.of("transformer.#.1.fn.1.3", "blocks.#.mlp.out"),
            Rule.of("fc.fc.0", "hidden.0"),
            Rule.of("fc.fc.3", "hidden.1"),
            Rule.of("final_layer", "out")),
        new Entry<>(
            "nice-eeg",
            new ForeignWeights(Nice.NAME, convolution(), List.of()),
            "NICE-EEG: enc_eeg and proj_eeg in one file."),
        new Entry<>(
            "eeg-image-decode-atms",
            new ForeignWeights(
                AtmS.NAME,
                convolution(
                    Rule.of("encoder.enc_embedding.value_embedding", "embedding"),
                    Rule.of(
                        "encoder.enc_embedding.subject_embedding.subject_embedding", "subjects"),
                    Rule.of(ATM_BLOCK + "attention.query_projection", "blocks.#.self.query"),
                    Rule.of(ATM_BLOCK + "attention.key_projection", "blocks.#.self.key"),
                    Rule.of(ATM_BLOCK + "attention.value_projection", "blocks.#.self.value"),
                    Rule.of(ATM_BLOCK + "attention.out_projection", "blocks.#.self.out"),
                    Rule.of(ATM_BLOCK + "norm1", "blocks.#.self.norm"),
                    Rule.of(ATM_BLOCK + "conv1", "blocks.#.mlp.into"),
                    Rule.of(ATM_BLOCK + "conv2", "blocks.#.mlp.out"),
                    Rule.of(ATM_BLOCK + "norm2", "blocks.#.mlp.norm"),
                    Rule.of("encoder.encoder.norm", "norm")),
                List.of(
                    "encoder.enc_embedding.subject_embedding.shared_embedding",
                    "encoder.enc_embedding.subject_embedding.mask_embedding",
                    "encoder.enc_embedding.position_embedding",
                    "encoder.enc_embedding.temporal_embedding",
                    "encoder.enc_embedding.mask_token",
                    "subject_wise_linear.",
                    "logit_scale")),
            "ATM-S of EEG_Image_decode; set kept to first."),
        program(
            "brainmagick",
            BrainMagick.NAME,
            "brainmagick's SimpleConv with the settings of clip_conv; set pooling to none",
            Rule.of("initial_linear.0", "mix"),
            Rule.of("subject_layers.weights", "subjects.weight"),
            Rule.of("encoders.meg.sequence.#.0", "convolutions.#.time"),
            Rule.of("encoders.meg.sequence.#.1", "convolutions.#.norm"),
            Rule.of("encoders.meg.glus.#.0", "gates.#.time"),
            Rule.of("final.0", "head"),
            Rule.of("final.2", "out")),
        duIn("du-in", duInTokens("tokens."), "Du-IN's duin_cls"),
        duIn(
            "du-in-poms",
            duInOwnTokens("tokens."),
            "duin_cls of Du-IN's poms, for several subjects; set subjects to convolutions"),
        ForeignLabram.tuned());
  }

  private static Entry<ForeignWeights> duIn(String name, List<Rule> tokens, String words) {
    List<Rule> rules = new ArrayList<>(tokens);
    rules.addAll(duInBlocks("encoder.", "encoder."));
    rules.add(Rule.of("cls_block.cls_head.1.0", "hidden"));
    rules.add(Rule.of("cls_block.cls_head.2.0", "out"));
    List<String> without =
        List.of(
            "emb_time.",
            "encoder.1.xfmr_blocks.#.mha.attention.scale",
            "vq_block.",
            "contra_block.");
    return new Entry<>(
        name,
        new ForeignWeights(DuIn.NAME, rules, without),
        words + "; its sigmoid behind the logits belongs to the loss (squash: sigmoid).");
  }

  private ForeignPrograms() {}

  /** The map of each subject, whose names end in W and B. */
  static List<Rule> duInSubjects(String theirs, String ours) {
    return List.of(
        new Rule(theirs + "subj_layer.W", ours, Layout.TRANSPOSED),
        new Rule(theirs + "subj_layer.B.weight", ours + ".bias", Layout.TRANSPOSED));
  }

  /** Of recordings to tokens. */
  static List<Rule> duInTokens(String ours) {
    List<Rule> rules = new ArrayList<>(duInSubjects("subj_block.", ours + "subject"));
    for (int i = 0; i < 3; i++) {
      String block = "tokenizer.conv_blocks." + i + ".";
      rules.add(Rule.of(block + "0.1", ours + "stem.conv" + (i + 1)));
      rules.add(Rule.of(block + "1.1", ours + "stem.norm" + (i + 1)));
    }
    return rules;
  }

  /** Of recordings to tokens, by convolutions of each subject's own. */
  static List<Rule> duInOwnTokens(String ours) {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String block = "tokenizers.#.conv_blocks." + i + ".";
      rules.add(Rule.ofSubjects(block + "0.1", ours + "own.stem.conv" + (i + 1)));
      rules.add(Rule.ofSubjects(block + "1.1", ours + "own.stem.norm" + (i + 1)));
    }
    return rules;
  }

  /** Blocks of the encoder or the decoder. */
  static List<Rule> duInBlocks(String theirs, String ours) {
    String block = theirs + "1.xfmr_blocks.#.";
    return List.of(
        Rule.of(block + "mha.W_q.W", ours + "blocks.#.self.query"),
        Rule.of(block + "mha.W_k.W", ours + "blocks.#.self.key"),
        Rule.of(block + "mha.W_v.W", ours + "blocks.#.self.value"),
        Rule.of(block + "mha.norm_q", ours + "blocks.#.self.query_norm"),
        Rule.of(block + "mha.norm_k", ours + "blocks.#.self.key_norm"),
        Rule.of(block + "mha.proj.0", ours + "blocks.#.self.out"),
        Rule.of(block + "norm_mha", ours + "blocks.#.self.norm"),
        Rule.of(block + "ffn.fc1.0", ours + "blocks.#.mlp.into"),
        Rule.of(block + "ffn.fc2.0", ours + "blocks.#.mlp.out"),
        Rule.of(block + "norm_ffn", ours + "blocks.#.mlp.norm"));
  }

  private static Entry<ForeignWeights> program(
      String name, String architecture, String description, Rule... rules) {
    return new Entry<>(
        name, new ForeignWeights(architecture, List.of(rules), List.of()), description + ".");
  }

  /** Temporal-spatial convolution and projector, as NICE and ATM name them. */
  static List<Rule> convolution(Rule... further) {
    List<Rule> rules = new ArrayList<>(List.of(further));
    rules.addAll(
        List.of(
            Rule.of("enc_eeg.0.tsconv.0", "convolution.time"),
            Rule.of("enc_eeg.0.tsconv.2", "convolution.norm1"),
            Rule.of("enc_eeg.0.tsconv.4", "convolution.space"),
            Rule.of("enc_eeg.0.tsconv.5", "convolution.norm2"),
            Rule.of("enc_eeg.0.projection.0", "convolution.mix"),
            Rule.of("proj_eeg.0", "projector.into"),
            Rule.of("proj_eeg.1.fn.1", "projector.block.linear"),
            Rule.of("proj_eeg.2", "projector.norm")));
    return rules;
  }
}
