package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import io.noesis.run.Check;
import io.noesis.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A layer of which each subject has one of its own: row r goes through that of subject {@code
 * subject[r]} (the further input {@link SubjectLinear#SUBJECT}; −1, one that was not trained, gets
 * the mean of what all make of it). {@code [batch, ...]} → what the layer makes of it; its
 * parameters and statistics under their names, {@code [subjects, ...]}. A graph computes those of
 * all subjects for each row.
 *
 * @param subjects how many were trained
 * @param inner the layer; it asks for no further inputs and adds nothing to the loss
 */
public record EachSubject(int subjects, Layer inner) implements Layer {
  private static final OnnxAttribute AXIS = OnnxAttribute.number("axis", 1);

  /** Checks that there is one. */
  public EachSubject {
    Check.argument(
        subjects > 0, "a layer per subject: expected at least 1 subject, found %d", subjects);
  }

  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters.forEachSubject(subjects));
  }

  private Set<String> names() {
    return Parameters.shapes(inner).keySet();
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Map<String, List<Value>> parts = new LinkedHashMap<>();
    names().forEach(name -> parts.put(name, Ops.parts(pass.parameter(name), 0)));
    long[] subject = SubjectRows.subjects(pass, input.dim(0), subjects);
    return SubjectRows.of(subject, subjects, "layer per subject")
        .through(
            input,
            (number, rows) -> number < 0 ? mean(pass, parts, rows) : of(number, pass, parts, rows));
  }

  private Value of(int subject, Pass pass, Map<String, List<Value>> parts, Value rows) {
    Pass own = pass;
    for (Map.Entry<String, List<Value>> part : parts.entrySet()) {
      own = own.replacing(part.getKey(), part.getValue().get(subject));
    }
    return inner.forward(own, rows);
  }

  private Value mean(Pass pass, Map<String, List<Value>> parts, Value rows) {
    Value sum = of(0, pass, parts, rows);
    for (int s = 1; s < subjects; s++) {
      sum = Ops.add(sum, of(s, pass, parts, rows));
    }
    return Ops.multiply(sum, 1.0 / subjects);
  }

  @Override
  public String emit(Emission graph, String input) {
    if (subjects == 1) {
      Emission own = graph;
      for (String name : names()) {
        own = own.replacing(name, part(graph.numbers(name), 0));
      }
      return inner.emit(own, input);
    }
    // ONNX counts negative indices from the end, where the equal shares are.
    String all = graph.constant("shares", SubjectLinear.shares(subjects));
    String own = graph.node("Gather", "own", List.of(all, graph.further(SubjectLinear.SUBJECT)));
    List<String> shares = graph.split("share", own, 1, subjects);
    List<String> made = new ArrayList<>();
    String sum = "";
    for (int s = 0; s < subjects; s++) {
      made.add(emit(graph, s, input));
      String flat = graph.node("Flatten", "flat", List.of(made.get(s)), AXIS);
      String share = graph.node("Mul", "part", List.of(flat, shares.get(s)));
      sum = s == 0 ? share : graph.node("Add", "sum", List.of(sum, share));
    }
    String sizes = graph.node("Shape", "sizes", List.of(made.get(0)));
    return graph.node("Reshape", "out", List.of(sum, sizes));
  }

  private String emit(Emission graph, int subject, String input) {
    Emission own = graph;
    for (String name : names()) {
      own = own.replacing(subject + "." + name, part(graph.numbers(name), subject));
    }
    return own.inner(String.valueOf(subject), inner, input);
  }

  private static Tensor part(Tensor all, int subject) {
    int[] sizes = all.shape().toArray();
    int size = all.size() / sizes[0];
    return Tensor.wrap(
        Arrays.copyOfRange(all.array(), subject * size, (subject + 1) * size),
        Arrays.copyOfRange(sizes, 1, sizes.length));
  }

  @Override
  public String describe() {
    return inner.describe() + " for each of " + subjects + " subjects";
  }
}
