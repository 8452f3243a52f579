package io.noesis.encoders.architecture;

import io.noesis.encoders.architecture.ForeignWeights.Before;
import io.noesis.encoders.architecture.NameMap.Layout;
import io.noesis.encoders.architecture.NameMap.Rule;
import io.noesis.run.Registry.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How published programs for fMRI name their weights. */
final class ForeignVoxelPrograms {
  private static final String EMBEDDING = "heads.embedding.";
  private static final String TOKEN_PROJECTOR = EMBEDDING + "heads.embedding.projector.";

  private ForeignVoxelPrograms() {}

  static List<Entry<ForeignWeights>> entries() {
    return List.of(
        entry(
            "mindeye1",
            MindEye.NAME,
            mindEye1(EMBEDDING + "linear", TOKEN_PROJECTOR),
            List.of("module.", "voxel2clip."),
            List.of("net.", "noise_scheduler.", "clip."),
            "BrainNetwork of MindEye 1 with its projector; set backbone.norm to last,"
                + " backbone.adapter to shared, projector to 2048 and heads to none"),
        entry(
            "mindeye1-backbone",
            ResidualMlp.NAME,
            mindEye1("out", "projector."),
            List.of("module.", "voxel2clip."),
            List.of("net.", "noise_scheduler.", "clip."),
            "BrainNetwork of MindEye 1 as one output; set projector to 2048, or to 0 where there is"
                + " none"),
        entry(
            "mindeye1-low-level",
            ResidualMlp.NAME,
            mindEye1LowLevel(),
            List.of("module.", "voxel2sd."),
            List.of(),
            "Voxel2StableDiffusionModel of MindEye 1, upsampled fourfold; set norm to last_silu and"
                + " latent, whose features are 0 where there is no maps_projector"),
        new Entry<>(
            "mindeye2",
            new ForeignWeights(
                MindEye.NAME,
                new NameMap(
                    mindEye2(),
                    List.of("module.", "backbone."),
                    List.of("diffusion_prior.", "clip_convert.")),
                Optional.of(
                    new Before(
                        "what is left of mixer_blocks1 and mixer_blocks2, one number that they add"
                            + " to every element, goes into the biases of backbone_linear and blin1",
                        MixerBlocks::folded))),
            "MindEye 2: ridge and backbone; set backbone.blocks to 0, a head 'latent' that is"
                + " upsampled, or none."),
        entry(
            "mindbridge",
            MindBridge.NAME,
            mindBridge(),
            List.of("module."),
            List.of(),
            "MindBridge of several subjects, whose text is the head 'text'; voxels go in as they"
                + " are, its maxima are taken inside"),
        entry(
            "sttm",
            Sttm.NAME,
            sttm(),
            List.of("module.", "voxel2clip."),
            List.of("net.", "noise_scheduler."),
            "CrossBrainNetwork of See Through Their Minds; set tokens.scores to multiplied"),
        entry(
            "mind-vis",
            MindVis.NAME,
            mindVis(),
            List.of("module.", "model.", "cond_stage_model.", "mae."),
            List.of("cls_token", "mask_token", "pos_embed", "decoder_", "nature_img_"),
            "fmri_encoder of Mind-Vis with channel_mapper and dim_mapper, or with targets [kept,"
                + " headHidden] alone"),
        entry(
            "fmri-pte",
            MapTransformer.NAME,
            transformer("pred", "out"),
            List.of("module.", "transformer."),
            List.of("decoder_", "mask_token"),
            "encoder of fMRI-PTE, NeuroPictor and MinD-3D up to the map of its class token, on maps"
                + " of which each pixel is a voxel; set encoder.headHidden to 0"),
        entry(
            "vit-volume",
            VolumeTransformer.NAME,
            transformer("head", "out"),
            List.of("module."),
            List.of(),
            "a vision transformer of timm over cubes of which each voxel is in the mask; Neuro-Vision"
                + " has no public code; set encoder.headHidden to 0"));
  }

  private static Entry<ForeignWeights> entry(
      String name,
      String architecture,
      List<Rule> rules,
      List<String> outer,
      List<String> without,
      String description) {
    return new Entry<>(
        name,
        new ForeignWeights(architecture, new NameMap(rules, outer, without), Optional.empty()),
        description + ".");
  }

  /** Layer norm, GELU and linear map, three times. */
  private static List<Rule> projector(String theirs, String ours) {
    return List.of(
        Rule.of(theirs + ".0", ours + "norm1"),
        Rule.of(theirs + ".2", ours + "linear1"),
        Rule.of(theirs + ".3", ours + "norm2"),
        Rule.of(theirs + ".5", ours + "linear2"),
        Rule.of(theirs + ".6", ours + "norm3"),
        Rule.of(theirs + ".8", ours + "linear3"));
  }

  private static List<Rule> mindEye1(String tokens, String projector) {
    return joined(
        List.of(
            Rule.of("lin0.0", "into"),
            Rule.of("lin0.1", "norm"),
            Rule.of("mlp.#.0", "blocks.#.linear"),
            Rule.of("mlp.#.1", "blocks.#.norm"),
            Rule.of("lin1", tokens)),
        projector("projector", projector));
  }

  private static List<Rule> mindEye2() {
    String latent = "heads.latent.";
    return joined(
        List.of(
            Rule.ofSubjects("ridge.linears.#", "into"),
            Rule.of("backbone_linear", EMBEDDING + "linear"),
            Rule.of("blin1", latent + "linear"),
            Rule.of("bnorm", latent + "norm")),
        upsampling("b_maps_projector.", "bupsampler.", latent + "decoder."),
        projector("clip_proj", TOKEN_PROJECTOR));
  }

  private static List<Rule> mindEye1LowLevel() {
    String latent = "latent.";
    return joined(
        List.of(
            Rule.of("lin0.0", "into"),
            Rule.of("lin0.1", "norm"),
            Rule.of("mlp.#.0", "blocks.#.linear"),
            Rule.of("mlp.#.1", "blocks.#.norm"),
            Rule.of("lin1", latent + "linear"),
            Rule.of("norm", latent + "norm")),
        upsampling("maps_projector.", "upsampler.", latent + "decoder."));
  }

  /** The features of a small map, and the decoder of diffusers that makes a latent of it. */
  private static List<Rule> upsampling(String maps, String upsampler, String ours) {
    String decoder = ours + "embedding.";
    String features = ours + "latent" + Upsampling.FEATURES + ".";
    return joined(
        List.of(
            Rule.of(maps + "0", features + "linear1"),
            Rule.of(maps + "1", features + "norm1"),
            Rule.of(maps + "3", features + "linear2"),
            Rule.of(maps + "4", features + "norm2"),
            Rule.of(maps + "6", features + "linear3"),
            Rule.of(upsampler + "conv_in", decoder + "into"),
            Rule.of(upsampler + "conv_norm_out", decoder + "norm"),
            Rule.of(upsampler + "conv_out", decoder + "out")),
        attention(upsampler + "mid_block.attentions.0.", decoder + "middle.attention."),
        block(upsampler + "mid_block.resnets.0.", decoder + "middle.first."),
        block(upsampler + "mid_block.resnets.1.", decoder + "middle.second."),
        block(upsampler + "up_blocks.#.resnets.0.", decoder + "up.#.first."),
        block(upsampler + "up_blocks.#.resnets.1.", decoder + "up.#.second."),
        List.of(Rule.of(upsampler + "up_blocks.#.upsamplers.0.conv", decoder + "up.#.smooth")));
  }

  /** Of the autoencoders of diffusers. */
  private static List<Rule> block(String theirs, String ours) {
    return List.of(
        Rule.of(theirs + "norm1", ours + "branch.norm1"),
        Rule.of(theirs + "conv1", ours + "branch.smooth1"),
        Rule.of(theirs + "norm2", ours + "branch.norm2"),
        Rule.of(theirs + "conv2", ours + "branch.smooth2"),
        Rule.of(theirs + "conv_shortcut", ours + "around"));
  }

  /** Of the autoencoders of diffusers, with the names of before and after its version 0.15. */
  private static List<Rule> attention(String theirs, String ours) {
    return List.of(
        Rule.of(theirs + "group_norm", ours + "norm"),
        Rule.of(theirs + "to_q", ours + "look.query"),
        Rule.of(theirs + "to_k", ours + "look.key"),
        Rule.of(theirs + "to_v", ours + "look.value"),
        Rule.of(theirs + "to_out.0", ours + "look.out"),
        Rule.of(theirs + "query", ours + "look.query"),
        Rule.of(theirs + "key", ours + "look.key"),
        Rule.of(theirs + "value", ours + "look.value"),
        Rule.of(theirs + "proj_attn", ours + "look.out"));
  }

  private static List<Rule> mindBridge() {
    return List.of(
        Rule.ofSubjects("embedder.#.0.down_proj", "subject.embed.adapter.down"),
        Rule.ofSubjects("embedder.#.0.up_proj", "subject.embed.adapter.up"),
        Rule.ofSubjects("embedder.#.1", "subject.embed.linear"),
        Rule.ofSubjects("embedder.#.2", "subject.embed.norm"),
        Rule.ofSubjects("builder.#.0", "subject.build.linear"),
        Rule.ofSubjects("builder.#.1", "subject.build.norm"),
        Rule.ofSubjects("builder.#.3.down_proj", "subject.build.adapter.down"),
        Rule.ofSubjects("builder.#.3.up_proj", "subject.build.adapter.up"),
        Rule.of("translator.mlp.#.0", "blocks.#.linear"),
        Rule.of("translator.mlp.#.1", "blocks.#.norm"),
        Rule.of("head_image", "out"),
        Rule.of("head_text", "heads.text.out"));
  }

  private static List<Rule> sttm() {
    String attention = "token_attention.attention.";
    return joined(
        List.of(
            Rule.ofSubjects("input_proj.head#.0", "adapter.linear"),
            Rule.ofSubjects("input_proj.head#.1", "adapter.norm"),
            Rule.ofSubjects("input_res_block.head#.#.0", "adapter_blocks.#.linear"),
            Rule.ofSubjects("input_res_block.head#.#.1", "adapter_blocks.#.norm"),
            Rule.of("mlp.#.0", "blocks.#.linear"),
            Rule.of("mlp.#.1", "blocks.#.norm"),
            Rule.of("hidd2token.0", "norm"),
            Rule.of("hidd2token.2", "narrow"),
            Rule.of("token_attention.layer_norm", "attention.norm"),
            Rule.of(attention + "q", "attention.query"),
            Rule.of(attention + "k", "attention.key"),
            Rule.of(attention + "v", "attention.value"),
            Rule.of(attention + "projection", "attention.out"),
            Rule.of("token_attention.qkv_layer_norm", "token_norm"),
            Rule.of("token_attention.out_proj.0", "into"),
            Rule.of("token_attention.out_proj.1", "wide_norm"),
            Rule.of("token_attention.out_proj.4", "out")),
        projector("projector", "projector."));
  }

  private static List<Rule> mindVis() {
    return joined(
        List.of(
            Rule.of("patch_embed.proj", "patches.patches"),
            Rule.of("channel_mapper.0", "mix1"),
            Rule.of("channel_mapper.1", "mix2"),
            Rule.of("dim_mapper", "condition")),
        blocks("", "encoder."));
  }

  /** Transformers whose embedding is made of a class token. */
  private static List<Rule> transformer(String head, String ours) {
    return joined(
        List.of(
            Rule.of("patch_embed.proj", "tokens.linear"),
            new Rule("cls_token", "class_token.weight", Layout.ADDED),
            new Rule("pos_embed", "class_token.weight|positions.weight", Layout.FIRST_AND_REST),
            Rule.of(head, ours)),
        blocks("", ""));
  }

  /** Blocks and last norm as timm names them. */
  static List<Rule> blocks(String theirs, String ours) {
    String block = ours + "blocks.#.";
    String their = theirs + "blocks.#.";
    return List.of(
        Rule.of(their + "norm1", block + "self.norm"),
        Rule.parts(
            their + "attn.qkv.weight",
            block + "self.query.weight",
            block + "self.key.weight",
            block + "self.value.weight"),
        Rule.parts(
            their + "attn.qkv.bias",
            block + "self.query.bias",
            block + "self.key.bias",
            block + "self.value.bias"),
        Rule.of(their + "attn.proj", block + "self.out"),
        Rule.of(their + "norm2", block + "mlp.norm"),
        Rule.of(their + "mlp.fc1", block + "mlp.into"),
        Rule.of(their + "mlp.fc2", block + "mlp.out"),
        Rule.of(theirs + "norm", ours + "norm"));
  }

  @SafeVarargs
  private static List<Rule> joined(List<Rule>... lists) {
    List<Rule> all = new ArrayList<>();
    for (List<Rule> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
