package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.MaskedCodes;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Pad;
import io.noesis.encoders.layer.Permute;
import io.noesis.encoders.layer.QuantisedAutoencoder;
import io.noesis.encoders.layer.Relu;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.SinusoidalPositions;
import io.noesis.encoders.layer.Slice;
import io.noesis.encoders.layer.SubjectLinear;
import io.noesis.encoders.layer.Tanh;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.encoders.layer.VectorQuantise;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Du-IN (Zheng et al. 2024, arXiv:2405.11459), for intracranial recordings and EEG: each subject's
 * channels are brought to sources, convolutions make a token of each patch of time, a transformer
 * relates them, and a hidden layer over all of them makes the embedding. It can learn without
 * targets first, in two stages: codes from which epochs can be rebuilt, then, from scratch, naming
 * the codes of patches it did not see. Epochs are rebuilt by one linear map per token here, by
 * transposed convolutions as published; that part is thrown away. {@code [trials, channels,
 * samples]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param sources to which each subject's channels are brought
 * @param patch samples of a patch, a multiple of the stride
 * @param stem convolutions that make tokens
 * @param transformer its width is that of a token; its {@code headHidden} the width of the hidden
 *     layer
 * @param headWidth width of each head of attention
 * @param codes how epochs are put into codes
 */
public record DuIn(
    int sources, int patch, Stem stem, TokenEncoder transformer, int headWidth, Codes codes)
    implements NetworkSpec {
  static final String NAME = "du-in";

  /**
   * Three convolutions over time; the last two have windows of 3.
   *
   * @param filters of the first two
   * @param kept of the last one
   * @param padding zeros at each end before the first, whose window is 2·padding + 1
   * @param stride of the first
   */
  public record Stem(int filters, int kept, int padding, int stride) {}

  /**
   * How epochs are put into codes.
   *
   * @param count how many
   * @param width of a code
   * @param decay fraction of a code that stays in a step
   * @param decoderDepth blocks between codes and rebuilt epochs
   * @param masked fraction of the patches that are hidden in the second stage
   */
  public record Codes(int count, int width, double decay, int decoderDepth, double masked) {}

  /** Checks that tokens come out even. */
  public DuIn {
    Check.argument(
        sources > 0
            && stem.filters() > 0
            && stem.kept() > 0
            && stem.padding() >= 0
            && stem.stride() > 0
            && patch > 0
            && patch % stem.stride() == 0
            && patch / stem.stride() * stem.kept() == transformer.width()
            && transformer.headHidden() > 0,
        "%s: expected a transformer.headHidden above 0 and a width of patch / stride · kept ="
            + " %d / %d · %d, found %d and %d",
        NAME,
        patch,
        stem.stride(),
        stem.kept(),
        transformer.headHidden(),
        transformer.width());
  }

  /** As published for 1000 Hz: 100 ms per patch, 8 blocks of 160, 2048 codes of 64, half hidden. */
  public static DuIn defaults() {
    return new DuIn(
        16,
        100,
        new Stem(128, 16, 9, 10),
        new TokenEncoder(160, 8, 8, 320, 0.2, 128),
        64,
        new Codes(2048, 64, 0.99, 4, 0.5));
  }

  private int count(NetworkSizes sizes) {
    return (sizes.response().get(1) + patch - 1) / patch;
  }

  private int width() {
    return transformer.width();
  }

  /** {@code [batch, channels, samples]} → {@code [batch, patches, width]}. */
  private Layer tokens(NetworkSizes sizes) {
    int channels = sizes.channels(NAME);
    int count = count(sizes);
    int missing = count * patch - sizes.response().get(1);
    int inPatch = patch / stem.stride();
    Window first =
        Window.of(2 * stem.padding() + 1).withStride(stem.stride()).withPadding(stem.padding());
    Window three = Window.of(3).withPadding(1);
    return Sequence.builder()
        .add("filled", new Pad(2, 0, missing))
        .add(
            "subject",
            new SubjectLinear(sizes.subjects().size(), channels, sources, SubjectLinear.Axes.TIME))
        .add("conv1", new Convolution(sources, stem.filters(), first, Bias.WITH))
        .add("norm1", BatchNorm.of(stem.filters()))
        .add("conv2", new Convolution(stem.filters(), stem.filters(), three, Bias.WITH))
        .add("norm2", BatchNorm.of(stem.filters()))
        .add("conv3", new Convolution(stem.filters(), stem.kept(), three, Bias.WITH))
        .add("norm3", BatchNorm.of(stem.kept()))
        .add("cut", Reshape.to(stem.kept(), count, inPatch))
        .add("order", Permute.of(2, 1, 3))
        .add("patches", Reshape.to(count, width()))
        .build();
  }

  /** Positions are added here, so that tokens that were replaced have them, too. */
  private Layer blocks(int depth, int count) {
    Attention.Options options =
        Attention.Options.defaults(transformer.heads() * headWidth)
            .withNorm(Attention.QueryKeyNorm.LAYER)
            .withDropout(transformer.dropout());
    Attention attention = Attention.self(width(), transformer.heads()).with(options);
    FeedForward between =
        new FeedForward(width(), transformer.hidden(), new Relu(), transformer.dropout());
    Sequence.Builder blocks =
        Sequence.builder().add("positions", SinusoidalPositions.of(count, width()));
    for (int i = 0; i < depth; i++) {
      blocks.add(
          "blocks." + i, TransformerBlock.of(attention, between, NormedResidual.Style.normLast()));
    }
    return blocks.build();
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    Sequence.Builder network =
        Sequence.builder()
            .add("tokens", tokens(sizes))
            .add("encoder", blocks(transformer.depth(), count(sizes)))
            .add("flat", new Flatten())
            .add("hidden", Linear.of(count(sizes) * width(), transformer.headHidden()))
            .add("activation", new Relu())
            .add("out", Linear.of(transformer.headHidden(), sizes.dim()));
    return network.add("embedding", new Reshape(sizes.target())).build();
  }

  private VectorQuantise quantiser() {
    return new VectorQuantise(
        codes.count(), codes.width(), codes.decay(), VectorQuantise.Space.SPHERE);
  }

  private Layer toCodes(NetworkSizes sizes) {
    return Sequence.builder()
        .add("tokens", tokens(sizes))
        .add("encoder", blocks(transformer.depth(), count(sizes)))
        .add("down1", Linear.of(width(), width()))
        .add("activation", new Tanh())
        .add("down2", Linear.of(width(), codes.width()))
        .build();
  }

  private Layer fromCodes(NetworkSizes sizes) {
    int count = count(sizes);
    int samples = sizes.response().get(1);
    int channels = sizes.channels(NAME);
    return Sequence.builder()
        .add("norm", LayerNorm.of(codes.width()))
        .add("up", Linear.of(codes.width(), width()))
        .add("decoder", blocks(codes.decoderDepth(), count))
        .add("signal", Linear.of(width(), sources * patch))
        .add("cut", Reshape.to(count, sources, patch))
        .add("order", Permute.of(2, 1, 3))
        .add("joined", Reshape.to(sources, count * patch))
        .add("samples", new Slice(2, 0, samples))
        .add(
            "subject",
            new SubjectLinear(sizes.subjects().size(), sources, channels, SubjectLinear.Axes.TIME))
        .build();
  }

  @Override
  public Optional<Pretraining> pretraining(NetworkSizes sizes) {
    int numbers = sizes.responses(1).size();
    Layer rebuilding = new QuantisedAutoencoder(toCodes(sizes), quantiser(), fromCodes(sizes));
    Layer naming =
        new MaskedCodes(
            tokens(sizes),
            blocks(transformer.depth(), count(sizes)),
            toCodes(sizes),
            quantiser(),
            new MaskedCodes.Masking(width(), codes.masked()));
    return Optional.of(
        new Pretraining(
            List.of(
                new Pretraining.Stage("codes", rebuilding, Map.of(), List.of(), numbers),
                new Pretraining.Stage(
                    "masked-codes",
                    naming,
                    Map.of("tokenizer.", "encoder.", "quantiser.", "quantiser."),
                    List.of("tokenizer.", "quantiser."),
                    0)),
            Map.of("tokens.", "tokens.", "encoder.", "encoder.")));
  }
}
