package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Heads;
import io.noesis.encoders.layer.Identity;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.run.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The networks of MindEye (Scotti et al. 2023, arXiv:2305.18274) and MindEye2 (Scotti et al. 2024,
 * arXiv:2403.11207) with several outputs: the backbone's tokens ({@value #TOKENS}), which a prior
 * or generator takes; their projection, which is ranked and is the embedding; and further heads on
 * the backbone's hidden vector, such as a low-level latent. {@code [trials, voxels]} → {@code
 * [trials, dim]} or {@code [trials, tokens, dim]}, and one output for each head.
 *
 * @param backbone from voxels to tokens; its own projector is not used
 * @param projector hidden width of the projector of each token
 * @param heads further outputs
 */
public record MindEye(ResidualMlp backbone, int projector, List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "mindeye";

  /** Name of the output that the backbone gives. */
  static final String TOKENS = "tokens";

  /** Copies and checks. */
  public MindEye {
    heads = List.copyOf(heads);
    Check.argument(
        projector > 0, "%s: expected a projector of at least 1, found %d", NAME, projector);
    Check.argument(
        backbone.projector() == 0,
        "%s: backbone.projector is %d; set the projector of the network itself",
        NAME,
        backbone.projector());
  }

  /** MindEye2: its backbone, a projector of 1664, and an upsampled latent of 4 × 28 × 28. */
  public static MindEye defaults() {
    return new MindEye(
        ResidualMlp.mindEye2(),
        1664,
        List.of(
            new HeadSpec(
                "latent", 0, 0.3, List.of(4, 28, 28), Optional.of(Upsampling.defaults()))));
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int tokenWidth = sizes.target().get(sizes.target().size() - 1);
    int count = sizes.dim() / tokenWidth;
    Layer retrieval =
        Sequence.builder()
            .add("projector", Blocks.projector(tokenWidth, projector))
            .add("embedding", new Reshape(sizes.target()))
            .build();
    Layer tokens =
        Sequence.builder()
            .add("linear", Linear.of(backbone.width(), sizes.dim()))
            .add("tokens", Reshape.to(count, tokenWidth))
            .add(
                "heads",
                new Heads(
                    retrieval, List.of(new Heads.Head(TOKENS, kept(sizes, count), sizes.target()))))
            .build();
    List<Heads.Head> others = new ArrayList<>();
    for (HeadSpec head : heads) {
      Check.argument(
          !head.name().equals(TOKENS), "%s: the head '%s' is there already", NAME, TOKENS);
      others.add(head.on(backbone.width()));
    }
    return backbone.trunk(sizes).add("heads", new Heads(tokens, others)).build();
  }

  private static Layer kept(NetworkSizes sizes, int count) {
    return sizes.target().size() == 2 && sizes.target().get(0) == count
        ? new Identity()
        : new Reshape(sizes.target());
  }
}
