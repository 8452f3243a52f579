package io.noesis.encoders.architecture;

import io.noesis.encoders.NetworkSizes;
import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.ClassToken;
import io.noesis.encoders.layer.Dropout;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Flatten;
import io.noesis.encoders.layer.GeluByTanh;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Sight;
import io.noesis.encoders.layer.Slice;
import io.noesis.encoders.layer.Starting;
import io.noesis.encoders.layer.SwapAxes;
import io.noesis.encoders.layer.TablePositions;
import io.noesis.encoders.layer.Tanh;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.run.Check;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The causal transformer over a series of volumes of Thomas et al. 2022 (arXiv:2206.11417), which
 * is the encoder of WAVE: each volume's parcels are one token, a learned token stands behind them,
 * blocks as in GPT-2 look back, and what the last token found makes the embedding. {@code [trials,
 * parcels, volumes]} → {@code [trials, dim]} or {@code [trials, tokens, dim]}.
 *
 * @param encoder the transformer
 * @param stepSeconds from one volume to the next
 * @param heads further outputs on what the last token found, as WAVE's tokens of an image
 */
public record CausalSequence(TokenEncoder encoder, double stepSeconds, List<HeadSpec> heads)
    implements NetworkSpec {
  static final String NAME = "causal-sequence";

  /** Learned positions, as published. */
  static final int PLACES = 512;

  /** Learned times: 300 s in steps of 0.2 s, and one for the token that has none. */
  static final int TIMES = 1501;

  private static final float PRECISION_SECONDS = 0.2f;

  /** Copies, and checks the step. */
  public CausalSequence {
    heads = List.copyOf(heads);
    Check.argument(
        stepSeconds > 0, "%s: expected a stepSeconds above 0, found %s", NAME, stepSeconds);
  }

  /** Without further outputs. */
  CausalSequence(TokenEncoder encoder, double stepSeconds) {
    this(encoder, stepSeconds, List.of());
  }

  /** As published: 4 blocks of width 768 with 12 heads, a volume each 2 s. */
  public static CausalSequence defaults() {
    return new CausalSequence(new TokenEncoder(768, 4, 12, 3072, 0.1, 0), 2);
  }

  @Override
  public Layer network(NetworkSizes sizes) {
    int parcels = sizes.channels(NAME);
    int volumes = sizes.response().get(1);
    int width = encoder.width();
    Check.argument(
        volumes < PLACES && time(volumes - 1) < TIMES - 1,
        "%s: %d volumes of %s s are too many; it knows %d of at most 300 s",
        NAME,
        volumes,
        stepSeconds,
        PLACES - 1);
    List<Integer> times =
        Stream.concat(IntStream.range(0, volumes).mapToObj(this::time), Stream.of(TIMES - 1))
            .toList();
    List<Integer> places = IntStream.rangeClosed(0, volumes).boxed().toList();
    Sequence.Builder network =
        Sequence.builder()
            .add("volumes", new SwapAxes())
            .add(
                "class_token",
                new Starting(
                    new ClassToken(1, parcels, ClassToken.Side.BEHIND),
                    "weight",
                    new Initial.Normal(1)))
            .add("into", Linear.of(parcels, width))
            .add("into_norm", LayerNorm.of(width))
            .add("into_dropout", new Dropout(encoder.dropout()))
            .add("times", new TablePositions(TIMES, times, width, 1))
            .add("places", new TablePositions(PLACES, places, width, 0.02))
            .add("dropout", new Dropout(encoder.dropout()));
    for (int i = 0; i < encoder.depth(); i++) {
      network.add("blocks." + i, block());
    }
    network
        .add("norm", LayerNorm.of(width))
        .add("last", new Slice(1, volumes, 1))
        .add("flat", new Flatten())
        .add("pooler", Linear.of(width, width))
        .add("pooler_activation", new Tanh())
        .add("pooler_dropout", new Dropout(encoder.dropout()));
    return encoder.head(network, sizes, heads).build();
  }

  private Layer block() {
    int width = encoder.width();
    double rate = encoder.dropout();
    Attention.Options options =
        Attention.Options.defaults(width).withSight(Sight.EARLIER).withDropout(rate);
    return TransformerBlock.of(
        Attention.self(width, encoder.heads()).with(options),
        new FeedForward(width, encoder.hidden(), new GeluByTanh(), 0),
        NormedResidual.Style.normFirst().withDropout(rate));
  }

  /** In steps of 0.2 s. */
  private int time(int volume) {
    return (int) Math.rint((float) (volume * stepSeconds) / PRECISION_SECONDS);
  }
}
