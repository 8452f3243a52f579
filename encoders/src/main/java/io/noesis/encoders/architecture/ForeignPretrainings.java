package io.noesis.encoders.architecture;

import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.run.Registry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How published programs name the weights of networks that learn without targets. */
final class ForeignPretrainings {
  private ForeignPretrainings() {}

  static List<Entry<ForeignWeights>> entries() {
    return List.of(
        entry(
            "du-in-vqvae",
            DuIn.NAME,
            DuIn.REBUILDING,
            new NameMap(
                duIn(),
                List.of("module."),
                List.of(
                    "emb_time.",
                    "encoder.1.xfmr_blocks.#.mha.attention.scale",
                    "decoder.1.xfmr_blocks.#.mha.attention.scale",
                    "vq_block.counts")),
            "Du-IN's duin_vqvae: tokens, codes and the way back to recordings; target is [channels,"
                + " samples], as response"),
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
    String codes = "vq_block.";
    List<Rule> rules = new ArrayList<>(ForeignPrograms.duInTokens("encoder.tokens."));
    rules.addAll(ForeignPrograms.duInBlocks("encoder.", "encoder.encoder."));
    rules.addAll(
        List.of(
            Rule.of(codes + "pre_proj.0", "encoder.down1"),
            Rule.of(codes + "pre_proj.2", "encoder.down2"),
            Rule.of(codes + "codex.embeddings", "quantiser.codebook"),
            Rule.of(codes + "codex.initted", "quantiser.started"),
            Rule.of(codes + "layernorm", "decoder.norm"),
            Rule.of(codes + "post_proj.0", "decoder.up")));
    rules.addAll(ForeignPrograms.duInBlocks("decoder.", "decoder.decoder."));
    rules.add(Rule.of("rgs_block.rgs_head.#.0.1", "decoder.ups.#"));
    rules.add(Rule.of("rgs_block.rgs_head.#.0", "decoder.signal"));
    rules.addAll(ForeignPrograms.duInSubjects("desubj_block.", "decoder.subject"));
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
