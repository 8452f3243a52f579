package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Several branches of one input, joined: added, multiplied element by element, or one behind the
 * other. Each branch has a name of its own.
 *
 * @param branches at least one
 * @param join what becomes of their outputs
 */
public record Parallel(List<Sequence.Step> branches, Join join) implements Layer {
  /** How branches are joined. */
  public sealed interface Join {
    /** Their sum. */
    record Sum() implements Join {}

    /** Their product: gates. */
    record Product() implements Join {}

    /**
     * One behind the other.
     *
     * @param axis not 0; negative counts from the end
     */
    record Concatenation(int axis) implements Join {
      /** Checks the axis. */
      public Concatenation {
        Check.argument(axis != 0, "joining along axis %d: rows of a batch are not mixed", axis);
      }
    }
  }

  /** Checks that there is one. */
  public Parallel {
    branches = List.copyOf(branches);
    Check.argument(!branches.isEmpty(), "parallel layers: expected at least one, found none");
  }

  @Override
  public void declare(Declaration parameters) {
    branches.forEach(branch -> parameters.inner(branch.name(), branch.layer()));
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value[] parts =
        branches.stream()
            .map(branch -> pass.inner(branch.name(), branch.layer(), input))
            .toArray(Value[]::new);
    if (join instanceof Join.Concatenation along) {
      return Ops.concatenate(along.axis(), parts);
    }
    Value joined = parts[0];
    for (int i = 1; i < parts.length; i++) {
      joined =
          join instanceof Join.Sum ? Ops.add(joined, parts[i]) : Ops.multiply(joined, parts[i]);
    }
    return joined;
  }

  @Override
  public String emit(Emission graph, String input) {
    List<String> parts =
        branches.stream().map(branch -> graph.inner(branch.name(), branch.layer(), input)).toList();
    if (join instanceof Join.Concatenation along) {
      return graph.node("Concat", "joined", parts, OnnxAttribute.number("axis", along.axis()));
    }
    String operator = join instanceof Join.Sum ? "Add" : "Mul";
    String joined = parts.get(0);
    for (String part : parts.subList(1, parts.size())) {
      joined = graph.node(operator, "joined", List.of(joined, part));
    }
    return joined;
  }

  @Override
  public String describe() {
    String how =
        join instanceof Join.Concatenation along
            ? "behind each other along axis " + along.axis()
            : join instanceof Join.Sum ? "added" : "multiplied";
    return branches.stream()
        .map(branch -> "(" + branch.layer().describe() + ")")
        .collect(Collectors.joining(" and ", "", " " + how));
  }
}
