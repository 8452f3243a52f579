package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Indices;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Puts a learned token of the row's subject before the others, as ATM does (Li et al. 2024,
 * arXiv:2403.07721); the subject −1 of the further input {@link SubjectLinear#SUBJECT} gets one
 * that all unknown subjects share. {@code [batch, tokens, width]} → {@code [batch, 1 + tokens,
 * width]}; {@code weight [subjects, width]}, {@code shared [1, width]}.
 *
 * @param subjects how many are trained
 * @param width of a token
 */
public record SubjectToken(int subjects, int width) implements Layer {
  /** Checks the sizes. */
  public SubjectToken {
    Check.argument(
        subjects > 0 && width > 0,
        "tokens of subjects: expected sizes of at least 1, found %d of width %d",
        subjects,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.ofSubjects("weight", new Initial.Normal(0.02), subjects, width);
    parameters.parameter("shared", new Initial.Normal(0.02), 1, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value subject = pass.further(SubjectLinear.SUBJECT);
    // The shared one lies in front.
    Value all = Ops.concatenate(0, pass.parameter("shared"), pass.parameter("weight"));
    Value own = Ops.select(all, 0, Indices.moved(subject, 1));
    return Ops.concatenate(1, Ops.addAxis(own, 1), input);
  }

  @Override
  public String emit(Emission graph, String input) {
    String all =
        graph.node(
            "Concat",
            "all",
            List.of(graph.weight("weight"), graph.weight("shared")),
            OnnxAttribute.number("axis", 0));
    // ONNX counts −1 from the end, where the shared one lies.
    String own = graph.node("Gather", "own", List.of(all, graph.further(SubjectLinear.SUBJECT)));
    String token = graph.node("Unsqueeze", "token", List.of(own, graph.constant("axis", 1)));
    return graph.node("Concat", "out", List.of(token, input), OnnxAttribute.number("axis", 1));
  }

  @Override
  public String describe() {
    return "a token for each of " + subjects + " subjects in front";
  }
}
