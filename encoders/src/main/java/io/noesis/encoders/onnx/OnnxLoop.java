package io.noesis.encoders.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.noesis.run.Check;
import io.noesis.tensor.Shape;
import io.noesis.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph that is run step by step, where outputs of one step are inputs of the next, as the keys
 * and values of a decoder are. What is carried stays in native memory and is never copied into an
 * array. Owns that memory and not the model: the caller closes the loop first, then the model. To
 * be used by one thread at a time.
 */
public final class OnnxLoop implements AutoCloseable {
  private final OnnxModel model;
  private final Map<String, String> carried;
  private final Map<String, OnnxTensor> kept = new LinkedHashMap<>();
  private OrtSession.@Nullable Result maker;
  private OrtSession.@Nullable Result last;

  /** Where outputs of known sizes are written; grows, and goes with the loop. */
  private FloatBuffer written = FloatBuffer.allocate(0);

  /**
   * A loop before its first step.
   *
   * @param model the graph; not owned
   * @param carried inputs of the graph and the outputs that become them, by name
   * @throws io.noesis.run.ModelException when the graph lacks one of them
   */
  public OnnxLoop(OnnxModel model, Map<String, String> carried) {
    this.model = model;
    this.carried = Map.copyOf(carried);
    this.carried.forEach(
        (input, output) -> {
          model.input(input);
          model.output(output);
        });
  }

  /**
   * Runs another graph once and feeds its outputs to every step from now on, each to the input of
   * the same name; what was kept before is let go.
   *
   * @param graph the other graph; not owned
   * @param values its inputs; read, never kept
   * @throws io.noesis.run.ModelException when a value does not fit, an output has no such input, or
   *     ONNX Runtime fails
   */
  public void keep(OnnxModel graph, Map<String, OnnxInput> values) {
    graph.check(values, Set.of());
    graph.outputs().forEach(port -> model.input(port.name()));
    OrtSession.Result made =
        graph.running(
            values,
            session -> {
              Map<String, OnnxTensor> natives = new LinkedHashMap<>();
              try {
                for (Map.Entry<String, OnnxInput> value : values.entrySet()) {
                  OnnxType type = graph.input(value.getKey()).type();
                  natives.put(value.getKey(), OnnxValues.toNative(value.getValue(), type));
                }
                return session.run(natives);
              } finally {
                natives.values().forEach(OnnxTensor::close);
              }
            });
    close(maker);
    maker = made;
    kept.clear();
    for (Map.Entry<String, OnnxValue> output : made) {
      kept.put(output.getKey(), (OnnxTensor) output.getValue());
    }
  }

  /**
   * Runs the graph once more.
   *
   * @param values the inputs that are neither kept nor carried; what is carried must be given at
   *     the first step and may be given at any to start anew. Read, never kept
   * @param wanted the output to give back
   * @return that output
   * @throws io.noesis.run.ModelException when a value does not fit or ONNX Runtime fails
   */
  public Tensor step(Map<String, OnnxInput> values, String wanted) {
    check(values, wanted);
    Set<String> outputs = new LinkedHashSet<>(carried.values());
    outputs.add(wanted);
    carry(values, (session, inputs) -> session.run(inputs, outputs));
    OrtSession.Result made = Objects.requireNonNull(last);
    try {
      return OnnxValues.toTensor((OnnxTensor) made.get(wanted).orElseThrow());
    } finally {
      if (carried.isEmpty()) {
        close(made);
        last = null;
      }
    }
  }

  /**
   * Runs the graph once more for an output whose sizes are known beforehand. Every step writes it
   * into the same memory outside the heap: an array of a vocabulary's logits per step would keep
   * the garbage collector as busy as the network.
   *
   * @param values as for the other step
   * @param wanted the output to give back, of float32 and not carried
   * @param shape its sizes
   * @return its values, row-major, to be read before the next step and until the loop is closed
   * @throws io.noesis.run.ModelException when a value or the shape does not fit, or ONNX Runtime
   *     fails
   */
  public FloatBuffer step(Map<String, OnnxInput> values, String wanted, Shape shape) {
    check(values, wanted);
    Check.argument(
        model.output(wanted).type() == OnnxType.FLOAT32 && !carried.containsValue(wanted),
        "the output '%s' must be of float32 and not carried to be written in place",
        model.output(wanted));
    if (written.capacity() < shape.size()) {
      written = OnnxValues.direct(shape.size(), Float.BYTES).asFloatBuffer();
    }
    FloatBuffer place = written.slice(0, shape.size());
    Set<String> outputs = Set.copyOf(carried.values());
    carry(
        values,
        (session, inputs) -> {
          try (OnnxTensor tensor = OnnxValues.over(place, shape)) {
            return session.run(inputs, outputs, Map.of(wanted, tensor));
          }
        });
    return place;
  }

  private void check(Map<String, OnnxInput> values, String wanted) {
    Set<String> held = new HashSet<>(kept.keySet());
    if (last != null) {
      held.addAll(carried.keySet());
    }
    model.check(values, held);
    model.requireFloat(wanted);
  }

  private interface Run {
    OrtSession.Result on(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException;
  }

  /** Runs, and lets go what the step before carried for what this one does. */
  private void carry(Map<String, OnnxInput> values, Run run) {
    OrtSession.Result made =
        model.running(
            values,
            session -> {
              Map<String, OnnxTensor> natives = new LinkedHashMap<>();
              try {
                for (Map.Entry<String, OnnxInput> value : values.entrySet()) {
                  OnnxType type = model.input(value.getKey()).type();
                  natives.put(value.getKey(), OnnxValues.toNative(value.getValue(), type));
                }
                Map<String, OnnxTensor> inputs = carriedOver(values.keySet());
                inputs.putAll(natives);
                return run.on(session, inputs);
              } finally {
                natives.values().forEach(OnnxTensor::close);
              }
            });
    close(last);
    last = made;
  }

  private Map<String, OnnxTensor> carriedOver(Set<String> given) {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>(kept);
    carried.forEach(
        (input, output) -> {
          if (!given.contains(input)) {
            // Given or carried: the check of the values has seen to it.
            OrtSession.Result before = Objects.requireNonNull(last);
            inputs.put(input, (OnnxTensor) before.get(output).orElseThrow());
          }
        });
    return inputs;
  }

  private static void close(OrtSession.@Nullable Result result) {
    if (result != null) {
      result.close();
    }
  }

  /** Releases what is kept and carried; later calls do nothing. */
  @Override
  public void close() {
    close(last);
    close(maker);
    last = null;
    maker = null;
    kept.clear();
  }
}
