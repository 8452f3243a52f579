package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Attention;
import io.noesis.encoders.layer.Bias;
import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.FeedForward;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Layer;
import io.noesis.encoders.layer.LayerNorm;
import io.noesis.encoders.layer.Linear;
import io.noesis.encoders.layer.NormedResidual;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.layer.Reshape;
import io.noesis.encoders.layer.Sequence;
import io.noesis.encoders.layer.Silu;
import io.noesis.encoders.layer.Slice;
import io.noesis.encoders.layer.TimestepWaves;
import io.noesis.encoders.layer.TransformerBlock;
import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/** The layer of {@link TokenDenoiser}. */
record TokenDenoising(TokenDenoiser spec, int tokens, int dim) implements Layer {
  /** A vector for each place, the same for a token of the condition and the noisy one it is of. */
  private static final String PLACES = "places";

  private static final String OF_CONDITION = "of_condition";
  private static final String OF_NOISY = "of_noisy";

  /**
   * As large as the tokens, whose mean square is 1: with the usual 0.02 the network cannot tell for
   * long which token of the condition a noisy one belongs to, and says the mean embedding.
   */
  private static final Initial LARGE = new Initial.Normal(1);

  private Layer time() {
    int waves = dim + dim % 2;
    return Sequence.builder()
        .add("waves", new TimestepWaves(waves))
        .add("linear1", Linear.of(waves, dim))
        .add("activation", new Silu())
        .add("linear2", Linear.of(dim, dim))
        .add("token", Reshape.to(1, dim))
        .build();
  }

  private Layer transformer() {
    Sequence.Builder steps = Sequence.builder();
    for (int i = 0; i < spec.depth(); i++) {
      steps.add(
          "blocks." + i,
          TransformerBlock.of(
              Attention.self(dim, spec.heads(), spec.headWidth()),
              FeedForward.of(dim, spec.hidden() * dim),
              NormedResidual.Style.normFirst().withDropout(spec.dropout())));
    }
    return steps
        .add("last", new Slice(1, tokens + 1, tokens))
        .add("norm", LayerNorm.of(dim))
        .add("out", new Linear(dim, dim, Bias.WITHOUT))
        .build();
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.inner("time", time());
    ConditionTokens.declare(parameters, tokens, dim);
    parameters.parameter(PLACES, LARGE, tokens, dim);
    parameters.parameter(OF_CONDITION, LARGE, 1, dim);
    parameters.parameter(OF_NOISY, LARGE, 1, dim);
    parameters.inner("transformer", transformer());
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value about = ConditionTokens.forward(pass);
    Value time = pass.inner("time", time(), pass.further(Denoiser.TIMESTEP));
    Value places = pass.parameter(PLACES);
    Value condition = Ops.add(Ops.add(about, places), pass.parameter(OF_CONDITION));
    Value noisy = Ops.add(Ops.add(input, places), pass.parameter(OF_NOISY));
    return pass.inner("transformer", transformer(), Ops.concatenate(1, condition, time, noisy));
  }

  @Override
  public String emit(Emission graph, String input) {
    String about = ConditionTokens.emit(graph);
    String time = graph.inner("time", time(), graph.further(Denoiser.TIMESTEP));
    String places = graph.weight(PLACES);
    String condition = placed(graph, OF_CONDITION, places, about);
    String noisy = placed(graph, OF_NOISY, places, input);
    String all =
        graph.node(
            "Concat", "all", List.of(condition, time, noisy), OnnxAttribute.number("axis", 1));
    return graph.inner("transformer", transformer(), all);
  }

  private static String placed(Emission graph, String kind, String places, String tokens) {
    String at = graph.node("Add", kind + "_at", List.of(tokens, places));
    return graph.node("Add", kind + "_all", List.of(at, graph.weight(kind)));
  }

  @Override
  public String describe() {
    return "denoiser of " + tokens + " tokens of " + dim + " in " + spec.depth() + " blocks";
  }
}
