package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.List;

/**
 * Puts the token of a row's subject (the further input {@code subject [batch]}) before the others;
 * a subject that was not trained (−1) gets the mean of all. {@code [batch, tokens, width]} → {@code
 * [batch, 1 + tokens, width]}; {@code weight [subjects, width]}, first drawn from a normal
 * distribution of sd 1.
 *
 * @param subjects how many were trained
 * @param width of a token
 */
public record SubjectToken(int subjects, int width) implements Layer {
  /** Checks the sizes. */
  public SubjectToken {
    Check.argument(
        subjects > 0 && width > 0,
        "token of the subject: expected at least 1 subject and a width of at least 1, found %d, %d",
        subjects,
        width);
  }

  @Override
  public void declare(Declaration parameters) {
    parameters.ofSubjects("weight", new Initial.Normal(1), subjects, width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value known = Ops.indexFromEnd(pass.further(SubjectLinear.SUBJECT), subjects + 1);
    Value weight = pass.parameter("weight");
    Value all = Ops.concatenate(0, weight, Ops.mean(weight, 0));
    return Ops.concatenate(1, Ops.addAxis(Ops.select(all, 0, known), 1), input);
  }

  @Override
  public String emit(Emission graph, String input) {
    Tensor all = SubjectLinear.withMean(graph.numbers("weight"));
    // ONNX counts negative indices from the end, where the mean is.
    String own =
        graph.node(
            "Gather",
            "own",
            List.of(graph.constant("tokens", all), graph.further(SubjectLinear.SUBJECT)));
    String token = graph.node("Unsqueeze", "token", List.of(own, graph.constant("axis", 1)));
    return graph.node("Concat", "out", List.of(token, input), OnnxAttribute.number("axis", 1));
  }

  @Override
  public String describe() {
    return "a token for each of " + subjects + " subjects in front";
  }
}
