package io.noesis.encoders.architecture;

import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.run.Registry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How published programs name the weights of networks that learn without targets. */
final class ForeignPretrainings {
  private static final List<String> BESIDE_DU_IN =
      List.of(
          "emb_time.",
          "encoder.1.xfmr_blocks.#.mha.attention.scale",
          "decoder.1.xfmr_blocks.#.mha.attention.scale",
          "vq_block.counts");

  /** More transposed convolutions than any network has. */
  private static final int UPS = 9;

  private ForeignPretrainings() {}

  static List<Entry<ForeignWeights>> entries() {
    return List.of(
        entry(
            "du-in-vqvae",
            DuIn.NAME,
            DuIn.REBUILDING,
            new NameMap(duIn(), List.of("module."), BESIDE_DU_IN),
            "Du-IN's duin_vqvae: tokens, codes and the way back to recordings; target is [channels,"
                + " samples], as response"),
        entry(
            "du-in-poms-vqvae",
            DuIn.NAME,
            DuIn.REBUILDING,
            new NameMap(poms(), List.of("module."), BESIDE_DU_IN),
            "duin_vqvae of Du-IN's poms, for several subjects; set subjects to convolutions; target"
                + " is [channels, samples], as response"),
        entry(
            "mind-vis-mae",
            MindVis.NAME,
            MindVis.FILLING,
            new NameMap(
                mindVis(),
                List.of("module.", "model."),
                List.of("pos_embed", "decoder_pos_embed", "nature_img_")),
            "MAEforFMRI of Mind-Vis: the tokens of its encoder, nothing hidden, and as output 'rebuilt'"
                + " the patches that its decoder makes of them; target is [1 + patches, width], with"
                + " filling.classTokens 1"));
  }

  private static Entry<ForeignWeights> entry(
      String name, String architecture, String stage, NameMap names, String words) {
    return new Entry<>(
        name, new ForeignWeights(architecture, names, Optional.empty(), stage), words + ".");
  }

  private static List<Rule> duIn() {
    List<Rule> rules = new ArrayList<>(ForeignPrograms.duInTokens("encoder.tokens."));
    rules.addAll(codes());
    rules.add(Rule.of("rgs_block.rgs_head.#.0.1", "decoder.ups.#"));
    rules.add(Rule.of("rgs_block.rgs_head.#.0", "decoder.signal"));
    rules.addAll(ForeignPrograms.duInSubjects("desubj_block.", "decoder.subject"));
    return rules;
  }

  /** There what makes samples of tokens begins with a step that has no weights. */
  private static List<Rule> poms() {
    List<Rule> rules = new ArrayList<>(ForeignPrograms.duInOwnTokens("encoder.tokens."));
    rules.addAll(codes());
    String head = "rgs_blocks.#.rgs_head.";
    for (int i = 0; i < UPS; i++) {
      rules.add(Rule.ofSubjects(head + (i + 1) + ".0.1", "decoder.own.ups." + i));
    }
    rules.add(Rule.ofSubjects(head + "#.0", "decoder.own.signal"));
    return rules;
  }

  /** Blocks and codes. */
  private static List<Rule> codes() {
    String codes = "vq_block.";
    List<Rule> rules = new ArrayList<>(ForeignPrograms.duInBlocks("encoder.", "encoder.encoder."));
    rules.addAll(
        List.of(
            Rule.of(codes + "pre_proj.0", "encoder.down1"),
            Rule.of(codes + "pre_proj.2", "encoder.down2"),
            Rule.of(codes + "codex.embeddings", "quantiser.codebook"),
            Rule.of(codes + "codex.initted", "quantiser.started"),
            Rule.of(codes + "layernorm", "decoder.norm"),
            Rule.of(codes + "post_proj.0", "decoder.up")));
    rules.addAll(ForeignPrograms.duInBlocks("decoder.", "decoder.decoder."));
    return rules;
  }

  private static List<Rule> mindVis() {
    String masked = "masked.";
    List<Rule> rules = new ArrayList<>();
    rules.addAll(
        List.of(
            Rule.of("patch_embed.proj", masked + "patches.patches"),
            Rule.of("cls_token", masked + "encoder.class_token.weight"),
            Rule.of("decoder_embed", masked + "into"),
            Rule.of("mask_token", masked + "mask_token"),
            Rule.of("decoder_pred", masked + "out")));
    rules.addAll(ForeignVoxelPrograms.blocks("", masked + "encoder."));
    rules.addAll(ForeignVoxelPrograms.blocks("decoder_", masked + "decoder."));
    return rules;
  }
}
