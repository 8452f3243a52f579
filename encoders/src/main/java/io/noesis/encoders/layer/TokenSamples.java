package io.noesis.encoders.layer;

import static io.noesis.encoders.layer.Layers.entry;

import io.noesis.encoders.layer.LayerSample.Further;
import io.noesis.encoders.torch.Window;
import io.noesis.run.Registry.Entry;
import java.util.List;
import java.util.OptionalInt;

/** Samples of layers over tokens. */
final class TokenSamples {
  private TokenSamples() {}

  private static final Attention.Options OPTIONS = Attention.Options.defaults(6);
  private static final Further MASK = new Further.Flags(List.of(5));

  private static LayerSample conditioned(Conditioned.Prompt... prompts) {
    return LayerSample.of(
        new Conditioned(List.of(prompts), 4, new AdaLnZero(FeedForward.of(5, 3), 5, 4)), 3, 5);
  }

  private static Layer looking() {
    return new NormedResidual(
        new QueryPlaces(Attention.cross(6, 4, 2)), 6, NormedResidual.Style.normFirst());
  }

  static List<Entry<List<LayerSample>>> entries() {
    return List.of(
        entry(
            "attention",
            "Multi-head attention of tokens to each other or to other tokens.",
            LayerSample.of(Attention.self(6, 3), 5, 6),
            LayerSample.of(Attention.cross(4, 7, 2), 3, 4)
                .with(Attention.CONTEXT, new Further.Floats(List.of(5, 7))),
            LayerSample.of(
                Attention.self(5, 3, 2)
                    .with(OPTIONS.withNorm(Attention.QueryKeyNorm.LAYER).withDropout(0.2)),
                5,
                5),
            LayerSample.of(
                Attention.self(6, 2)
                    .with(OPTIONS.withSight(Sight.EARLIER).withBias(Bias.WITHOUT, Bias.WITH)),
                5,
                6),
            LayerSample.of(
                    Attention.cross(4, 7, 2)
                        .with(OPTIONS.withSight(Sight.MASKED).withBias(Bias.WITHOUT, Bias.WITHOUT)),
                    3,
                    4)
                .with(Attention.CONTEXT, new Further.Floats(List.of(5, 7)))
                .with(Sight.MASK, MASK),
            LayerSample.of(
                    Attention.self(7, 3, 2).with(OPTIONS.withSight(Sight.EARLIER_AND_MASKED)), 5, 7)
                .with(Sight.MASK, MASK),
            LayerSample.of(
                    Attention.cross(4, 7, 2)
                        .with(OPTIONS.withKeys(Attention.Keys.GIVEN).withGain(1.5)),
                    3,
                    4)
                .with(Attention.CONTEXT, new Further.Floats(List.of(5, 7)))
                .with(Attention.KEYS, new Further.Floats(List.of(5, 7)))),
        entry(
            "feed-forward",
            "Two linear maps with an activation between.",
            LayerSample.of(new FeedForward(5, 7, new Gelu(), 0.3), 3, 5)),
        entry(
            "normed-residual",
            "A residual branch with its norm before it or behind the sum.",
            LayerSample.of(
                new NormedResidual(
                    FeedForward.of(5, 7),
                    5,
                    NormedResidual.Style.normFirst().withScale(0.1).withDropPath(0.3)),
                3,
                5),
            LayerSample.of(
                new NormedResidual(
                    FeedForward.of(5, 7),
                    5,
                    NormedResidual.Style.normLast().withEpsilon(1e-3).withDropout(0.2)),
                3,
                5)),
        entry(
            "transformer-block",
            "Attention and a feed-forward network as residual branches.",
            LayerSample.of(
                TransformerBlock.of(
                    Attention.self(6, 2), FeedForward.of(6, 11), NormedResidual.Style.normFirst()),
                5,
                6),
            LayerSample.of(
                    new TransformerBlock(
                        List.of(
                            Attention.self(6, 3).with(OPTIONS.withSight(Sight.EARLIER)),
                            Attention.cross(6, 4, 1).with(OPTIONS.withSight(Sight.MASKED))),
                        new FeedForward(6, 7, new Relu(), 0.1),
                        NormedResidual.Style.normLast()),
                    3,
                    6)
                .with(Attention.CONTEXT, new Further.Floats(List.of(5, 4)))
                .with(Sight.MASK, MASK)),
        entry(
            "rms-norm",
            "The last axis divided by the root of its mean square.",
            LayerSample.of(new RmsNorm(5, 1e-6), 3, 5)),
        entry(
            "gated-feed-forward",
            "Two linear maps, one of which opens the other, and a third behind.",
            LayerSample.of(new GatedFeedForward(5, 7, new GeluByTanh()), 3, 5)),
        entry(
            "relative-bias",
            "Numbers added to scores of attention by the distance of tokens.",
            LayerSample.of(
                new RelativeBias(
                    9,
                    2,
                    4,
                    6,
                    Attention.self(6, 2)
                        .with(
                            OPTIONS
                                .withSight(Sight.EARLIER)
                                .withScoreBias(Attention.ScoreBias.GIVEN))),
                9,
                6)),
        entry(
            "text-decoder-block",
            "A block of T5's decoder.",
            LayerSample.of(new RelativeBias(5, 3, 4, 6, new TextDecoderBlock(7, 3, 2, 8)), 5, 7)
                .with(Attention.CONTEXT, new Further.Floats(List.of(4, 7)))),
        entry(
            "ada-ln-zero",
            "A residual branch steered by a condition.",
            LayerSample.of(new AdaLnZero(FeedForward.of(5, 7), 5, 3), 4, 5)
                .with(AdaLnZero.CONDITION, new Further.Floats(List.of(3))),
            LayerSample.of(new AdaLnZero(Attention.self(6, 2), 6, 5), 3, 6)
                .with(AdaLnZero.CONDITION, new Further.Floats(List.of(5)))),
        entry(
            "timestep-waves",
            "Cosines and sines of a step of diffusion.",
            LayerSample.of(new TimestepWaves(6), 1),
            LayerSample.of(new TimestepWaves(8, TimestepWaves.Order.SINES_FIRST), 1)),
        entry(
            "token-linear",
            "A linear map of its own for each token.",
            LayerSample.of(new TokenLinear(5, 3, 4), 5, 3)),
        entry(
            "subject-token-linear",
            "A linear map of its own for each token of each subject.",
            LayerSample.of(new SubjectTokenLinear(3, 5, 2, 4), 5, 2)
                .with(SubjectLinear.SUBJECT, new LayerSample.Further.Numbers(3)),
            LayerSample.of(new SubjectTokenLinear(1, 3, 5, 2), 3, 5)),
        entry(
            "temporal-modulation",
            "Each token scaled and shifted by its place as a condition says.",
            LayerSample.of(new TemporalModulation(5, 3), 5, 4)
                .with(AdaLnZero.CONDITION, new Further.Floats(List.of(3)))),
        entry(
            "conditioned",
            "A layer steered by learned vectors of numbers, told, hidden, or of each row.",
            conditioned(
                    Conditioned.Prompt.of("task", 3),
                    new Conditioned.Prompt("study", 2, 0.5, OptionalInt.empty()))
                .with("task", new Further.Numbers(3))
                .with("study", new Further.Numbers(2)),
            conditioned(
                new Conditioned.Prompt("task", 3, 0, OptionalInt.of(1)),
                new Conditioned.Prompt("study", 2, 0.5, OptionalInt.of(1)),
                new Conditioned.Prompt("subject", 4, 1, OptionalInt.empty()))),
        entry(
            "masked-autoencoder",
            "An encoder of patches that learns by filling in what it did not see.",
            LayerSample.of(
                new MaskedAutoencoder(
                    new PatchTokenizer(2, List.of(11), List.of(2), 5),
                    SinusoidalPositions.of(6, 5),
                    FeedForward.of(5, 3),
                    new MaskedAutoencoder.Filling(
                        0.6,
                        0,
                        4,
                        new PositionEmbedding(6, 4),
                        Attention.self(4, 2),
                        MaskedAutoencoder.Target.RAW)),
                2,
                11),
            LayerSample.of(
                new MaskedAutoencoder(
                    new PatchTokenizer(1, List.of(4, 5), List.of(2, 3), 4),
                    new PositionEmbedding(4, 4),
                    Sequence.builder()
                        .add("token", ClassToken.of(4))
                        .add("block", Attention.self(4, 1))
                        .build(),
                    new MaskedAutoencoder.Filling(
                        0.5,
                        1,
                        3,
                        SinusoidalPositions.of(4, 3),
                        FeedForward.of(3, 5),
                        MaskedAutoencoder.Target.STANDARDISED)),
                1,
                4,
                5)),
        entry(
            "masked-codes",
            "An encoder of tokens that learns by naming the codes of what it did not see.",
            LayerSample.of(
                new MaskedCodes(
                    new PatchTokenizer(3, List.of(10), List.of(2), 4),
                    Attention.self(4, 2),
                    Sequence.builder()
                        .add("patches", new PatchTokenizer(3, List.of(10), List.of(2), 3))
                        .add("norm", LayerNorm.of(3))
                        .build(),
                    new VectorQuantise(7, 3, 0.9, VectorQuantise.Space.FLAT),
                    new MaskedCodes.Masking(4, 0.4)),
                3,
                10)),
        entry(
            "position-embedding",
            "A learned vector added to each token.",
            LayerSample.of(new PositionEmbedding(5, 3), 5, 3)),
        entry(
            "table-positions",
            "A learned vector added to each token, from a table that has more of them.",
            LayerSample.of(new TablePositions(7, List.of(0, 2, 6, 2), 3, 1), 4, 3)),
        entry(
            "sinusoidal-positions",
            "Fixed waves added to each token.",
            LayerSample.of(SinusoidalPositions.of(5, 7), 5, 7),
            LayerSample.of(new SinusoidalPositions(List.of(3, 2, 2), 9), 12, 9),
            LayerSample.of(
                new SinusoidalPositions(List.of(5), 7, SinusoidalPositions.Waves.BEHIND_EACH_OTHER),
                5,
                7)),
        entry(
            "rotary-attention",
            "Attention with queries and keys that are turned by their place.",
            LayerSample.of(new RotaryAttention(5, 6, 3, 4, 16), 5, 6)
                .with(RotaryAttention.BIAS, new Further.Floats(List.of(3, 5, 6))),
            LayerSample.of(new RotaryAttention(3, 4, 1, 38, 8), 3, 4)
                .with(RotaryAttention.BIAS, new Further.Floats(List.of(1, 3, 4)))),
        entry(
            "graph-attention",
            "Nodes of a graph that joins all look at each other.",
            LayerSample.of(new GraphAttention(5), 3, 5)),
        entry(
            "each-token",
            "A layer that sees each token by itself.",
            LayerSample.of(
                new EachToken(3, List.of(2, 7), 15, new Convolution(2, 3, Window.of(3), Bias.WITH)),
                3,
                2,
                7)),
        entry(
            "class-token",
            "Learned tokens put before the others, or behind them.",
            LayerSample.of(ClassToken.of(3), 5, 3),
            LayerSample.of(new ClassToken(3, 5, ClassToken.Side.BEHIND), 2, 5)),
        entry(
            "subject-token",
            "A token for each subject, and their mean for subjects not trained.",
            LayerSample.of(new SubjectToken(3, 5), 2, 5)
                .with(SubjectLinear.SUBJECT, new Further.Numbers(3))),
        entry(
            "token-masking",
            "A learned token in the place of some, in training.",
            LayerSample.of(new TokenMasking(3, 0.4), 7, 3)),
        entry(
            "token-dropout",
            "Some tokens left out in training.",
            LayerSample.of(new TokenDropout(0.5, 0), 7, 3),
            LayerSample.of(new TokenDropout(0.7, 1), 5, 3)),
        entry(
            "vector-quantise",
            "The nearest of a list of codes in the place of each vector.",
            LayerSample.of(new VectorQuantise(7, 3, 0.9, VectorQuantise.Space.FLAT), 5, 3)
                .withStandIn(),
            LayerSample.of(new VectorQuantise(5, 4, 0.99, VectorQuantise.Space.SPHERE), 4)
                .withStandIn()),
        entry(
            "query-pooling",
            "Learned queries that look at the tokens.",
            LayerSample.of(
                new QueryPooling(QueryPooling.Queries.unit(3, 6), Attention.cross(6, 4, 2)), 5, 4),
            LayerSample.of(
                new QueryPooling(
                    QueryPooling.Queries.of(2, 6),
                    TransformerBlock.of(
                        Attention.cross(6, 5, 3),
                        FeedForward.of(6, 7),
                        NormedResidual.Style.normFirst())),
                7,
                5),
            LayerSample.of(
                new QueryPooling(
                    QueryPooling.Queries.unit(3, 6).from(QueryPooling.State.ZERO),
                    Sequence.builder().add("first", looking()).add("second", looking()).build()),
                5,
                4)),
        entry(
            "query-places",
            "Learned queries added where a layer looks.",
            LayerSample.of(new QueryPlaces(Linear.of(6, 4)), 3, 6)
                .with(QueryPlaces.PLACES, new Further.Floats(List.of(3, 6)))),
        entry(
            "token-readout",
            "Numbers that are linear in one token each.",
            LayerSample.of(new TokenReadout(List.of(2, 5, 1), 3), 3, 3),
            LayerSample.of(new TokenReadout(List.of(4), 5), 1, 5)),
        entry(
            "patch-tokenizer",
            "Patches of a signal, a map or a volume as tokens.",
            LayerSample.of(new PatchTokenizer(3, List.of(11), List.of(4), 5), 3, 11),
            LayerSample.of(new PatchTokenizer(1, List.of(6, 7), List.of(3, 2), 5), 1, 6, 7),
            LayerSample.of(
                new PatchTokenizer(2, List.of(3, 4, 5), List.of(2, 2, 3), 5), 2, 3, 4, 5)));
  }
}
