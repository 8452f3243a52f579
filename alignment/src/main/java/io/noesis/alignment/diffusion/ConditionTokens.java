package io.noesis.alignment.diffusion;

import io.noesis.encoders.layer.Declaration;
import io.noesis.encoders.layer.Emission;
import io.noesis.encoders.layer.Initial;
import io.noesis.encoders.layer.Pass;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * The tokens of the condition where {@link Denoiser#KEEP} is 1, and learned ones where it is 0:
 * {@code [rows, tokens, dim]}.
 */
final class ConditionTokens {
  private static final String NOTHING = "nothing";

  private ConditionTokens() {}

  /** Names the tokens that stand for no condition. */
  static void declare(Declaration parameters, int tokens, int dim) {
    parameters.parameter(NOTHING, new Initial.Normal(1), tokens, dim);
  }

  static Value forward(Pass pass) {
    Value keep = Ops.addAxis(pass.further(Denoiser.KEEP), 2);
    Value drop = Ops.add(Ops.negate(keep), 1);
    return Ops.add(
        Ops.multiply(pass.further(Denoiser.CONDITION), keep),
        Ops.multiply(pass.parameter(NOTHING), drop));
  }

  static String emit(Emission graph) {
    String keep =
        graph.node(
            "Unsqueeze",
            "keep_tokens",
            List.of(graph.further(Denoiser.KEEP), graph.constant("keep_axis", 2)));
    String one = graph.constant("one", Tensor.wrap(new float[] {1}));
    String drop = graph.node("Sub", "drop", List.of(one, keep));
    String kept = graph.node("Mul", "kept", List.of(graph.further(Denoiser.CONDITION), keep));
    String instead = graph.node("Mul", "instead", List.of(graph.weight(NOTHING), drop));
    return graph.node("Add", "about", List.of(kept, instead));
  }
}
