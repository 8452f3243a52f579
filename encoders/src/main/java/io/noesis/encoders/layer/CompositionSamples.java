package io.noesis.encoders.layer;

import static io.noesis.encoders.layer.Layers.entry;

import io.noesis.encoders.torch.Window;
import io.noesis.run.Registry.Entry;
import java.util.List;
import java.util.Map;

/** Samples of layers made of layers. */
final class CompositionSamples {
  private CompositionSamples() {}

  private static LayerSample semantic(DecoderOptions options) {
    SemanticDecoder.Vocabulary vocabulary =
        new SemanticDecoder.Vocabulary(
            List.of(new SemanticDecoder.Group("what", 4), new SemanticDecoder.Group("how", 3)),
            List.of(
                SemanticDecoder.Window.of(SemanticDecoder.Step.INPUT),
                SemanticDecoder.Window.of(SemanticDecoder.Step.EVOLVE),
                SemanticDecoder.Window.of(SemanticDecoder.Step.INPUT),
                SemanticDecoder.Window.measure("what", "what"),
                SemanticDecoder.Window.attend("what"),
                SemanticDecoder.Window.measure("label", "how"),
                SemanticDecoder.Window.of(SemanticDecoder.Step.EVOLVE),
                SemanticDecoder.Window.measure("whose", "what")));
    return LayerSample.of(new SemanticDecoder(5, 7, 6, vocabulary, options), 5);
  }

  private static Layer convolved() {
    return Sequence.builder()
        .add("time", new Convolution(3, 4, Window.of(3).withPadding(1), Bias.WITH))
        .add("norm", BatchNorm.of(4))
        .build();
  }

  static List<Entry<List<LayerSample>>> entries() {
    return List.of(
        entry(
            "residual",
            "x + f(x).",
            LayerSample.of(new Residual(Linear.of(5, 5)), 5),
            LayerSample.of(new Residual(new Residual(LayerNorm.of(3))), 3)),
        entry(
            "highway",
            "As much of a layer as a gate lets through, and the rest of x.",
            LayerSample.of(new Highway(FeedForward.of(5, 3), Linear.of(5, 5)), 5),
            LayerSample.of(new Highway(new Tanh(), Linear.of(5, 1)), 3, 5)),
        entry(
            "parallel",
            "Branches of one input, added, multiplied or put behind each other.",
            LayerSample.of(
                new Parallel(
                    List.of(
                        new Sequence.Step("a", Linear.of(5, 3)),
                        new Sequence.Step("b", new Identity()),
                        new Sequence.Step("c", Linear.of(5, 3))),
                    new Parallel.Join.Concatenation(-1)),
                3,
                5),
            LayerSample.of(
                new Parallel(
                    List.of(
                        new Sequence.Step("a", Linear.of(5, 5)),
                        new Sequence.Step("b", new Identity()),
                        new Sequence.Step("c", new Tanh())),
                    new Parallel.Join.Sum()),
                5),
            LayerSample.of(
                new Parallel(
                    List.of(
                        new Sequence.Step("value", Linear.of(5, 3)),
                        new Sequence.Step(
                            "gate",
                            Sequence.builder()
                                .add("linear", Linear.of(5, 3))
                                .add("sigmoid", new Sigmoid())
                                .build())),
                    new Parallel.Join.Product()),
                5)),
        entry(
            "starting",
            "A layer whose parameters begin elsewhere.",
            LayerSample.of(
                new Starting(FeedForward.of(5, 3), "weight", new Initial.TruncatedNormal(0.02)),
                5)),
        entry(
            "heads",
            "The embedding and further outputs of the same trunk.",
            LayerSample.of(
                new Heads(Linear.of(5, 3), List.of(new Heads.Head("text", new Tanh(), List.of(5)))),
                5)),
        entry(
            "cycle",
            "An embedder whose training also rebuilds responses, its own and as another subject's.",
            LayerSample.of(new Cycle(Linear.of(5, 3), Linear.of(3, 5), 1, 0.5, 0), 5)
                .with(SubjectLinear.SUBJECT, new LayerSample.Further.Numbers(1)),
            LayerSample.of(
                    new Cycle(
                        new SubjectLinear(3, 5, 3, SubjectLinear.Axes.FLAT),
                        new SubjectLinear(3, 3, 5, SubjectLinear.Axes.FLAT),
                        3,
                        0.7,
                        1.3),
                    5)
                .with(SubjectLinear.SUBJECT, new LayerSample.Further.Numbers(3))),
        entry(
            "each-subject",
            "A layer of which each subject has one of its own.",
            LayerSample.of(new EachSubject(3, convolved()), 3, 5)
                .with(SubjectLinear.SUBJECT, new LayerSample.Further.Numbers(3)),
            LayerSample.of(new EachSubject(1, FeedForward.of(5, 3)), 4, 5)),
        entry(
            "quantised-autoencoder",
            "Responses rebuilt from one code per token.",
            LayerSample.of(
                    new QuantisedAutoencoder(
                        Linear.of(5, 3),
                        new VectorQuantise(7, 3, 0.9, VectorQuantise.Space.FLAT),
                        Linear.of(3, 5)),
                    4,
                    5)
                .withStandIn()),
        entry(
            "spectrum-autoencoder",
            "Spectra of patches made from one code per patch.",
            LayerSample.of(
                    new SpectrumAutoencoder(
                        Reshape.to(4, 5),
                        Sequence.builder()
                            .add("patches", Reshape.to(4, 5))
                            .add("linear", Linear.of(5, 3))
                            .build(),
                        new VectorQuantise(7, 3, 0.9, VectorQuantise.Space.SPHERE),
                        Linear.of(3, 6),
                        Linear.of(6, 5),
                        Linear.of(6, 5)),
                    2,
                    10)
                .withStandIn()),
        entry(
            "recorded-samples",
            "Tells attention which samples were recorded, not filled up with zeros.",
            LayerSample.of(
                new RecordedSamples(
                    Sequence.builder()
                        .add("samples", new SwapAxes())
                        .add(
                            "attention",
                            Attention.self(4, 2)
                                .with(Attention.Options.defaults(4).withSight(Sight.MASKED)))
                        .build()),
                4,
                5)),
        entry(
            "named-outputs",
            "Its input, and what a layer makes of it as further outputs.",
            LayerSample.of(new NamedOutputs(Linear.of(5, 7), Map.of("text", 7)), 5)),
        entry(
            "semantic-decoder",
            "Concepts read out slot by slot, each telling the state before the next.",
            semantic(DecoderOptions.defaults()),
            semantic(DecoderOptions.defaults().scaled().with(DecoderOptions.Feedback.HARD)),
            semantic(DecoderOptions.defaults().scaled().with(DecoderOptions.Evolution.FEED_FORWARD))
                .with(Pass.TARGET + ".what", new LayerSample.Further.Floats(List.of(4))),
            semantic(DecoderOptions.defaults().with(DecoderOptions.Feedback.DIRECT))),
        entry(
            "sequence",
            "Layers one after another.",
            LayerSample.of(
                Sequence.builder()
                    .add("swap", new SwapAxes())
                    .add("linear", Linear.of(3, 4))
                    .add("flatten", new Flatten())
                    .add("activation", new Gelu())
                    .build(),
                3,
                5)));
  }
}
