package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.BatchNorm;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.EachSubject;
import io.noesis.encoders.layer.EachToken;
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
import io.noesis.encoders.layer.SwapAxes;
import io.noesis.encoders.layer.Tanh;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.encoders.layer.TransposedConvolution;
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
 * the codes of patches it did not see. Subjects have channel maps of their own and share the
 * convolutions, as in its program, or have convolutions of their own, as in the variant that was
 * published for several subjects at once (poms: subjects convolutions, 1024 codes, and up (128, 3,
 * 1), (128, 3, 1), (128, 19, 10)). Channels that a subject lacks are zeros, in what is rebuilt as
 * well, where poms leaves them out of the loss. {@code [trials, channels, samples]} → {@code
 * [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param sources to which each subject's channels are brought, where subjects have maps
 * @param patch samples of a patch, a multiple of the stride
 * @param stem convolutions that make tokens
 * @param transformer its width is that of a token; its {@code headHidden} the width of the hidden
 *     layer
 * @param headWidth width of each head of attention
 * @param codes how epochs are put into codes
 * @param subjects what each of them has its own of
 */
public record DuIn(
    int sources,
    int patch,
    Stem stem,
    TokenEncoder transformer,
    int headWidth,
    Codes codes,
    Subjects subjects)
    implements NetworkSpec {
  static final String NAME = "du-in";

  /** The stage in which it puts epochs into codes. */
  static final String REBUILDING = "codes";

  /**
   * Three convolutions over time; the last two have windows of 3.
   *
   * @param filters of the first two
   * @param kept of the last one
   * @param padding zeros at each end before the first, whose window is 2·padding + 1
   * @param stride of the first
   * @param over what they see at once
   */
  public record Stem(int filters, int kept, int padding, int stride, Over over) {}

  /** What the convolutions that make tokens see at once. */
  public enum Over {
    /** A patch alone, with zeros around it: as published. Numbers of a token lie by time. */
    PATCH,
    /** The whole epoch, which is cut into patches behind them. Numbers of a token lie by filter. */
    EPOCH
  }

  /** What each subject has its own of. */
  public enum Subjects {
    /** A map from channels to sources, and one back. */
    MAP,
    /** The convolutions that make tokens of channels, and what makes channels of tokens. */
    CONVOLUTIONS
  }

  /**
   * A transposed convolution of the decoder.
   *
   * @param filters that it gives
   * @param size of its window, at least the stride
   * @param stride by which it lengthens
   */
  public record Up(int filters, int size, int stride) {}

  /**
   * How epochs are put into codes.
   *
   * @param count how many
   * @param width of a code
   * @param decay fraction of a code that stays in a step
   * @param decoderDepth blocks between codes and rebuilt epochs
   * @param masked fraction of the patches that are hidden in the second stage
   * @param up by which tokens become samples again; their strides together are the patch, or a part
   *     of it, where the numbers of a token lie behind each other in time; none for one linear map
   *     per token
   */
  public record Codes(
      int count, int width, double decay, int decoderDepth, double masked, List<Up> up) {
    /** Copies, and checks the settings, whether or not anything is learned without targets. */
    public Codes {
      up = List.copyOf(up);
      requireCodes(count, width, decay, decoderDepth, masked);
    }

    /** The same with one linear map per token, for patches of any size. */
    public Codes linearly() {
      return new Codes(count, width, decay, decoderDepth, masked, List.of());
    }
  }

  static void requireCodes(int count, int width, double decay, int decoderDepth, double masked) {
    Check.argument(
        count > 0
            && width > 0
            && decay >= 0
            && decay < 1
            && decoderDepth >= 0
            && masked > 0
            && masked < 1,
        "codes: expected a count and a width of at least 1, a decay in [0, 1), a decoderDepth of at"
            + " least 0 and masked in (0, 1), found %d, %d, %s, %d, %s",
        count,
        width,
        decay,
        decoderDepth,
        masked);
  }

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
    int longer = codes.up().stream().mapToInt(Up::stride).reduce(1, Math::multiplyExact);
    Check.argument(
        codes.up().stream()
                .allMatch(up -> up.filters() > 0 && up.stride() > 0 && up.size() >= up.stride())
            && (codes.up().isEmpty()
                || (patch % longer == 0 && transformer.width() % (patch / longer) == 0)),
        "%s: expected codes.up of windows of at least their strides, and strides that make a patch"
            + " of %d together, or a part by which it and the width %d are divided, found %s; for"
            + " one linear map per token set codes.up to []",
        NAME,
        patch,
        transformer.width(),
        codes.up());
  }

  /** As published for 1000 Hz: 100 ms per patch, 8 blocks of 160, 2048 codes of 64, half hidden. */
  public static DuIn defaults() {
    return new DuIn(
        16,
        100,
        new Stem(128, 16, 9, 10, Over.PATCH),
        new TokenEncoder(160, 8, 8, 320, 0.2, 128),
        64,
        new Codes(
            2048,
            64,
            0.99,
            4,
            0.5,
            List.of(
                new Up(128, 3, 1),
                new Up(128, 3, 1),
                new Up(128, 10, 10),
                new Up(128, 9, 1),
                new Up(16, 19, 10))),
        Subjects.MAP);
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
    int people = sizes.subjects().size();
    Sequence.Builder steps =
        Sequence.builder().add("filled", new Pad(2, 0, count * patch - sizes.response().get(1)));
    if (subjects == Subjects.CONVOLUTIONS) {
      Layer own = tokens(Sequence.builder(), channels, count);
      return steps.add("own", new EachSubject(people, own)).build();
    }
    Layer map = new SubjectLinear(people, channels, sources, SubjectLinear.Axes.TIME);
    return tokens(steps.add("subject", map), sources, count);
  }

  /** Of whole patches. */
  private Layer tokens(Sequence.Builder steps, int channels, int count) {
    if (stem.over() == Over.EPOCH) {
      return stem(steps, channels)
          .add("cut", Reshape.to(stem.kept(), count, patch / stem.stride()))
          .add("order", Permute.of(2, 1, 3))
          .add("patches", Reshape.to(count, width()))
          .build();
    }
    Layer ofPatch = stem(Sequence.builder(), channels).add("by_time", new SwapAxes()).build();
    return steps
        .add("cut", Reshape.to(channels, count, patch))
        .add("order", Permute.of(2, 1, 3))
        .add("stem", new EachToken(count, List.of(channels, patch), width(), ofPatch))
        .build();
  }

  private Sequence.Builder stem(Sequence.Builder steps, int channels) {
    Window first =
        Window.of(2 * stem.padding() + 1).withStride(stem.stride()).withPadding(stem.padding());
    Window three = Window.of(3).withPadding(1);
    return steps
        .add("conv1", new Convolution(channels, stem.filters(), first, Bias.WITH))
        .add("norm1", BatchNorm.of(stem.filters()))
        .add("conv2", new Convolution(stem.filters(), stem.filters(), three, Bias.WITH))
        .add("norm2", BatchNorm.of(stem.filters()))
        .add("conv3", new Convolution(stem.filters(), stem.kept(), three, Bias.WITH))
        .add("norm3", BatchNorm.of(stem.kept()));
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
    int channels = sizes.channels(NAME);
    int people = sizes.subjects().size();
    Layer only = new Slice(2, 0, sizes.response().get(1));
    Sequence.Builder steps =
        Sequence.builder()
            .add("norm", LayerNorm.of(codes.width()))
            .add("up", Linear.of(codes.width(), width()))
            .add("decoder", blocks(codes.decoderDepth(), count));
    if (subjects == Subjects.CONVOLUTIONS) {
      Layer own = samples(Sequence.builder(), channels, count).build();
      return steps.add("own", new EachSubject(people, own)).add("samples", only).build();
    }
    return samples(steps, sources, count)
        .add("samples", only)
        .add("subject", new SubjectLinear(people, sources, channels, SubjectLinear.Axes.TIME))
        .build();
  }

  private Sequence.Builder samples(Sequence.Builder steps, int channels, int count) {
    return codes.up().isEmpty()
        ? linearly(steps, channels, count)
        : convolved(steps, channels, count);
  }

  private Sequence.Builder linearly(Sequence.Builder steps, int channels, int count) {
    return steps
        .add("signal", Linear.of(width(), channels * patch))
        .add("cut", Reshape.to(count, channels, patch))
        .add("order", Permute.of(2, 1, 3))
        .add("joined", Reshape.to(channels, count * patch));
  }

  /** Each lengthens by its stride alone. */
  private Sequence.Builder convolved(Sequence.Builder steps, int channels, int count) {
    int inToken = patch / codes.up().stream().mapToInt(Up::stride).reduce(1, Math::multiplyExact);
    int in = width() / inToken;
    steps.add("cut", Reshape.to(count * inToken, in)).add("by_channel", new SwapAxes());
    int number = 0;
    for (Up up : codes.up()) {
      int surplus = up.size() - up.stride();
      int padding = (surplus + 1) / 2;
      Window window = Window.of(up.size()).withStride(up.stride()).withPadding(padding);
      steps.add(
          "ups." + number,
          new TransposedConvolution(in, up.filters(), window, 2 * padding - surplus, Bias.WITH));
      in = up.filters();
      number++;
    }
    return steps.add("signal", new Convolution(in, channels, Window.of(1), Bias.WITH));
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
                new Pretraining.Stage(
                    REBUILDING, rebuilding, sizes.response(), Map.of(), List.of(), numbers),
                new Pretraining.Stage(
                    "masked-codes",
                    naming,
                    List.of(count(sizes), width()),
                    Map.of("tokenizer.", "encoder.", "quantiser.", "quantiser."),
                    List.of("tokenizer.", "quantiser."),
                    0)),
            Map.of("tokens.", "tokens.", "encoder.", "encoder.")));
  }
}
