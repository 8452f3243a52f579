package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.ClassToken;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.MaskedAutoencoder;
import io.noesis.encoders.layer.PatchTokenizer;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.encoders.layer.SwapAxes;
import io.noesis.run.Check;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mind-Vis (Chen et al. 2023, arXiv:2211.06956): the row of voxels is cut into patches, a
 * transformer relates them, and all of its tokens together make the embedding. Before that it can
 * learn, without targets, to fill in patches that it did not see; the decoder that helps it is
 * thrown away. Voxels must have a meaning for all rows: the same mask. {@code [trials, voxels]} →
 * {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param patch voxels of a patch
 * @param encoder the transformer; its {@code headHidden} is the width to which each kept token is
 *     brought
 * @param kept to how many the tokens are mixed before they make the embedding; where the target has
 *     as many tokens of {@code headHidden} numbers, they are the embedding, through two maps as
 *     published
 * @param waves how fixed positions lie in a token
 * @param filling how patches are hidden and made again
 */
public record MindVis(
    int patch, TokenEncoder encoder, int kept, SinusoidalPositions.Waves waves, Filling filling)
    implements NetworkSpec {
  static final String NAME = "mind-vis";

  /** The stage in which it fills in patches. */
  static final String FILLING = "masked-autoencoder";

  /**
   * How the patches that were not seen are made; feed-forward networks are wider than their tokens
   * as much as the encoder's are.
   *
   * @param rate fraction of them, in (0, 1)
   * @param width of a token in the decoder
   * @param depth blocks of the decoder
   * @param heads of its attention
   * @param classTokens learned tokens in front of the patches, in encoder and decoder, while
   *     patches are filled in; the published network has one, which decoding leaves out
   */
  public record Filling(double rate, int width, int depth, int heads, int classTokens) {
    /** Checks the tokens; the others are checked where the decoder is made. */
    public Filling {
      Check.argument(
          classTokens >= 0, "%s: expected classTokens of at least 0, found %d", NAME, classTokens);
    }
  }

  /** Checks the sizes. */
  public MindVis {
    Check.argument(
        patch > 0 && kept > 0 && encoder.headHidden() > 0,
        "%s: expected patches, kept tokens and encoder.headHidden of at least 1, found %d, %d and"
            + " %d",
        NAME,
        patch,
        kept,
        encoder.headHidden());
  }

  /**
   * As published: 16 voxels, 24 blocks of 1024 with 16 heads and feed-forward networks no wider
   * than a token, 77 tokens of 512, three quarters.
   */
  public static MindVis defaults() {
    return new MindVis(
        16,
        new TokenEncoder(1024, 24, 16, 1024, 0, 512),
        77,
        SinusoidalPositions.Waves.BEHIND_EACH_OTHER,
        new Filling(0.75, 512, 8, 16, 1));
  }

  private PatchTokenizer patches(NetworkSizes sizes) {
    return new PatchTokenizer(1, List.of(sizes.voxels(NAME)), List.of(patch), encoder.width());
  }

  private SinusoidalPositions positions(int tokens, int width) {
    return new SinusoidalPositions(List.of(tokens), width, waves);
  }

  private static Layer blocks(TokenEncoder of) {
    return blocks(Sequence.builder(), of);
  }

  private static Layer blocks(Sequence.Builder blocks, TokenEncoder of) {
    for (int i = 0; i < of.depth(); i++) {
      blocks.add("blocks." + i, of.block(Attention.self(of.width(), of.heads())));
    }
    return blocks.add("norm", LayerNorm.of(of.width())).build();
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    PatchTokenizer patches = patches(sizes);
    int condition = encoder.headHidden();
    int half = Math.max(1, patches.tokens() / 2);
    Sequence.Builder network =
        Sequence.builder()
            .add("row", Reshape.to(1, sizes.voxels(NAME)))
            .add("patches", patches)
            .add("positions", positions(patches.tokens(), encoder.width()))
            .add("encoder", blocks(encoder))
            .add("mixed", new SwapAxes());
    if (sizes.target().equals(List.of(kept, condition))) {
      return network
          .add("mix1", Linear.of(patches.tokens(), half))
          .add("mix2", Linear.of(half, kept))
          .add("kept", new SwapAxes())
          .add("condition", Linear.of(encoder.width(), condition))
          .build();
    }
    return network
        .add("mix", Linear.of(patches.tokens(), kept))
        .add("kept", new SwapAxes())
        .add("condition", Linear.of(encoder.width(), condition))
        .add("flat", new Flatten())
        .add("out", Linear.of(kept * condition, sizes.dim()))
        .add("embedding", new Reshape(sizes.target()))
        .build();
  }

  /** The transformer while it fills in patches: its names are those of the decoding one. */
  private Layer learning() {
    Sequence.Builder steps = Sequence.builder();
    if (filling.classTokens() > 0) {
      steps.add("class_token", new ClassToken(filling.classTokens(), encoder.width()));
    }
    return blocks(steps, encoder);
  }

  @Override
  public Optional<Pretraining> pretraining(NetworkSizes sizes) {
    PatchTokenizer patches = patches(sizes);
    int hidden = Math.max(1, (int) ((long) filling.width() * encoder.hidden() / encoder.width()));
    TokenEncoder decoder =
        new TokenEncoder(filling.width(), filling.depth(), filling.heads(), hidden, 0, 0);
    Layer masked =
        new MaskedAutoencoder(
            patches,
            positions(patches.tokens(), encoder.width()),
            learning(),
            new MaskedAutoencoder.Filling(
                filling.rate(),
                filling.classTokens(),
                filling.width(),
                positions(patches.tokens(), filling.width()),
                blocks(decoder),
                MaskedAutoencoder.Target.RAW));
    Layer whole =
        Sequence.builder()
            .add("row", Reshape.to(1, sizes.voxels(NAME)))
            .add("masked", masked)
            .build();
    Pretraining.Stage stage =
        new Pretraining.Stage(
            FILLING,
            whole,
            List.of(filling.classTokens() + patches.tokens(), encoder.width()),
            Map.of(),
            List.of(),
            patches.tokens() * patch);
    return Optional.of(
        new Pretraining(
            List.of(stage),
            Map.of(
                "patches.", "masked.patches.",
                "positions.", "masked.positions.",
                "encoder.", "masked.encoder.")));
  }
}
