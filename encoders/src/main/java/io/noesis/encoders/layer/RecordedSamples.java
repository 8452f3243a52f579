package io.noesis.encoders.layer;

import io.noesis.encoders.onnx.OnnxAttribute;
import io.noesis.encoders.torch.Ops;
import io.noesis.encoders.torch.Value;
import java.util.List;

/**
 * Tells a layer which samples of an epoch were recorded: those at which any channel differs from
 * zero. Epochs of unequal length are filled up with zeros, which say nothing. The input {@code
 * [batch, channels, samples]} goes on as it is; the layer finds {@link Sight#MASK} {@code [batch,
 * samples]}. Its parameters keep their names.
 *
 * @param inner the layer
 */
public record RecordedSamples(Layer inner) implements Layer {
  @Override
  public void declare(Declaration parameters) {
    inner.declare(parameters);
  }

  @Override
  public Value forward(Pass pass, Value input) {
    Value most = Ops.largest(Ops.absolute(input), 1);
    return inner.forward(pass.with(Sight.MASK, Ops.below(Ops.negate(most), 0)), input);
  }

  @Override
  public String emit(Emission graph, String input) {
    String size = graph.node("Abs", "size", List.of(input));
    String most =
        graph.node(
            "ReduceMax",
            "most",
            List.of(size, graph.constant("channel_axis", 1)),
            OnnxAttribute.number("keepdims", 0));
    String recorded = graph.node("Sign", "recorded", List.of(most));
    return inner.emit(graph.with(Sight.MASK, recorded), input);
  }

  @Override
  public String describe() {
    return inner.describe() + ", of recorded samples alone";
  }
}
