package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.Pretraining;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.ClassToken;
import io.noesis.encoders.layer.Convolution;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Gelu;
import io.noesis.encoders.layer.GroupNorm;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.MeanOver;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Pad;
import io.noesis.encoders.layer.Permute;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Slice;
import io.noesis.encoders.layer.Starting;
import io.noesis.encoders.layer.TablePositions;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Check;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * LaBraM (Jiang et al. 2024, arXiv:2405.18765), for EEG: convolutions make a token of each second
 * of each channel, learned vectors tell it the channel and the second, a transformer relates all of
 * them and a class token, and their mean, without that one, makes the embedding. Its stem is normed
 * over all patches of an epoch at once. It can learn without targets first, in two stages: codes of
 * patches from which their spectra can be made, then, from scratch, naming the codes of patches it
 * did not see. Weights that were trained by its program expect 200 Hz, 0.1 to 75 Hz, in units of
 * 100 µV, and {@link #channels} by name. {@code [trials, channels, samples]} → {@code [trials,
 * dim]} or {@code [trials, tokens, dim]}.
 *
 * @param patch samples of a patch, a multiple of the stride; where the last one is not full, zeros
 *     are put behind the epoch
 * @param stem convolutions that make tokens
 * @param transformer its width is that of a token
 * @param dropPath rate for whole branches of a row in the last block; 0 in the first one, evenly
 *     more from one to the next
 * @param scale where learned factors of the branches begin; 0 for no factors
 * @param slots patches of time that have learned vectors, the most an epoch can have
 * @param channels names of the recorded channels, in their order and any case, which say which of
 *     the {@link LabramChannels} each is; empty: the first is the first of those, and so on
 * @param codes how patches are put into codes before it learns with targets
 */
public record Labram(
    int patch,
    Stem stem,
    TokenEncoder transformer,
    double dropPath,
    double scale,
    int slots,
    List<String> channels,
    Codes codes)
    implements NetworkSpec {
  static final String NAME = "labram";

  /** Of all its layer norms. */
  private static final double EPSILON = 1e-6;

  /** Of the first weights. */
  static final double SD = 0.02;

  /**
   * Three convolutions over time, each with group norm and GELU; the last two have windows of 3.
   *
   * @param filters of each
   * @param groups of filters that are normed together
   * @param padding zeros at each end before the first, whose window is 2·padding + 1
   * @param stride of the first
   */
  public record Stem(int filters, int groups, int padding, int stride) {}

  /**
   * How patches are put into codes.
   *
   * @param count how many
   * @param width of a code
   * @param decay fraction of a code that stays in a step
   * @param decoderDepth blocks between codes and spectra; before the codes are as many as decode
   * @param masked fraction of the patches that are hidden in the second stage, and in a second turn
   *     all the others
   */
  public record Codes(int count, int width, double decay, int decoderDepth, double masked) {
    /** Checks the settings, whether or not anything is learned without targets. */
    public Codes {
      DuIn.requireCodes(count, width, decay, decoderDepth, masked);
    }
  }

  /**
   * What blocks have in one network and not in another.
   *
   * @param depth how many
   * @param dropPath rate in the last one
   * @param scale where learned factors begin; 0 for none
   * @param normed queries and keys, whose maps have no biases then
   */
  record Blocks(int depth, double dropPath, double scale, boolean normed) {}

  /** Checks that tokens come out even and channels are known. */
  public Labram {
    channels = List.copyOf(channels);
    Check.argument(
        stem.filters() > 0
            && stem.padding() >= 0
            && stem.stride() > 0
            && patch > 0
            && patch % stem.stride() == 0
            && patch / stem.stride() * stem.filters() == transformer.width(),
        "%s: expected a patch that splits into strides and a transformer.width of patch / stride ·"
            + " filters = %d / %d · %d, found %d",
        NAME,
        patch,
        stem.stride(),
        stem.filters(),
        transformer.width());
    Check.argument(
        slots > 0 && scale >= 0 && dropPath >= 0 && dropPath < 1,
        "%s: expected slots of at least 1, a scale of at least 0 and a dropPath in [0, 1), found"
            + " %d, %s, %s",
        NAME,
        slots,
        scale,
        dropPath);
    List<Integer> numbers = channels.stream().map(LabramChannels::number).toList();
    Check.argument(
        new HashSet<>(numbers).size() == numbers.size(),
        "%s: expected each channel once, found %s",
        NAME,
        channels);
  }

  /** As published (base) for 200 Hz: patches of 1 s, 12 blocks of 200 with 10 heads, 16 s. */
  public static Labram defaults() {
    return new Labram(
        200,
        new Stem(8, 4, 7, 8),
        new TokenEncoder(200, 12, 10, 800, 0, 0),
        0.1,
        0.1,
        16,
        List.of(),
        new Codes(8192, 64, 0.99, 3, 0.5));
  }

  int width() {
    return transformer.width();
  }

  /** Patches of one channel. */
  private int count(NetworkSizes sizes) {
    int count = (sizes.response().get(1) + patch - 1) / patch;
    Check.argument(
        count <= slots,
        "%s: epochs of %d samples are %d patches of %d, more than the %d that have learned vectors;"
            + " set encoder.settings.slots higher, or take shorter epochs",
        NAME,
        sizes.response().get(1),
        count,
        patch,
        slots);
    return count;
  }

  /** Numbers of the recorded channels in the table, 0 being the class token. */
  List<Integer> numbers(NetworkSizes sizes) {
    int recorded = sizes.channels(NAME);
    if (channels.isEmpty()) {
      Check.argument(
          recorded <= LabramChannels.COUNT,
          "%s: %d channels, but it has learned vectors for %d",
          NAME,
          recorded,
          LabramChannels.COUNT);
      return IntStream.rangeClosed(1, recorded).boxed().toList();
    }
    Check.argument(
        channels.size() == recorded,
        "%s: encoder.settings.channels has %d names, but responses have %d channels; expected the"
            + " name of each, in their order",
        NAME,
        channels.size(),
        recorded);
    return channels.stream().map(LabramChannels::number).toList();
  }

  /** The epoch, filled up to whole patches, under other axes. */
  Sequence.Builder cut(NetworkSizes sizes, Integer... axes) {
    int missing = count(sizes) * patch - sizes.response().get(1);
    return Sequence.builder().add("filled", new Pad(2, 0, missing)).add("cut", Reshape.to(axes));
  }

  int tokenCount(NetworkSizes sizes) {
    return sizes.channels(NAME) * count(sizes);
  }

  /** {@code [batch, channels, samples]} → {@code [batch, channels · patches, width]}. */
  Layer tokens(NetworkSizes sizes) {
    int tokens = tokenCount(sizes);
    int filters = stem.filters();
    int inPatch = patch / stem.stride();
    Window first =
        Window.of(1, 2 * stem.padding() + 1)
            .withStride(1, stem.stride())
            .withPadding(0, stem.padding());
    Window three = Window.of(1, 3).withPadding(0, 1);
    Sequence.Builder steps = cut(sizes, 1, tokens, patch);
    for (int i = 1; i <= 3; i++) {
      steps
          .add(
              "conv" + i,
              new Convolution(i == 1 ? 1 : filters, filters, i == 1 ? first : three, Bias.WITH))
          .add("norm" + i, GroupNorm.of(stem.groups(), filters))
          .add("activation" + i, new Gelu());
    }
    return steps
        .add("order", Permute.of(2, 3, 1))
        .add("patches", Reshape.to(tokens, inPatch * filters))
        .build();
  }

  /**
   * Of tokens, with their places and the class token, which is taken away again.
   *
   * @param first number of the class token's vector in the table of channels
   */
  Sequence.Builder encoder(NetworkSizes sizes, Blocks blocks, int first) {
    int count = count(sizes);
    int tokens = tokenCount(sizes);
    List<Integer> times = IntStream.range(0, tokens).mapToObj(i -> i % count).toList();
    List<Integer> places =
        Stream.concat(
                Stream.of(first),
                numbers(sizes).stream()
                    .flatMap(number -> Stream.generate(() -> number).limit(count)))
            .toList();
    Sequence.Builder steps =
        Sequence.builder()
            .add("times", new TablePositions(slots, times, width(), SD))
            .add("class_token", ClassToken.of(width()))
            .add("channels", new TablePositions(LabramChannels.COUNT + 1, places, width(), SD))
            .add("dropout", new Dropout(transformer.dropout()));
    for (int i = 0; i < blocks.depth(); i++) {
      steps.add("blocks." + i, block(i, blocks));
    }
    return steps.add("patches", new Slice(1, 1, tokens));
  }

  private Layer block(int number, Blocks of) {
    Attention.Options usual = Attention.Options.defaults(width());
    Attention.Options options =
        of.normed()
            ? usual
                .withBias(Bias.WITHOUT, Bias.WITH)
                .withNorm(Attention.QueryKeyNorm.LAYER, EPSILON)
            : usual;
    double rate = of.depth() == 1 ? 0 : of.dropPath() * number / (of.depth() - 1);
    NormedResidual.Style style =
        NormedResidual.Style.normFirst()
            .withEpsilon(EPSILON)
            .withDropout(transformer.dropout())
            .withDropPath(rate)
            .withScale(of.scale());
    Layer block =
        TransformerBlock.of(
            Attention.self(width(), transformer.heads()).with(options),
            FeedForward.of(width(), transformer.hidden()),
            style);
    for (String map : List.of("query", "key", "value", "into")) {
      block = new Starting(block, map + ".weight", new Initial.TruncatedNormal(SD));
    }
    Initial shrunk = new Initial.TruncatedNormal(SD / Math.sqrt(2.0 * (number + 1)));
    block = new Starting(block, "out.weight", shrunk);
    for (String map : List.of("query", "key", "value", "into", "out")) {
      block = new Starting(block, map + ".bias", new Initial.Constant(0));
    }
    return block;
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    Sequence.Builder network =
        Sequence.builder()
            .add("tokens", tokens(sizes))
            .add("encoder", encoder(sizes, blocks(dropPath), 0).build())
            .add("mean", new MeanOver(1))
            .add("norm", norm());
    return transformer.head(network, sizes, List.of()).build();
  }

  Blocks blocks(double rate) {
    return new Blocks(transformer.depth(), rate, scale, true);
  }

  Layer norm() {
    return new LayerNorm(width(), EPSILON);
  }

  @Override
  public Optional<Pretraining> pretraining(NetworkSizes sizes) {
    return Optional.of(new LabramPretraining(this, sizes).stages());
  }
}
