package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Neural;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;

/**
 * Graph attention in one head on a graph that joins all nodes (Veličković et al. 2018,
 * arXiv:1710.10903): with h = W·x of each node, node i becomes Σ_j softmax_j(LeakyReLU(a·h_i +
 * b·h_j))·h_j and a constant; the slope is 0.2. {@code [batch, nodes, width]} → the same; {@code
 * weight [width, width]}, {@code target} and {@code source [width, 1]}, {@code bias [width]}.
 *
 * @param width of a node
 */
public record GraphAttention(int width) implements Layer {
  private static final double SLOPE = 0.2;

  /** Checks the width. */
  public GraphAttention {
    Check.argument(width > 0, "graph attention: expected a width of at least 1, found %d", width);
  }

  @Override
  public void declare(Declaration parameters) {
    Initial glorot = new Initial.Uniform(Math.sqrt(6.0 / (2 * width)));
    Initial ofScores = new Initial.Uniform(Math.sqrt(6.0 / (1 + width)));
    parameters.parameter("weight", glorot, width, width);
    parameters.parameter("target", ofScores, width, 1);
    parameters.parameter("source", ofScores, width, 1);
    parameters.parameter("bias", new Initial.Constant(0), width);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value nodes = Neural.linear(input, pass.parameter("weight"), null);
    Value of = Ops.matmul(nodes, pass.parameter("target"));
    Value to = Ops.transpose(Ops.matmul(nodes, pass.parameter("source")), 1, 2);
    Value shares = Ops.softmax(Neural.leakyRelu(Ops.add(of, to), SLOPE), 2);
    return Ops.add(Ops.matmul(shares, nodes), pass.parameter("bias"));
  }

  @Override
  public String emit(Emission graph, String input) {
    String weight =
        graph.node(
            "Transpose",
            "turned",
            List.of(graph.weight("weight")),
            OnnxAttribute.numbers("perm", 1, 0));
    String nodes = graph.node("MatMul", "nodes", List.of(input, weight));
    String of = graph.node("MatMul", "of", List.of(nodes, graph.weight("target")));
    String to = graph.node("MatMul", "to", List.of(nodes, graph.weight("source")));
    String row = graph.node("Transpose", "row", List.of(to), Shapes.SWAP_LAST_OF_THREE);
    String sums = graph.node("Add", "sums", List.of(of, row));
    String scores =
        graph.node("LeakyRelu", "scores", List.of(sums), OnnxAttribute.real("alpha", SLOPE));
    String shares =
        graph.node("Softmax", "shares", List.of(scores), OnnxAttribute.number("axis", -1));
    String mixed = graph.node("MatMul", "mixed", List.of(shares, nodes));
    return graph.node("Add", "out", List.of(mixed, graph.weight("bias")));
  }

  @Override
  public String describe() {
    return "graph attention " + width;
  }
}
